/**
 * Where a module comes from: bytes in any of JavaScript's containers, or text.
 *
 * @packageDocumentation
 */
import { CompileError, WasmlinkError } from "../errors.ts";
import { wat2wasm } from "../text/wat2wasm.ts";
import { show } from "./arguments.ts";

/** Bytes in any of JavaScript's containers. */
export type BytesSource = Uint8Array | ArrayBuffer | ArrayBufferView;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A plain view of the bytes; a copy only of those that another thread may change. */
export function bytesFrom(source: BytesSource): Uint8Array<ArrayBuffer> {
  if (ArrayBuffer.isView(source)) {
    const { buffer, byteOffset, byteLength } = source;
    // Not the view itself: subclasses differ, a Buffer's `slice` does not copy.
    const view = new Uint8Array(buffer, byteOffset, byteLength);
    return buffer instanceof ArrayBuffer ? (view as Uint8Array<ArrayBuffer>) : new Uint8Array(view);
  }
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  throw new TypeError(`expected wasm bytes, got ${show(source)}`);
}

/** A binary module from bytes or text. Bytes that do not start like a binary are taken for text, as wasmtime does. */
export function binaryFrom(source: BytesSource | string): Uint8Array<ArrayBuffer> {
  if (typeof source === "string") return source.startsWith("\0asm") ? binaryString(source) : wat2wasm(source);
  const bytes = bytesFrom(source);
  return bytes.length === 0 || bytes[0] === 0 ? bytes : wat2wasm(textFrom(bytes));
}

function textFrom(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new CompileError("input was not valid utf-8");
  }
}

function binaryString(source: string): never {
  throw new TypeError(`Expected a binary module as bytes, got ${show(source)}`);
}

/** What this library needs of a `Response`. */
export interface ResponseLike {
  readonly ok: boolean;
  readonly status: number;
  readonly url: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Bytes or text, once a response has arrived. @throws {WasmlinkError} the response is not a success */
export async function sourceFrom(
  source: BytesSource | string | ResponseLike | PromiseLike<ResponseLike>,
): Promise<BytesSource | string> {
  const settled = await source;
  if (typeof settled !== "object" || settled === null || !("arrayBuffer" in settled)) return settled;
  if (!settled.ok) throw new WasmlinkError(`failed to fetch \`${settled.url}\`: status ${settled.status}`);
  return settled.arrayBuffer();
}
