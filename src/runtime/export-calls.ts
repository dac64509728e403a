/**
 * The closures through which the host calls wasm, one for each function.
 *
 * Written out by arity, because rest parameters cost two to four times a raw call and generated code needs `eval`;
 * beyond four parameters, and where results are converted, a general closure serves. RATIONALE: "Closures by arity".
 *
 * @packageDocumentation
 */
import type { FuncType, ValType } from "../binary/types.ts";
import { type AnyFunction, argument, arityError, isDirect, refusal } from "./crossing.ts";
import { fromGuest } from "./failure.ts";
import type { Home } from "./func-record.ts";
import type { Store } from "./store.ts";
import { boundaryKind, FUNCREF, fromWasm } from "./values.ts";

/** Calls a wasm function from the host: checks arguments, translates failures. */
export function exportCall(
  native: AnyFunction,
  type: FuncType,
  store: Store<any>,
  home: Home | undefined,
): AnyFunction {
  const { params, results } = type;
  const convertsResults = results.some((result) => boundaryKind(result) === FUNCREF);
  if (params.length > 4 || convertsResults) return generalExportCall(native, type, store, home);
  const [t0, t1, t2, t3] = params as unknown as [ValType, ValType, ValType, ValType];
  const [k0, k1, k2, k3] = params.map(boundaryKind) as [number, number, number, number];
  switch (params.length) {
    case 0:
      return function () {
        if (arguments.length !== 0 || store.isClosed) throw refusal(arguments.length, 0);
        try {
          return native();
        } catch (error) {
          throw fromGuest(error, store, home, []);
        }
      };
    case 1:
      return function (a: unknown) {
        if (arguments.length !== 1 || store.isClosed) throw refusal(arguments.length, 1);
        const x = isDirect(k0, a) ? a : argument(t0, a, store);
        try {
          return native(x);
        } catch (error) {
          throw fromGuest(error, store, home, [x]);
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
          throw fromGuest(error, store, home, [x, y]);
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
          throw fromGuest(error, store, home, [x, y, z]);
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
          throw fromGuest(error, store, home, [x, y, z, u]);
        }
      };
  }
}

function generalExportCall(
  native: AnyFunction,
  type: FuncType,
  store: Store<any>,
  home: Home | undefined,
): AnyFunction {
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
      throw fromGuest(error, store, home, converted);
    }
    if (results.length <= 1) return fromWasm(resultKinds[0]!, value, store);
    return (value as unknown[]).map((result, index) => fromWasm(resultKinds[index]!, result, store));
  };
}
