/**
 * Whether results are what a script expects.
 *
 * @packageDocumentation
 */
import { heapTypeOf, isRefType, type ValType } from "../binary/types.ts";
import type { NanPattern, Pattern } from "./patterns.ts";
import type { References } from "./references.ts";

/** Whether a result of a type, in the form of `runtime/exact.ts`, fits a pattern. */
export function matches(pattern: Pattern, type: ValType, result: unknown, references: References): boolean {
  switch (pattern.kind) {
    case "number":
      return pattern.type === type && pattern.bits === result;
    case "nan":
      return pattern.type === type && isNan(pattern.nan, BigInt(result as number | bigint), type === "f64");
    case "vector":
      return type === "v128" && matchesVector(pattern.bytes, pattern.nans, result as Uint8Array);
    case "either":
      return pattern.patterns.some((alternative) => matches(alternative, type, result, references));
    case "reference":
      if (!isRefType(type)) return false;
      if (isException(type)) return pattern.to === (result === true ? "null" : "exn");
      if (result === null) return pattern.to === "null";
      return references.matches(result, pattern.to, pattern.number);
  }
}

function isException(type: ValType): boolean {
  const heap = isRefType(type) ? heapTypeOf(type) : undefined;
  return heap === "exn" || heap === "noexn";
}

function matchesVector(
  expected: Uint8Array,
  nans: readonly (NanPattern | undefined)[],
  actual: Uint8Array,
): boolean {
  const view = new DataView(actual.buffer, actual.byteOffset);
  const laneSize = 16 / nans.length;
  return nans.every((nan, lane) => {
    const start = lane * laneSize;
    if (nan === undefined) {
      for (let at = start; at < start + laneSize; at++) if (actual[at] !== expected[at]) return false;
      return true;
    }
    return laneSize === 8
      ? isNan(nan, view.getBigUint64(start, true), true)
      : isNan(nan, BigInt(view.getUint32(start, true)), false);
  });
}

function isNan(pattern: NanPattern, bits: bigint, isDouble: boolean): boolean {
  const magnitude = bits & (isDouble ? 0x7fff_ffff_ffff_ffffn : 0x7fff_ffffn);
  const canonical = isDouble ? 0x7ff8_0000_0000_0000n : 0x7fc0_0000n;
  return pattern === "canonical" ? magnitude === canonical : (magnitude & canonical) === canonical;
}
