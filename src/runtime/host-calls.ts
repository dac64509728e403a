/**
 * The closures through which wasm, and the host itself, call functions of the host: one for each function, by arity as in
 * export-calls.ts.
 *
 * @packageDocumentation
 */
import type { FuncType, ValType } from "../binary/types.ts";
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
 * `store` may be left out where only numbers cross.
 */
export function importCall(
  fn: AnyFunction,
  type: FuncType,
  store: Store<any> | undefined,
  scope: CallerScope | undefined,
): AnyFunction {
  const { params, results } = type;
  const kind = resultKind(results);
  if (params.length > 4 || params.some((param) => boundaryKind(param) === FUNCREF))
    return generalImportCall(fn, type, store, scope);
  if (scope !== undefined) return importCallWithCaller(fn, params.length, results, kind, store, scope);
  switch (params.length) {
    case 0:
      return () => {
        try {
          return hostResult(kind, fn(), results, store);
        } catch (error) {
          throw toGuest(error);
        }
      };
    case 1:
      return (a: unknown) => {
        try {
          return hostResult(kind, fn(a), results, store);
        } catch (error) {
          throw toGuest(error);
        }
      };
    case 2:
      return (a: unknown, b: unknown) => {
        try {
          return hostResult(kind, fn(a, b), results, store);
        } catch (error) {
          throw toGuest(error);
        }
      };
    case 3:
      return (a: unknown, b: unknown, c: unknown) => {
        try {
          return hostResult(kind, fn(a, b, c), results, store);
        } catch (error) {
          throw toGuest(error);
        }
      };
    default:
      return (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          return hostResult(kind, fn(a, b, c, d), results, store);
        } catch (error) {
          throw toGuest(error);
        }
      };
  }
}

function importCallWithCaller(
  fn: AnyFunction,
  arity: number,
  results: readonly ValType[],
  kind: number,
  store: Store<any> | undefined,
  scope: CallerScope,
): AnyFunction {
  switch (arity) {
    case 0:
      return () => {
        const caller = new Caller(scope);
        try {
          return hostResult(kind, fn(caller), results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      };
    case 1:
      return (a: unknown) => {
        const caller = new Caller(scope);
        try {
          return hostResult(kind, fn(caller, a), results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      };
    case 2:
      return (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          return hostResult(kind, fn(caller, a, b), results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      };
    case 3:
      return (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          return hostResult(kind, fn(caller, a, b, c), results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      };
    default:
      return (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          return hostResult(kind, fn(caller, a, b, c, d), results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      };
  }
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
