/**
 * Calls and globals whose floats cross with all their bits, for test scripts.
 *
 * JavaScript numbers lose the payloads of NaNs. Here an f32 is its bits as a number, an f64 its bits as a bigint, and a
 * reference to an exception is `true` where it is null.
 *
 * @packageDocumentation
 */
import { adaptExportedFunction, needsAdapter } from "../host/adapters.ts";
import { accessGlobal } from "../host/global-access.ts";
import type { NativeFunction } from "../host/webassembly.ts";
import { fromGuest } from "./failure.ts";
import type { Func } from "./func.ts";
import { type FuncRecord, funcRecord } from "./func-record.ts";
import type { Global } from "./global.ts";
import { nativeFuncType } from "./type-encoding.ts";
import { boundaryKind, FUNCREF, fromWasm, toWasm } from "./values.ts";

const natives = new WeakMap<Func, NativeFunction>();

/**
 * Calls a function.
 *
 * @param args - as many as there are parameters, numbers as bits
 * @returns the results, however many there are
 */
export function exactCall(func: Func, args: readonly unknown[]): readonly unknown[] {
  const record = funcRecord(func)!;
  const { params, results } = record.type;
  const native = natives.get(func) ?? exactNative(record);
  natives.set(func, native);
  const values = args.map((value, index) => {
    const type = params[index]!;
    return boundaryKind(type) === FUNCREF ? toWasm(type, value, record.store) : value;
  });
  let result: any;
  try {
    result = native(...values);
  } catch (error) {
    throw fromGuest(error, record.store);
  }
  const list: readonly unknown[] = results.length > 1 ? [...result] : results.length === 1 ? [result] : [];
  return list.map((value, index) => fromWasm(boundaryKind(results[index]!), value, record.store));
}

function exactNative({ typeIndex, store, native }: FuncRecord): NativeFunction {
  const type = nativeFuncType(typeIndex, store.engine.types);
  const callee = needsAdapter(type, "bits") ? adaptExportedFunction(type, native(), "bits") : native();
  return store.deadlines?.guarded(callee) ?? callee;
}

/** The value of a global. */
export function exactValue(global: Global): unknown {
  const { type, native, store } = global;
  const value = accessGlobal(native, type, "bits").get();
  return fromWasm(boundaryKind(type.content), value, store);
}
