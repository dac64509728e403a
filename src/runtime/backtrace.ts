/**
 * From the engine's stack trace to wasmtime's frames: functions and offsets of the modules as they were given to us.
 *
 * @packageDocumentation
 */
import { type NativeFrame, wasmFrames } from "../host/stack.ts";
import type { Module } from "./module.ts";
import type { Store } from "./store.ts";
import type { Frame } from "./trap.ts";

/** The frames of an error that belong to a store, innermost first, as many as the engine's options allow. */
export function backtraceOf(error: Error, store: Store<any>): Frame[] {
  const { maxBacktraceFrames } = store.engine.options;
  const frames: Frame[] = [];
  if (maxBacktraceFrames === 0) return frames;
  for (const native of wasmFrames(error)) {
    const module = moduleOf(native, store);
    if (module === undefined) continue;
    frames.push(frameOf(native, module));
    if (frames.length === maxBacktraceFrames) break;
  }
  return frames;
}

/** The module a frame belongs to: by its stamp, or else by what only the right module can have at that place. */
function moduleOf(native: NativeFrame, store: Store<any>): Module | undefined {
  for (const module of store.modules) {
    const { stamp } = module.compiled;
    if (stamp !== undefined ? native.moduleName === stamp : isPlausible(native, module)) return module;
  }
  return undefined;
}

function isPlausible(native: NativeFrame, module: Module): boolean {
  if (native.moduleName !== module.name) return false;
  if (native.offset === undefined) return true;
  const found = module.functionAt(originalOffset(native.offset, module));
  return found !== undefined && (native.funcIndex === undefined || native.funcIndex === found.index);
}

function originalOffset(offset: number, module: Module): number {
  return offset - module.compiled.codeOffsetDelta;
}

function frameOf(native: NativeFrame, module: Module): Frame {
  const moduleOffset = native.offset === undefined ? undefined : originalOffset(native.offset, module);
  const found = moduleOffset === undefined ? undefined : module.functionAt(moduleOffset);
  const funcIndex = found?.index ?? native.funcIndex ?? module.functionNamed(native.funcName);
  return Object.freeze({
    funcIndex,
    funcName: module.names.functions.get(funcIndex),
    moduleName: module.name,
    moduleOffset,
    funcOffset: found && moduleOffset! - found.start,
  });
}
