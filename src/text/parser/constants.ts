/**
 * Constants of every number and vector type: the operands of `const` instructions and of data segments.
 *
 * Spec: https://webassembly.github.io/spec/core/text/instructions.html#numeric-instructions
 *
 * @packageDocumentation
 */
import type { ByteWriter } from "../../binary/writer.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { f32Bits, f64Bits } from "../syntax/numbers.ts";
import { TokenKind } from "../syntax/tokens.ts";

/** Bits of the `f32` that comes next. */
export function f32(cursor: Cursor): number {
  return float(cursor, f32Bits);
}

/** Bits of the `f64` that comes next. */
export function f64(cursor: Cursor): bigint {
  return float(cursor, f64Bits);
}

function float<T>(cursor: Cursor, bitsOf: (word: string) => T | undefined): T {
  const kind = cursor.kind();
  if (kind !== TokenKind.float && kind !== TokenKind.integer) cursor.fail("expected a float");
  const bits = bitsOf(cursor.text());
  if (bits === undefined) cursor.fail("invalid float value: constant out of range");
  cursor.position++;
  return bits;
}

/** Writes the number that comes next in its fixed width. */
export type LaneWriter = (cursor: Cursor, writer: ByteWriter) => void;

function integerLane(bits: number): LaneWriter {
  return (cursor, writer) => {
    const value = cursor.signed(bits);
    if (bits === 64) writer.f64(BigInt(value));
    else for (let shift = 0; shift < bits; shift += 8) writer.u8((Number(value) >> shift) & 0xff);
  };
}

/** Number types, and the integers that are lanes only. */
export type LaneType = "i8" | "i16" | "i32" | "i64" | "f32" | "f64";

export const laneWriters: { readonly [L in LaneType]: LaneWriter } = {
  i8: integerLane(8),
  i16: integerLane(16),
  i32: integerLane(32),
  i64: integerLane(64),
  f32: (cursor, writer) => writer.f32(f32(cursor)),
  f64: (cursor, writer) => writer.f64(f64(cursor)),
};

const vectorShapes = ["i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2"] as const;

/** Steps over the shape of a vector. */
export function takeVectorShape(cursor: Cursor): { readonly lane: LaneType; readonly count: number } {
  const [lane, count] = cursor.oneOf(vectorShapes).split("x");
  return { lane: lane as LaneType, count: Number(count) };
}

/** Writes the 16 bytes of the vector that comes next: its shape, then its lanes. */
export function writeVector(cursor: Cursor, writer: ByteWriter): void {
  const { lane, count } = takeVectorShape(cursor);
  for (let left = count; left > 0; left--) laneWriters[lane](cursor, writer);
}
