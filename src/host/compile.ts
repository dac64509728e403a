/**
 * Compiling a module with the engine, its errors told the way wasmtime tells them.
 *
 * @packageDocumentation
 */
import { CompileError, WasmlinkError } from "../errors.ts";
import { engineMessage } from "./engine-message.ts";
import { refusal } from "./refusals.ts";
import { type NativeModule, webAssembly } from "./webassembly.ts";

/** What an error message says of a function beyond what the engine knows. */
export interface FunctionNames {
  /** Number of imported functions. JSC counts the functions behind them. */
  readonly imported: number;
  /** Name of a function in the name section. */
  name(funcIndex: number): string | undefined;
  /** How much further back an instruction is in the compiled bytes than in the original ones. */
  readonly codeOffsetDelta?: number;
}

const nameless: FunctionNames = { imported: 0, name: () => undefined };

/** Why an engine refused a module, without its prefixes. */
interface Rejection {
  readonly text: string;
  /** In the compiled bytes. */
  readonly offset: number | undefined;
  /** The function that is invalid, if it is one. */
  readonly funcIndex: number | undefined;
}

/** wasmtime's bound of names in symbols, in characters. */
const maxSymbolNameLength = 96;

/** A function name as wasmtime writes it into symbols: printable ASCII without spaces. */
function symbolName(name: string): string {
  const printable = /^[!-~]*$/.test(name) ? name : name.replace(/[^!-~]+/g, "?").replace(/\?+/g, "?");
  return printable.slice(0, maxSymbolNameLength);
}

/** The error for an invalid function body. `offset` counts in the module. */
export function invalidFunction(
  funcIndex: number,
  text: string,
  offset: number | undefined,
  names: FunctionNames,
) {
  const name = names.name(funcIndex);
  const symbol = `wasm[0]::function[${funcIndex}]${name === undefined ? "" : `::${symbolName(name)}`}`;
  const place = offset === undefined ? "" : ` at offset ${offset}`;
  return new CompileError(`failed to compile: ${symbol}`, offset, {
    cause: new WasmlinkError("WebAssembly translation error", {
      cause: `Invalid input WebAssembly code${place}: ${text}`,
    }),
  });
}

/** The error for a module that is malformed or invalid outside of function bodies. */
function invalidModule(text: string, offset: number | undefined) {
  const place = offset === undefined ? "" : ` (at offset 0x${offset.toString(16)})`;
  return new CompileError("failed to parse WebAssembly module", offset, { cause: text + place });
}

/** V8: `WebAssembly.Module(): Compiling function #3:"f" failed: <text> @+24`; the offset counts in the module. */
const v8Error =
  /^WebAssembly\.\w+\(\): (?:Compiling function #(\d+)(?::".*")? failed: )?(.*?)(?: @\+(\d+))?$/s;

/**
 * JSC: `WebAssembly.Module doesn't parse at byte 10: <text>, in function at index 0`, or `doesn't validate: <text>`.
 * With a function the byte counts in its body.
 */
const jscError =
  /^WebAssembly\.\w+ doesn't (?:parse at byte (\d+)|validate): *(.*?)(?:, in function at index (\d+))?$/s;

/** SpiderMonkey: `wasm validation error: at offset 24: <text>`. */
const spiderMonkeyError = /^wasm validation error: at offset (\d+): (.*)$/s;

const number = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));

/**
 * The error to report for what the engine threw while compiling.
 *
 * @internal
 */
export function compileErrorFrom(thrown: unknown, names: FunctionNames = nameless): unknown {
  const forbidden = refusal(thrown);
  if (forbidden !== undefined) return forbidden;
  if (!(thrown instanceof webAssembly().CompileError || thrown instanceof RangeError)) return thrown;
  const { text, offset, funcIndex } = rejection(engineMessage(thrown), names.imported);
  if (funcIndex === undefined) return invalidModule(text, offset);
  const original = offset === undefined ? undefined : offset - (names.codeOffsetDelta ?? 0);
  return invalidFunction(funcIndex, text, original, names);
}

function rejection(message: string, imported: number): Rejection {
  const v8 = v8Error.exec(message);
  if (v8 !== null) {
    const [, index, text = "", offset] = v8;
    return { text, offset: number(offset), funcIndex: number(index) };
  }
  const jsc = jscError.exec(message);
  if (jsc !== null) {
    const [, offset, text = "", index] = jsc;
    return index === undefined
      ? { text, offset: number(offset), funcIndex: undefined }
      : { text, offset: undefined, funcIndex: imported + Number(index) };
  }
  const spiderMonkey = spiderMonkeyError.exec(message);
  if (spiderMonkey !== null)
    return { text: spiderMonkey[2]!, offset: Number(spiderMonkey[1]), funcIndex: undefined };
  return { text: message, offset: undefined, funcIndex: undefined };
}

/**
 * Compiles a module.
 *
 * @param bytes - a binary module
 * @param names - functions of the module, for the message
 * @throws CompileError with the engine's text and, where it tells one, the offset in `bytes`
 * @throws UnsupportedError where the environment refuses to compile from bytes
 */
export function compileNative(bytes: Uint8Array, names?: FunctionNames): NativeModule {
  const { Module } = webAssembly();
  try {
    return new Module(bytes);
  } catch (thrown) {
    throw compileErrorFrom(thrown, names);
  }
}

/**
 * {@link compileNative}, off the calling thread where the engine can. The promise is rejected with the same errors.
 */
export async function compileNativeAsync(bytes: Uint8Array, names?: FunctionNames): Promise<NativeModule> {
  try {
    return await webAssembly().compile(bytes);
  } catch (thrown) {
    throw compileErrorFrom(thrown, names);
  }
}
