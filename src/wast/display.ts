/**
 * Expected and actual values in messages: `i32 0x5`, `f32 nan:canonical`, `ref.extern 1`.
 *
 * @packageDocumentation
 */
import { isRefType, type ValType } from "../binary/types.ts";
import { Func } from "../runtime/func.ts";
import type { NumberPattern, ScriptValue } from "../text/script-values.ts";
import { bitsOf, type Results } from "./matching.ts";
import { vectorOfBytes } from "./vectors.ts";

/** What a script gives, as a list. */
export function showValues(values: readonly ScriptValue[]): string {
  return `(${values.map(showValue).join(", ")})`;
}

/** What a script gives. */
export function showValue(value: ScriptValue): string {
  switch (value.kind) {
    case "number":
      return `${value.type} ${showBits(value.value)}`;
    case "vector":
      return `v128 ${value.lane}x${value.lanes.length} ${value.lanes.map(showBits).join(" ")}`;
    case "reference":
      return `ref.${value.what}${value.value === undefined ? "" : ` ${value.value}`}`;
    case "either":
      return `either ${showValues(value.values)}`;
  }
}

function showBits(bits: NumberPattern): string {
  return typeof bits === "bigint" ? `0x${bits.toString(16)}` : bits;
}

/** What there was, as a list. */
export function showResults({ types, values }: Results): string {
  return `(${types.map((type, index) => showResult(type, values[index])).join(", ")})`;
}

function showResult(type: ValType, value: unknown): string {
  if (type === "v128") return `v128 ${showBits(vectorOfBytes(value as Uint8Array))}`;
  if (!isRefType(type)) return `${type} ${showBits(bitsOf(type, value as number | bigint))}`;
  if (value === null || value === true) return "ref.null";
  return value instanceof Func ? "ref.func" : "a reference";
}
