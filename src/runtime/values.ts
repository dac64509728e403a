/**
 * Values on their way between JavaScript and WebAssembly: one rule for each type, whatever carries the value.
 *
 * i32 takes integer numbers (modulo 2^32), i64 bigints and safe integers (modulo 2^64), f32 and f64 numbers, v128
 * 16 bytes, funcref a {@link Func} or null, externref anything. i64 always comes out as a bigint.
 * Spec: JavaScript interface, ToWebAssemblyValue and ToJSValue.
 *
 * @packageDocumentation
 */
import { type HeapType, heapTypeOf, isNullable, type RefType, type ValType } from "../binary/types.ts";
import { CrossStoreError, WasmlinkError } from "../errors.ts";
import { takesReference } from "../host/references.ts";
import type { NativeFunction } from "../host/webassembly.ts";
import { show } from "./arguments.ts";
import { funcRecord } from "./func-record.ts";
import type { Store } from "./store.ts";
import { nativeParameter } from "./type-encoding.ts";
import type { TypeRegistry } from "./type-registry.ts";
import { renderValType } from "./type-text.ts";

/** How a type is treated at the boundary, as small integers: closures compare them on every call. */
export const I32 = 0;
export const I64 = 1;
export const FLOAT = 2;
/** Passed through as it is: externref and the references the host only carries. */
export const OPAQUE = 3;
/** Function references: a {@link Func} outside, an exported function inside. */
export const FUNCREF = 4;
/** 16 bytes; crosses through generated adapters only. */
export const V128 = 5;

/** The treatment of a value type. */
export function boundaryKind(type: ValType): number {
  switch (type) {
    case "i32":
      return I32;
    case "i64":
      return I64;
    case "f32":
    case "f64":
      return FLOAT;
    case "v128":
      return V128;
    default:
      return isFuncRef(type) ? FUNCREF : OPAQUE;
  }
}

/** References to functions, and those whose defined type may be a function's. */
function isFuncRef(type: RefType): boolean {
  const heap = heapTypeOf(type);
  return heap === "func" || heap === "nofunc" || typeof heap === "object";
}

/** A value for wasm. Checks what the type demands; `store` is where it will be used, and may be left out for numbers. */
export function toWasm(type: ValType, value: unknown, store: Store<any> | undefined): unknown {
  switch (type) {
    case "i32":
      if (Number.isInteger(value)) return value;
      break;
    case "i64":
      if (typeof value === "bigint") return value;
      if (Number.isSafeInteger(value)) return BigInt(value as number);
      break;
    case "f32":
    case "f64":
      if (typeof value === "number") return value;
      break;
    case "v128":
      if (value instanceof Uint8Array && value.length === 16) return value;
      break;
    default:
      return toReference(type, value, store!);
  }
  throw conversionError(value, type, store?.engine.types);
}

function conversionError(value: unknown, type: ValType, types: TypeRegistry | undefined): TypeError {
  return new TypeError(`don't know how to convert ${show(value)} to ${renderValType(type, types)}`);
}

/** Exceptions do not cross into wasm as values, and the bottom types have no value but null. */
const nullOnly: ReadonlySet<HeapType> = new Set<HeapType>(["exn", "noexn", "none", "noextern"]);

function toReference(type: RefType, value: unknown, store: Store<any>): unknown {
  const { types } = store.engine;
  const heap = heapTypeOf(type);
  if (value === null) {
    if (isNullable(type)) return null;
    throw mismatch(renderValType(type, types), "a null reference");
  }
  if (nullOnly.has(heap)) throw conversionError(value, type, types);
  if (!isFunctionHeap(heap, types)) {
    // Every value is a reference of these two.
    if (heap === "extern" || heap === "any") return value;
    if (takesReference(nativeParameter(type, types), value)) return value;
    throw conversionError(value, type, types);
  }
  const record = funcRecord(value);
  if (record === undefined) throw conversionError(value, type, types);
  if (record.store !== store) throw new CrossStoreError("value used with wrong store");
  if (!types.isHeapSubtype({ typeIndex: record.typeIndex }, heap))
    throw mismatch(
      renderValType(type, types),
      renderValType({ ref: { typeIndex: record.typeIndex }, nullable: false }, types),
    );
  return record.native();
}

function isFunctionHeap(heap: HeapType, types: TypeRegistry): boolean {
  if (typeof heap === "object") return types.at(heap.typeIndex).composite.kind === "func";
  return heap === "func" || heap === "nofunc";
}

/** {@link toWasm}, with a failure told in the words of what the value was for. */
export function toWasmFor(
  purpose: string,
  type: ValType,
  value: unknown,
  store: Store<any> | undefined,
  wrongStore = "value used with wrong store",
): unknown {
  try {
    return toWasm(type, value, store);
  } catch (error) {
    if (error instanceof CrossStoreError)
      throw new CrossStoreError(purpose, { cause: new CrossStoreError(wrongStore) });
    throw error instanceof WasmlinkError ? new WasmlinkError(purpose, { cause: error }) : error;
  }
}

function mismatch(expected: string, found: string): WasmlinkError {
  return new WasmlinkError(`type mismatch: expected ${expected}, found ${found}`);
}

/** A value of wasm for JavaScript. */
export function fromWasm(kind: number, value: unknown, store: Store<any> | undefined): unknown {
  return kind === FUNCREF && typeof value === "function" ? store!.funcOf(value as NativeFunction) : value;
}

/** What wasm would read back of a converted value: for calls that never enter the engine. */
export function normalize(type: ValType, value: unknown): unknown {
  switch (type) {
    case "i32":
      return (value as number) | 0;
    case "i64":
      return BigInt.asIntN(64, value as bigint);
    case "f32":
      return Math.fround(value as number);
    case "v128":
      return (value as Uint8Array).slice();
    default:
      return value;
  }
}

/** The default of a type: zero or null. Undefined where a type has none. */
export function defaultValue(type: ValType): unknown {
  switch (type) {
    case "i64":
      return 0n;
    case "v128":
      return new Uint8Array(16);
    case "i32":
    case "f32":
    case "f64":
      return 0;
    default:
      return isNullable(type) ? null : undefined;
  }
}

/** Whether every value of these types crosses as a number or bigint, so that no store is needed to convert it. */
export function isNumeric(types: readonly ValType[]): boolean {
  return types.every((type) => boundaryKind(type) <= FLOAT);
}
