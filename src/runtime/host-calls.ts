/**
 * The closures through which wasm, and the host itself, call functions of the host: one for each function, by arity as in
 * export-calls.ts.
 *
 * @packageDocumentation
 */
import type { FuncType, ValType } from "../binary/types.ts";
import { closureAt } from "./call-sites.ts";
import { Caller, type CallerScope } from "./caller.ts";
import {
  type AnyFunction,
  argument,
  arityError,
  hostResult,
  MANY_RESULTS,
  NO_RESULT,
  resultKind,
} from "./crossing.ts";
import { toGuest } from "./failure.ts";
import type { Store } from "./store.ts";
import { boundaryKind, FUNCREF, fromWasm, normalize } from "./values.ts";

/**
 * Lets wasm call a host function: converts references, checks the result, hides failures from the guest.
 *
 * @param site - the place that the function's calls go through: see call-sites.ts
 * @param store - may be left out where only numbers cross
 */
export function importCall(
  site: number,
  fn: AnyFunction,
  type: FuncType,
  store: Store<any> | undefined,
  scope: CallerScope | undefined,
): AnyFunction {
  const { params, results } = type;
  if (params.length > 4 || params.some((param) => boundaryKind(param) === FUNCREF))
    return generalImportCall(fn, type, store, scope);
  return closureAt(site, params.length, fn, resultKind(results), results, store, scope);
}

function generalImportCall(
  fn: AnyFunction,
  { params, results }: FuncType,
  store: Store<any> | undefined,
  scope: CallerScope | undefined,
): AnyFunction {
  const kinds = params.map(boundaryKind);
  const kind = resultKind(results);
  return (...args: unknown[]) => {
    const caller = scope && new Caller(scope);
    try {
      const converted = args.map((value, index) => fromWasm(kinds[index]!, value, store));
      const value = caller === undefined ? fn(...converted) : fn(caller, ...converted);
      return hostResult(kind, value, results, store);
    } catch (error) {
      throw toGuest(error);
    } finally {
      if (caller !== undefined) caller.isOver = true;
    }
  };
}

/** Calls a host function from the host, with the conversions that a way through wasm would have made. */
export function hostCall(
  fn: AnyFunction,
  { params, results }: FuncType,
  store: Store<any>,
  scope: CallerScope | undefined,
): AnyFunction {
  const kinds = params.map(boundaryKind);
  const kind = resultKind(results);
  return (...args: unknown[]) => {
    if (args.length !== params.length) throw arityError(args.length, params.length);
    store.assertOpen();
    const converted = args.map((value, index) => roundTrip(params[index]!, kinds[index]!, value, store));
    const caller = scope && new Caller(scope);
    try {
      const value = caller === undefined ? fn(...converted) : fn(caller, ...converted);
      const returned = hostResult(kind, value, results, store);
      if (kind === NO_RESULT) return undefined;
      if (kind !== MANY_RESULTS) return fromWasm(kind, normalize(results[0]!, returned), store);
      return results.map((type, index) =>
        fromWasm(boundaryKind(type), normalize(type, (returned as unknown[])[index]), store),
      );
    } finally {
      if (caller !== undefined) caller.isOver = true;
    }
  };
}

function roundTrip(type: ValType, kind: number, value: unknown, store: Store<any>): unknown {
  return fromWasm(kind, normalize(type, argument(type, value, store)), store);
}
