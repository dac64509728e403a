/**
 * Expected and actual values in messages: `i32 5`, `f32 0x7fc00000`, `ref.extern 1`.
 *
 * @packageDocumentation
 */
import type { ValType } from "../binary/types.ts";
import { Func } from "../runtime/func.ts";
import type { Results } from "./actions.ts";
import type { Pattern } from "./patterns.ts";

/** Expected values. */
export function showPatterns(patterns: readonly Pattern[]): string {
  return `(${patterns.map(showPattern).join(", ")})`;
}

/** One expected value. */
export function showPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case "number":
      return showNumber(pattern.type, pattern.bits);
    case "nan":
      return `${pattern.type} nan:${pattern.nan}`;
    case "vector": {
      const laneSize = 16 / pattern.nans.length;
      const lanes = pattern.nans.map((nan, lane) =>
        nan === undefined
          ? hex(pattern.bytes.subarray(lane * laneSize, (lane + 1) * laneSize))
          : `nan:${nan}`,
      );
      return `v128 ${lanes.join(" ")}`;
    }
    case "reference":
      return `ref.${pattern.to}${pattern.number === undefined ? "" : ` ${pattern.number}`}`;
    case "either":
      return `either ${showPatterns(pattern.patterns)}`;
  }
}

/** Actual values. */
export function showResults({ types, values }: Results): string {
  return `(${types.map((type, index) => showValue(type, values[index])).join(", ")})`;
}

function showValue(type: ValType, value: unknown): string {
  if (type === "v128") return `v128 ${hex(value as Uint8Array)}`;
  if (typeof value === "number" || typeof value === "bigint") return showNumber(type, value);
  if (value === null || value === true) return "ref.null";
  return value instanceof Func ? "ref.func" : "a reference";
}

function showNumber(type: ValType, bits: number | bigint): string {
  if (type === "f32" || type === "f64")
    return `${type} 0x${bits.toString(16).padStart(type === "f32" ? 8 : 16, "0")}`;
  return `${typeof type === "string" ? type : "ref.i31"} ${bits}`;
}

/** Bytes of a little-endian number, or of several, in the order of memory. */
function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
