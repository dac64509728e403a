/**
 * Binary to text.
 *
 * @packageDocumentation
 */
import { decodeModule } from "../binary/decode.ts";
import { printModule } from "./printer/module-printer.ts";

/**
 * Translates a module from the binary format to the text format. {@link wat2wasm} makes the same bytes of it again,
 * custom sections and names included.
 *
 * What text has no words for is lost: integers longer than need be, runs of locals that could be one, sections
 * without entries, the page size where it is the usual one, and compact imports.
 *
 * @param bytes - the module; only its format is checked, not its types
 * @returns the text, a line for each instruction; that of an invalid module may not be well-formed
 * @throws {TypeError} `bytes` are no bytes
 * @throws {CompileError} the bytes are no module
 * @example
 * ```ts
 * console.log(wasm2wat(wat2wasm("(module (memory 1))"))); // "(module\n  (memory (;0;) 1)\n)\n"
 * ```
 *
 * Mirrors `wasm-tools print`. Spec: https://webassembly.github.io/spec/core/text/index.html
 */
export function wasm2wat(bytes: Uint8Array | ArrayBuffer | ArrayBufferView): string {
  return printModule(decodeModule(viewOf(bytes)));
}

function viewOf(bytes: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  if (!ArrayBuffer.isView(bytes)) throw new TypeError(`expected wasm bytes, got ${String(bytes)}`);
  return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
}
