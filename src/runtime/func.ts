/**
 * Func: a function of a store, of wasm or of the host.
 *
 * @packageDocumentation
 */
import type { FuncSignature, FuncType } from "../binary/types.ts";
import { adaptExportedFunction, needsAdapter } from "../host/adapters.ts";
import { carriesExceptions, exceptionsCannotCross } from "../host/references.ts";
import type { NativeFunction } from "../host/webassembly.ts";
import { show } from "./arguments.ts";
import type { Caller } from "./caller.ts";
import { exportCall } from "./export-calls.ts";
import {
  associateNative,
  type FuncRecord,
  funcRecord,
  type Home,
  knownFunc,
  registerFunc,
} from "./func-record.ts";
import { hostCall } from "./host-calls.ts";
import { type HostFuncOptions, HostFunction } from "./host-function.ts";
import type { Store } from "./store.ts";
import { storeFrom } from "./store-like.ts";
import { nativeFuncType } from "./type-encoding.ts";
import { funcTypeFrom } from "./types.ts";

/** A function of a store; call it like any JavaScript function. */
export interface Func<A extends unknown[] = any[], R = any> {
  (...args: A): R;
}

/**
 * A function of a store, of wasm or of the host: a JavaScript function that checks what wasm demands.
 *
 * It remembers its store. The number of arguments is checked first, then their types; no result gives undefined,
 * several an array. The same wasm function always is the same Func, wherever it comes from.
 *
 * Mirrors `wasmtime::Func`. Spec: JavaScript interface, "Exported Functions".
 *
 * @example
 * ```ts
 * const store = new Store();
 * const double = new Func(store, { params: ["i32"], results: ["i32"] }, (x) => x * 2);
 * console.log(double(21)); // 42
 * ```
 */
// biome-ignore lint/correctness/noUnusedVariables: the interface of the same name uses them
export class Func<A extends unknown[] = any[], R = any> {
  /**
   * Makes a host function.
   *
   * @param store - the store it belongs to, or a Caller of it
   * @param type - parameters and results
   * @param fn - what it does; an exception it throws reaches the host unchanged
   * @param options - whether `fn` is given a {@link Caller} first
   * @throws {TypeError} an argument has the wrong type
   * @throws {ClosedError} the store is closed
   */
  constructor(
    store: Store<any> | Caller<any>,
    type: FuncSignature,
    fn: (...args: any[]) => unknown,
    options: HostFuncOptions = {},
  ) {
    const owner = storeFrom(store);
    if (typeof fn !== "function") throw new TypeError(`Expected a function, got ${show(fn)}`);
    const host = new HostFunction(owner.engine, funcTypeFrom(type), fn, options.accessCaller === true);
    // biome-ignore lint/correctness/noConstructorReturn: a Func is a JavaScript function with this prototype
    return hostFunc(host, owner) as unknown as this;
  }

  /** Parameters and results. */
  get type(): FuncType {
    return recordOf(this).type;
  }

  /** The store it belongs to. */
  get store(): Store<any> {
    return recordOf(this).store;
  }

  static {
    // Call, apply and bind work as on any function.
    Object.setPrototypeOf(Func.prototype, Function.prototype);
  }
}

function recordOf(value: unknown): FuncRecord {
  const record = funcRecord(value);
  if (record === undefined) throw new TypeError(`Expected a Func, got ${show(value)}`);
  return record;
}

function makeFunc(callable: (...args: any[]) => unknown, record: FuncRecord): Func {
  const func = Object.setPrototypeOf(callable, Func.prototype) as Func;
  registerFunc(func, record);
  return func;
}

/** A host function as an item of a store; always the same one. @internal */
export function hostFunc(host: HostFunction, store: Store<any>): Func {
  const known = host.items.get(store);
  if (known !== undefined) return known;
  const scope = host.accessCaller ? { store, instance: undefined } : undefined;
  let native: NativeFunction | undefined;
  const func = makeFunc(hostCall(host.fn, host.type, store, scope), {
    store,
    type: host.type,
    typeIndex: host.typeIndex,
    host,
    home: undefined,
    native: () => {
      if (native === undefined) {
        native = host.exported(store, scope);
        associateNative(native, func);
      }
      return native;
    },
  });
  host.items.set(store, func);
  return func;
}

/** A function of wasm as JavaScript can call it. */
function calleeFor(
  native: NativeFunction,
  type: FuncType,
  typeIndex: number,
  store: Store<any>,
): NativeFunction {
  if (carriesExceptions(type))
    return () => {
      throw exceptionsCannotCross();
    };
  return needsAdapter(type)
    ? adaptExportedFunction(nativeFuncType(typeIndex, store.engine.types), native)
    : native;
}

/**
 * The Func of a function of wasm whose type is known; always the same one.
 *
 * @param home - where it is defined, when that is known
 * @internal
 */
export function wasmFunc(native: NativeFunction, typeIndex: number, store: Store<any>, home?: Home): Func {
  const known = knownFunc(native);
  if (known !== undefined) return known;
  const { types } = store.engine;
  const type: FuncType = Object.freeze({ kind: "func", ...types.signatureAt(typeIndex) });
  const callee = calleeFor(native, type, typeIndex, store);
  const entered = store.deadlines?.guarded(callee) ?? callee;
  const func = makeFunc(exportCall(entered, type, store, home), {
    store,
    type,
    typeIndex,
    host: undefined,
    home,
    native: () => native,
  });
  associateNative(native, func);
  return func;
}
