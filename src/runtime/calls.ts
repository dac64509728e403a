/**
 * The closures that stand at the boundary, one for each function: host → wasm, wasm → host, host → host.
 *
 * Written out by arity, because rest parameters cost two to four times a raw call and generated code needs `eval`;
 * beyond four parameters, and for values that need adapters, a general closure serves. RATIONALE: "Closures by arity".
 *
 * @packageDocumentation
 */
import type { FuncType, ValType } from "../binary/types.ts";
import { ClosedError, WasmlinkError } from "../errors.ts";
import { show } from "./arguments.ts";
import { Caller, type CallerScope } from "./caller.ts";
import { fromGuest, toGuest } from "./failure.ts";
import type { Store } from "./store.ts";
import { boundaryKind, FLOAT, FUNCREF, fromWasm, I32, I64, normalize, toWasm } from "./values.ts";

type AnyFunction = (...args: any[]) => any;

/** Kinds of results beside those of single values. */
const NO_RESULT = -1;
const MANY_RESULTS = -2;

function resultKind(results: readonly ValType[]): number {
  if (results.length === 0) return NO_RESULT;
  return results.length === 1 ? boundaryKind(results[0]!) : MANY_RESULTS;
}

function arityError(given: number, expected: number): WasmlinkError {
  const quantity = given < expected ? "few" : "many";
  return new WasmlinkError(`too ${quantity} parameters provided: given ${given}, expected ${expected}`);
}

/** Why a call cannot begin: the wrong number of arguments is told first. */
function refusal(given: number, expected: number): WasmlinkError {
  return given === expected ? new ClosedError() : arityError(given, expected);
}

/** Whether a value can be handed to the engine as it is. Small, so that it is inlined into every call. */
function isDirect(kind: number, value: unknown): boolean {
  if (kind === I32) return typeof value === "number" && (value | 0) === value;
  if (kind === FLOAT) return typeof value === "number";
  return kind === I64 && typeof value === "bigint";
}

/** An argument for wasm that is not direct. */
function argument(type: ValType, value: unknown, store: Store<any>): unknown {
  try {
    return toWasm(type, value, store);
  } catch (error) {
    throw error instanceof WasmlinkError
      ? new WasmlinkError("argument type mismatch", { cause: error })
      : error;
  }
}

/** A host function's result on its way into wasm. */
function hostResult(
  kind: number,
  value: unknown,
  results: readonly ValType[],
  store: Store<any> | undefined,
): unknown {
  if (kind === NO_RESULT) {
    if (value !== undefined) refusePromise(value);
    return undefined;
  }
  if (isDirect(kind, value)) return value;
  refusePromise(value);
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
    return toWasm(type, value, store);
  } catch (error) {
    if (!(error instanceof WasmlinkError)) throw error;
    throw new WasmlinkError("function attempted to return an incompatible value", { cause: error });
  }
}

function refusePromise(value: unknown): void {
  if (typeof (value as { then?: unknown } | null | undefined)?.then === "function")
    throw new TypeError(
      "The host function returned a promise, but it is called synchronously: asynchronous host functions need an " +
        "asynchronous definition and call",
    );
}

/** Calls a wasm function from the host: checks arguments, translates failures. */
export function exportCall(native: AnyFunction, type: FuncType, store: Store<any>): AnyFunction {
  const { params, results } = type;
  const convertsResults = results.some((result) => boundaryKind(result) === FUNCREF);
  if (params.length > 4 || convertsResults) return generalExportCall(native, type, store);
  const [t0, t1, t2, t3] = params as unknown as [ValType, ValType, ValType, ValType];
  const [k0, k1, k2, k3] = params.map(boundaryKind) as [number, number, number, number];
  switch (params.length) {
    case 0:
      return function () {
        if (arguments.length !== 0 || store.isClosed) throw refusal(arguments.length, 0);
        try {
          return native();
        } catch (error) {
          throw fromGuest(error, store);
        }
      };
    case 1:
      return function (a: unknown) {
        if (arguments.length !== 1 || store.isClosed) throw refusal(arguments.length, 1);
        const x = isDirect(k0, a) ? a : argument(t0, a, store);
        try {
          return native(x);
        } catch (error) {
          throw fromGuest(error, store);
        }
      };
    case 2:
      return function (a: unknown, b: unknown) {
        if (arguments.length !== 2 || store.isClosed) throw refusal(arguments.length, 2);
        const x = isDirect(k0, a) ? a : argument(t0, a, store);
        const y = isDirect(k1, b) ? b : argument(t1, b, store);
        try {
          return native(x, y);
        } catch (error) {
          throw fromGuest(error, store);
        }
      };
    case 3:
      return function (a: unknown, b: unknown, c: unknown) {
        if (arguments.length !== 3 || store.isClosed) throw refusal(arguments.length, 3);
        const x = isDirect(k0, a) ? a : argument(t0, a, store);
        const y = isDirect(k1, b) ? b : argument(t1, b, store);
        const z = isDirect(k2, c) ? c : argument(t2, c, store);
        try {
          return native(x, y, z);
        } catch (error) {
          throw fromGuest(error, store);
        }
      };
    default:
      return function (a: unknown, b: unknown, c: unknown, d: unknown) {
        if (arguments.length !== 4 || store.isClosed) throw refusal(arguments.length, 4);
        const x = isDirect(k0, a) ? a : argument(t0, a, store);
        const y = isDirect(k1, b) ? b : argument(t1, b, store);
        const z = isDirect(k2, c) ? c : argument(t2, c, store);
        const u = isDirect(k3, d) ? d : argument(t3, d, store);
        try {
          return native(x, y, z, u);
        } catch (error) {
          throw fromGuest(error, store);
        }
      };
  }
}

function generalExportCall(native: AnyFunction, type: FuncType, store: Store<any>): AnyFunction {
  const { params, results } = type;
  const resultKinds = results.map(boundaryKind);
  return (...args: unknown[]) => {
    if (args.length !== params.length) throw arityError(args.length, params.length);
    store.assertOpen();
    const converted = args.map((value, index) => argument(params[index]!, value, store));
    let value: unknown;
    try {
      value = native(...converted);
    } catch (error) {
      throw fromGuest(error, store);
    }
    if (results.length <= 1) return fromWasm(resultKinds[0]!, value, store);
    return (value as unknown[]).map((result, index) => fromWasm(resultKinds[index]!, result, store));
  };
}

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
