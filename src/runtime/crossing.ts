/**
 * What calls in both directions share: arguments and results on their way, and why a call cannot begin.
 *
 * @packageDocumentation
 */
import type { ValType } from "../binary/types.ts";
import { ClosedError, WasmlinkError } from "../errors.ts";
import { show } from "./arguments.ts";
import { withBacktrace } from "./failure.ts";
import type { Store } from "./store.ts";
import { boundaryKind, FLOAT, I32, I64, toWasmFor } from "./values.ts";

export type AnyFunction = (...args: any[]) => any;

/** Kinds of results beside those of single values. */
export const NO_RESULT = -1;
export const MANY_RESULTS = -2;

export function resultKind(results: readonly ValType[]): number {
  if (results.length === 0) return NO_RESULT;
  return results.length === 1 ? boundaryKind(results[0]!) : MANY_RESULTS;
}

export function arityError(given: number, expected: number): WasmlinkError {
  const quantity = given < expected ? "few" : "many";
  return new WasmlinkError(`too ${quantity} parameters provided: given ${given}, expected ${expected}`);
}

/** Why a call cannot begin: the wrong number of arguments is told first. */
export function refusal(given: number, expected: number): WasmlinkError {
  return given === expected ? new ClosedError() : arityError(given, expected);
}

/** Whether a value can be handed to the engine as it is. Small, so that it is inlined into every call. */
export function isDirect(kind: number, value: unknown): boolean {
  if (kind === I32) return typeof value === "number" && (value | 0) === value;
  if (kind === FLOAT) return typeof value === "number";
  if (kind === I64) return typeof value === "bigint";
  return kind === NO_RESULT && value === undefined;
}

/** An argument for wasm that is not direct. */
export function argument(type: ValType, value: unknown, store: Store<any>): unknown {
  return toWasmFor("argument type mismatch", type, value, store);
}

/** A host function's result on its way into wasm. */
export function hostResult(
  kind: number,
  value: unknown,
  results: readonly ValType[],
  store: Store<any> | undefined,
): unknown {
  if (isDirect(kind, value)) return value;
  refusePromise(value);
  if (kind === NO_RESULT) return undefined;
  if (kind !== MANY_RESULTS) return resultToWasm(results[0]!, value, store);
  if (!Array.isArray(value))
    throw new TypeError(
      `Expected the host function to return an array of ${results.length} results, got ${show(value)}`,
    );
  if (value.length !== results.length) throw new WasmlinkError("callback produced wrong number of results");
  return results.map((type, index) => resultToWasm(type, value[index], store));
}

function resultToWasm(type: ValType, value: unknown, store: Store<any> | undefined): unknown {
  try {
    return toWasmFor("function attempted to return an incompatible value", type, value, store);
  } catch (error) {
    // What fails beyond plain conversion, wasmtime's own code finds: with a backtrace.
    throw error instanceof WasmlinkError ? withBacktrace(error) : error;
  }
}

function refusePromise(value: unknown): void {
  if (typeof (value as { then?: unknown } | null | undefined)?.then === "function")
    throw new TypeError(
      "The host function returned a promise, but it is called synchronously: asynchronous host functions need an " +
        "asynchronous definition and call",
    );
}
