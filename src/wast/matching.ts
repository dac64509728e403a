/**
 * Whether results are what a script expects.
 *
 * @packageDocumentation
 */
import { heapTypeOf, isRefType, type NumType, type ValType } from "../binary/types.ts";
import type { NumberPattern, ScriptValue } from "../text/script-values.ts";
import type { References } from "./references.ts";
import { laneOf, vectorOfBytes } from "./vectors.ts";

/** Values as `runtime/exact.ts` has them, with their types. */
export interface Results {
  readonly types: readonly ValType[];
  readonly values: readonly unknown[];
}

/** Whether a result of a type, in the form of `runtime/exact.ts`, is what is expected. */
export function matches(
  expected: ScriptValue,
  type: ValType,
  result: unknown,
  references: References,
): boolean {
  switch (expected.kind) {
    case "number":
      return (
        expected.type === type && fits(expected.value, bitsOf(type, result as number | bigint), sizeOf(type))
      );
    case "vector":
      return type === "v128" && matchesVector(expected.lanes, vectorOfBytes(result as Uint8Array));
    case "either":
      return expected.values.some((alternative) => matches(alternative, type, result, references));
    case "reference":
      if (!isRefType(type)) return false;
      if (isException(type)) return expected.what === (result === true ? "null" : "exn");
      if (result === null) return expected.what === "null";
      return references.matches(result, expected.what, expected.value);
  }
}

function sizeOf(type: NumType): 32 | 64 {
  return type.endsWith("64") ? 64 : 32;
}

/** Bits of a number, unsigned. */
export function bitsOf(type: NumType, value: number | bigint): bigint {
  return BigInt.asUintN(sizeOf(type), BigInt(value));
}

function matchesVector(expected: readonly NumberPattern[], actual: bigint): boolean {
  const count = expected.length;
  return expected.every((lane, index) => fits(lane, laneOf(actual, index, count), 128 / count));
}

/** Whether the bits of a number fit a pattern. Only floats have patterns that are no numbers. */
function fits(pattern: NumberPattern, bits: bigint, size: number): boolean {
  if (typeof pattern === "bigint") return bits === pattern;
  const magnitude = BigInt.asUintN(size - 1, bits);
  const canonical = size === 64 ? 0x7ff8_0000_0000_0000n : 0x7fc0_0000n;
  return pattern === "nan:canonical" ? magnitude === canonical : (magnitude & canonical) === canonical;
}

function isException(type: ValType): boolean {
  const heap = isRefType(type) ? heapTypeOf(type) : undefined;
  return heap === "exn" || heap === "noexn";
}
