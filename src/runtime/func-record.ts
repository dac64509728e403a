/**
 * What the library knows about each {@link Func}, kept beside the function object that users call.
 *
 * @packageDocumentation
 */
import type { FuncType } from "../binary/types.ts";
import type { NativeFunction } from "../host/webassembly.ts";
import type { Func } from "./func.ts";
import type { HostFunction } from "./host-function.ts";
import type { Instance } from "./instance.ts";
import type { Store } from "./store.ts";

/** The instance that defines a function of wasm, and the function's index there. */
export interface Home {
  readonly instance: Instance<any>;
  readonly funcIndex: number;
}

export interface FuncRecord {
  readonly store: Store<any>;
  readonly type: FuncType;
  /** Canonical index of the type in the store's engine. */
  readonly typeIndex: number;
  /** The host function behind it; undefined for functions of wasm. */
  readonly host: HostFunction | undefined;
  /** Where a function of wasm is defined, when it was met as an export. */
  readonly home: Home | undefined;
  /** The exported function of the JavaScript engine: what tables, globals and other instances hold. */
  readonly native: () => NativeFunction;
}

const records = new WeakMap<object, FuncRecord>();
const funcs = new WeakMap<NativeFunction, Func>();

/** The record of a Func, or undefined for any other value. */
export function funcRecord(value: unknown): FuncRecord | undefined {
  return typeof value === "function" ? records.get(value) : undefined;
}

/** Makes a function object a known Func. */
export function registerFunc(func: Func, record: FuncRecord): void {
  records.set(func, record);
}

/** The Func of a native function, when one was made. */
export function knownFunc(native: NativeFunction): Func | undefined {
  return funcs.get(native);
}

/** Lets a native function be found again as this Func. One Func may have several natives, one for each instance. */
export function associateNative(native: NativeFunction, func: Func): void {
  funcs.set(native, func);
}
