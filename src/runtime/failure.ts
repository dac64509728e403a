/**
 * Failures on their way through a guest: hidden from it on the way in, made readable on the way out.
 *
 * A guest's `catch_all` must see neither traps nor exits nor exceptions of host functions. Only a trap of the engine
 * is uncatchable in every JavaScript engine, so failures travel inside one. RATIONALE: "Uncatchable failures".
 *
 * @packageDocumentation
 */
import type { WasmlinkError } from "../errors.ts";
import { classifyTrap, isStackOverflow, isTrap } from "../host/trap-texts.ts";
import { isHiding, revealed, uncatchable } from "../host/uncatchable.ts";
import { webAssembly } from "../host/webassembly.ts";
import { backtraceOf, type FrameInRun } from "./backtrace.ts";
import type { HostCall } from "./call-stack.ts";
import type { Home } from "./func-record.ts";
import type { Store } from "./store.ts";
import { addBacktrace, type Frame, replaceBacktrace, Trap, trapOf } from "./trap.ts";
import { causeOf } from "./trap-cause.ts";

/** Errors of this library that get a backtrace when they leave wasm. */
const traced = new WeakSet<object>();

/** A trap on its way out through calls of several stores. */
interface Passage {
  readonly store: Store<any>;
  frames: readonly FrameInRun[];
  /** How many calls it has left. */
  run: number;
}

const passages = new WeakMap<object, Passage>();

/** Marks an error for a backtrace, should it cross wasm frames: those that host functions of this library raise. */
export function withBacktrace<E extends WasmlinkError>(error: E): E {
  traced.add(error);
  return error;
}

/** What to throw into wasm in place of an error of the host. Wasm exceptions stay catchable: they are the guest's. */
export function toGuest(error: unknown): unknown {
  if (isException(error)) return error;
  if (isUncaughtException(error)) return error.cause;
  return uncatchable(error);
}

/** Runs a part of the host on behalf of a guest, which cannot see its failures. */
export function hideFailures<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw toGuest(error);
  }
}

/**
 * The error a caller of wasm gets for what the engine threw.
 *
 * Where host functions and wasm call each other until the stack is full, there is no room for a translation: what was
 * thrown goes on as it is, to a call further out.
 *
 * @param home - the function that was called, where it is known
 * @param args - what it was given
 */
export function fromGuest(
  thrown: unknown,
  store: Store<any>,
  home?: Home,
  args: readonly unknown[] = [],
): unknown {
  try {
    return translated(thrown, store, home && { home, args });
  } catch {
    return thrown;
  }
}

function translated(thrown: unknown, store: Store<any>, call: HostCall | undefined): unknown {
  if (isHiding(thrown)) {
    const error = revealed(thrown);
    if (isStackOverflow(error)) return trapFrom(error, store, call);
    if (error instanceof Trap) leaveCall(error, store);
    if (typeof error === "object" && error !== null && traced.delete(error))
      addBacktrace(error as WasmlinkError, framesIn(backtraceOf(thrown as Error, store)));
    return error;
  }
  if (isException(thrown)) return uncaught(thrown, store);
  return isTrap(thrown) ? trapFrom(thrown, store, call) : thrown;
}

function trapFrom(error: Error, store: Store<any>, call: HostCall | undefined): Trap {
  const inRuns = backtraceOf(error, store);
  const code = classifyTrap(error);
  const cause = code && causeOf(code, inRuns, call);
  const trap = cause === undefined ? new Trap(`wasm trap: ${error.message}`) : trapOf(cause.code);
  if (cause?.fault !== undefined) trap.prepend(cause.fault);
  if (inRuns.some(({ run }) => run > 0)) passages.set(trap, { store, frames: inRuns, run: 0 });
  const frames = framesIn(inRuns);
  // The instruction that found the stack full is in the middle of entering a function: wasmtime gives no offset.
  if (code === "STACK_OVERFLOW" && frames[0] !== undefined)
    frames[0] = { ...frames[0], moduleOffset: undefined, funcOffset: undefined };
  addBacktrace(trap, frames);
  return trap;
}

function uncaught(exception: object, store: Store<any>): Trap {
  const trap = new Trap("thrown Wasm exception");
  trap.cause = exception;
  addBacktrace(trap, framesIn(backtraceOf(exception as Error, store)));
  return trap;
}

function framesIn(frames: readonly FrameInRun[]): Frame[] {
  return frames.map(({ frame }) => frame);
}

/**
 * Takes the frames of a call out of a trap's backtrace when the call turns out to have been another store's.
 *
 * The engine's stack trace tells the modules of frames, not their instances. Where one module has instances in several
 * stores that call each other, whose frames they were shows only as the trap passes their calls.
 */
function leaveCall(trap: Trap, store: Store<any>): void {
  const passage = passages.get(trap);
  if (passage === undefined) return;
  passage.run += 1;
  if (store === passage.store) return;
  const kept = passage.frames.filter(({ run }) => run !== passage.run);
  if (kept.length === passage.frames.length) return;
  passage.frames = kept;
  replaceBacktrace(trap, framesIn(kept));
}

/** Whether an error is what became of a wasm exception that nobody caught, its cause. */
export function isUncaughtException(error: unknown): error is Trap & { readonly cause: object } {
  return error instanceof Trap && isException(error.cause);
}

function isException(value: unknown): value is object {
  const { Exception } = webAssembly();
  return Exception !== undefined && value instanceof Exception;
}
