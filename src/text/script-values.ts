/**
 * Values in test scripts (`.wast`): arguments of actions, and what results are compared with.
 *
 * Spec: https://github.com/WebAssembly/spec/tree/main/interpreter#scripts
 *
 * @packageDocumentation
 */
import { type HeapType, isAbstractHeapType, type NumType } from "../binary/types.ts";
import { f32, f64, type LaneType, takeVectorShape } from "./parser/constants.ts";
import type { Cursor } from "./syntax/cursor.ts";
import { TokenKind } from "./syntax/tokens.ts";

/** A number by its bits, unsigned; or a class of NaNs, which only results have. */
export type NumberPattern = bigint | "nan:canonical" | "nan:arithmetic";

/** A value, or a pattern of values. */
export type ScriptValue =
  | { readonly kind: "number"; readonly type: NumType; readonly value: NumberPattern }
  | { readonly kind: "vector"; readonly lane: LaneType; readonly lanes: readonly NumberPattern[] }
  | {
      /** `(ref.null func)`, `(ref.extern 1)`, `(ref.struct)`, … */
      readonly kind: "reference";
      /** What is behind `ref.`: `null`, `func`, `extern`, `host`, `any`, `eq`, `i31`, `struct`, `array`, `exn`. */
      readonly what: string;
      /** Heap type of a null, where it is given. */
      readonly heap: HeapType | undefined;
      /** Which host value is meant, where it is given. */
      readonly value: number | undefined;
    }
  | { readonly kind: "either"; readonly values: readonly ScriptValue[] };

/** Bits of a lane. */
const laneBits: { readonly [L in LaneType]: number } = { i8: 8, i16: 16, i32: 32, i64: 64, f32: 32, f64: 64 };

/** The values up to the end of the form they stand in. */
export function scriptValues(cursor: Cursor): ScriptValue[] {
  const values: ScriptValue[] = [];
  while (!cursor.atClose) values.push(scriptValue(cursor));
  return values;
}

/** The value that comes next. */
function scriptValue(cursor: Cursor): ScriptValue {
  if (!cursor.takeForm("either")) return constant(cursor);
  const values: ScriptValue[] = [];
  while (!cursor.atClose) values.push(constant(cursor));
  cursor.close();
  return { kind: "either", values };
}

/** A value that is no choice between values: those do not nest. */
function constant(cursor: Cursor): ScriptValue {
  cursor.open();
  const word = cursor.kind() === TokenKind.keyword ? cursor.text() : "";
  const [type = "", operation] = word.split(".");
  if (type === "ref" && operation !== undefined) return reference(cursor, operation);
  if (operation !== "const") cursor.fail("expected a constant");
  cursor.position++;
  const value = type === "v128" ? vector(cursor) : number(cursor, type);
  cursor.close();
  return value;
}

function reference(cursor: Cursor, what: string): ScriptValue {
  cursor.position++;
  const word = cursor.kind() === TokenKind.keyword ? cursor.text() : "";
  const heap = isAbstractHeapType(word) ? word : undefined;
  if (heap !== undefined) cursor.position++;
  const value = cursor.kind() === TokenKind.integer ? cursor.u32() : undefined;
  cursor.close();
  return { kind: "reference", what, heap, value };
}

function number(cursor: Cursor, type: string): ScriptValue {
  if (type !== "i32" && type !== "i64" && type !== "f32" && type !== "f64")
    cursor.fail("expected a constant");
  return { kind: "number", type, value: pattern(cursor, type) };
}

function vector(cursor: Cursor): ScriptValue {
  const { lane, count } = takeVectorShape(cursor);
  const lanes = Array.from({ length: count }, () => pattern(cursor, lane));
  return { kind: "vector", lane, lanes };
}

function pattern(cursor: Cursor, type: LaneType): NumberPattern {
  for (const nan of ["nan:canonical", "nan:arithmetic"] as const) {
    if (type.startsWith("f") && cursor.takeKeyword(nan)) return nan;
  }
  if (type === "f32") return BigInt(f32(cursor));
  if (type === "f64") return f64(cursor);
  const bits = laneBits[type];
  return BigInt.asUintN(bits, BigInt(cursor.signed(bits)));
}
