/**
 * From the engine's stack trace to wasmtime's frames: functions and offsets of the modules as they were given to us.
 *
 * @packageDocumentation
 */
import { type NativeFrame, wasmFrames } from "../host/stack.ts";
import type { Module } from "./module.ts";
import type { Store } from "./store.ts";
import type { Frame } from "./trap.ts";

/** A frame in the module it belongs to. */
interface Place {
  readonly module: Module;
  readonly native: NativeFrame;
  /** In the original bytes. */
  readonly offset: number | undefined;
}

/** A frame with its module and its place among the others. */
export interface FrameInRun extends Pick<NativeFrame, "run" | "isEntry"> {
  readonly frame: Frame;
  readonly module: Module;
}

/** The frames of an error that belong to a store, innermost first, as many as the engine's options allow. */
export function backtraceOf(error: Error, store: Store<any>): FrameInRun[] {
  const { maxBacktraceFrames } = store.engine.options;
  const frames: FrameInRun[] = [];
  if (maxBacktraceFrames === 0) return frames;
  for (const native of wasmFrames(error)) {
    const place = placeOf(native, store);
    const frame = place && frameAt(place);
    if (frame === undefined) continue;
    frames.push({ frame, module: place!.module, run: native.run, isEntry: native.isEntry });
    if (frames.length === maxBacktraceFrames) break;
  }
  return frames;
}

/** The module a frame belongs to: by its stamp, or else by what only the right module can have at that place. */
function placeOf(native: NativeFrame, store: Store<any>): Place | undefined {
  for (const [code, module] of store.code) {
    const place = {
      module,
      native,
      offset: native.offset === undefined ? undefined : code.originalOffset(native.offset),
    };
    if (code.stamp !== undefined ? native.moduleName === code.stamp : isPlausible(place)) return place;
  }
  return undefined;
}

function isPlausible({ module, native, offset }: Place): boolean {
  if (native.moduleName !== module.name) return false;
  if (offset === undefined) return true;
  const found = module.functionAt(offset);
  return found !== undefined && (native.funcIndex === undefined || native.funcIndex === found.index);
}

/** The frame as wasmtime shows it; undefined for functions that instrumentation added. */
function frameAt({ module, native, offset }: Place): Frame | undefined {
  const found = offset === undefined ? undefined : module.functionAt(offset);
  const funcIndex = found?.index ?? native.funcIndex ?? module.functionNamed(native.funcName);
  if (funcIndex === undefined || funcIndex >= module.info.functions.length) return undefined;
  return makeFrame(module, funcIndex, offset, found && offset! - found.start);
}

function makeFrame(
  module: Module,
  funcIndex: number,
  moduleOffset: number | undefined,
  funcOffset: number | undefined,
): Frame {
  const funcName = module.names.functions.get(funcIndex);
  return Object.freeze({ funcIndex, funcName, moduleName: module.name, moduleOffset, funcOffset });
}
