/**
 * Values in scripts: the arguments of actions, and the patterns their results are compared with.
 *
 * Numbers are kept as the bits they are, in the form in which `runtime/exact.ts` carries them.
 *
 * @packageDocumentation
 */
import { ByteWriter } from "../binary/writer.ts";
import { f32, f64, laneWriters, vectorShapes } from "../text/parser/constants.ts";
import type { Cursor } from "../text/syntax/cursor.ts";
import { TokenKind } from "../text/syntax/tokens.ts";

/** Which NaNs fit: with nothing but the topmost bit of the payload set, or with at least that. */
export type NanPattern = "canonical" | "arithmetic";

/** What a reference has to be. `extern` and `host` are references to objects of the host, told apart by a number. */
export const referenceKinds = [
  "null",
  "func",
  "extern",
  "host",
  "any",
  "eq",
  "i31",
  "struct",
  "array",
  "exn",
] as const;

export type ReferenceKind = (typeof referenceKinds)[number];

/** What a result has to be; those without alternatives are values as well. */
export type Pattern =
  | { readonly kind: "number"; readonly type: "i32" | "f32"; readonly bits: number }
  | { readonly kind: "number"; readonly type: "i64" | "f64"; readonly bits: bigint }
  | { readonly kind: "nan"; readonly type: "f32" | "f64"; readonly nan: NanPattern }
  | {
      readonly kind: "vector";
      readonly bytes: Uint8Array;
      /** What the lanes of a float shape have to be where they need not be the bytes given. */
      readonly nans: readonly (NanPattern | undefined)[];
    }
  | { readonly kind: "reference"; readonly to: ReferenceKind; readonly number: number | undefined }
  | { readonly kind: "either"; readonly patterns: readonly Pattern[] };

/** Parses the patterns up to the next closing parenthesis. */
export function patterns(cursor: Cursor): Pattern[] {
  const list: Pattern[] = [];
  while (!cursor.atClose) list.push(pattern(cursor));
  return list;
}

function pattern(cursor: Cursor): Pattern {
  cursor.open();
  const found = content(cursor);
  cursor.close();
  return found;
}

function content(cursor: Cursor): Pattern {
  if (cursor.takeKeyword("i32.const")) return { kind: "number", type: "i32", bits: cursor.i32() };
  if (cursor.takeKeyword("i64.const"))
    return { kind: "number", type: "i64", bits: BigInt(cursor.signed(64)) };
  if (cursor.takeKeyword("f32.const")) {
    const nan = nanPattern(cursor);
    return nan === undefined
      ? { kind: "number", type: "f32", bits: f32(cursor) }
      : { kind: "nan", type: "f32", nan };
  }
  if (cursor.takeKeyword("f64.const")) {
    const nan = nanPattern(cursor);
    return nan === undefined
      ? { kind: "number", type: "f64", bits: f64(cursor) }
      : { kind: "nan", type: "f64", nan };
  }
  if (cursor.takeKeyword("v128.const")) return vector(cursor);
  if (cursor.takeKeyword("either")) return { kind: "either", patterns: patterns(cursor) };
  const to = referenceKinds.find((kind) => cursor.takeKeyword(`ref.${kind}`));
  if (to === undefined) cursor.fail("expected a constant");
  return { kind: "reference", to, number: referenceNumber(cursor) };
}

function nanPattern(cursor: Cursor): NanPattern | undefined {
  if (cursor.takeKeyword("nan:canonical")) return "canonical";
  return cursor.takeKeyword("nan:arithmetic") ? "arithmetic" : undefined;
}

function vector(cursor: Cursor): Pattern {
  const shape = vectorShapes.find((word) => cursor.takeKeyword(word));
  if (shape === undefined) cursor.fail("expected the shape of a vector");
  const [type = "", count] = shape.split("x");
  const writer = new ByteWriter(16);
  const nans: (NanPattern | undefined)[] = [];
  for (let lane = 0; lane < Number(count); lane++) {
    const nan = type.startsWith("f") ? nanPattern(cursor) : undefined;
    nans.push(nan);
    if (nan === undefined) laneWriters[type]!(cursor, writer);
    else writer.bytes(new Uint8Array(16 / Number(count)));
  }
  return { kind: "vector", bytes: writer.finish(), nans };
}

/** The number of a host reference; heap types of null references and names of functions mean nothing here. */
function referenceNumber(cursor: Cursor): number | undefined {
  if (cursor.kind() === TokenKind.integer) return cursor.u32();
  if (!cursor.atClose) cursor.position++;
  return undefined;
}
