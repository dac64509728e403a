/**
 * Traps, exits and their backtraces.
 *
 * @packageDocumentation
 */
import { WasmlinkError } from "../errors.ts";
import { type TrapCode, trapCodes } from "../host/trap-codes.ts";

/** One wasm function that was executing, innermost first in {@link Trap.frames}. */
export interface Frame {
  /** Index of the function in its module, imports counted. */
  readonly funcIndex: number;
  /** Name from the name section; export names do not count. */
  readonly funcName: string | undefined;
  /** Module name from the name section. */
  readonly moduleName: string | undefined;
  /** Offset of the instruction in the module, in bytes; undefined where the JavaScript engine does not tell. */
  readonly moduleOffset: number | undefined;
  /** Offset of the instruction in the function body, in bytes from the byte that counts its locals. */
  readonly funcOffset: number | undefined;
}

/** An error of this library that shows where in wasm it happened. */
export interface Traced {
  readonly frames: readonly Frame[];
}

const none: readonly Frame[] = Object.freeze([]);

/**
 * Execution of wasm was aborted.
 *
 * A guest cannot catch a trap. `message` starts with the backtrace and ends with wasmtime's text for the trap, as
 * wasmtime renders it. Made by a host function (`throw new Trap("…")`), it crosses the guest as the same object.
 *
 * Mirrors `wasmtime::Trap` and wasmtime-py's `Trap`.
 * Spec: https://webassembly.github.io/spec/core/intro/overview.html#trap
 */
export class Trap extends WasmlinkError implements Traced {
  /** wasmtime's name of the trap; undefined for traps a host made and for uncaught exceptions. */
  readonly trapCode: TrapCode | undefined = undefined;
  /**
   * The wasm functions that were executing in the trap's store, innermost first. None for a wasm exception that nobody
   * caught: JavaScript engines do not tell where it was thrown.
   */
  readonly frames: readonly Frame[] = none;

  /** @param message - what went wrong, shown as it is */
  constructor(message: string) {
    if (typeof message !== "string") throw new TypeError("Expected the message of a trap to be a string");
    super(message, { code: "ERR_TRAP" });
  }

  override get name(): string {
    return "Trap";
  }
}

/** The trap of a code, as the engine of wasmtime would raise it. @internal */
export function trapOf(trapCode: TrapCode): Trap {
  return Object.assign(new Trap(`wasm trap: ${trapCodes[trapCode]}`), { trapCode });
}

/**
 * The guest ended itself with WASI's `proc_exit`; raised for status 0 as well.
 *
 * Mirrors wasmtime-py's `ExitTrap`.
 */
export class ExitTrap extends WasmlinkError implements Traced {
  /** Exit status, 0 to 125. */
  readonly exitCode: number;
  readonly frames: readonly Frame[] = none;

  constructor(exitCode: number) {
    super(`Exited with i32 exit status ${exitCode}`, { code: "ERR_EXIT" });
    this.exitCode = exitCode;
  }

  override get name(): string {
    return "ExitTrap";
  }
}

function renderFrame(frame: Frame, index: number): string {
  const offset = frame.moduleOffset;
  const place = offset === undefined ? "" : `${`0x${offset.toString(16)}`.padStart(8)} - `;
  const name = frame.funcName ?? `<wasm function ${frame.funcIndex}>`;
  return `  ${String(index).padStart(3)}: ${place}${frame.moduleName ?? "<unknown>"}!${name}`;
}

function renderBacktrace(frames: readonly Frame[]): string {
  return `error while executing at wasm backtrace:\n${frames.map(renderFrame).join("\n")}`;
}

/** Puts a backtrace in front of an error's message, once. @internal */
export function addBacktrace(error: WasmlinkError, frames: readonly Frame[]): void {
  if (frames.length === 0) return;
  Object.assign(error, { frames: Object.freeze(frames) });
  error.prepend(renderBacktrace(frames));
}

/** Shows other frames in an error that has a backtrace. @internal */
export function replaceBacktrace(error: WasmlinkError, frames: readonly Frame[]): void {
  error.chain = error.chain.slice(1);
  addBacktrace(error, frames);
}
