/**
 * Reading, writing and growing a memory from the host.
 *
 * @packageDocumentation
 */
import type { MemoryType } from "../binary/types.ts";
import type { NativeMemory } from "../host/webassembly.ts";
import { show } from "./arguments.ts";
import { sizeArgument } from "./extern.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Start and end of a range that must lie inside `size` bytes. */
function checkedRange(start: number, length: number, size: number): void {
  if (start + length > size)
    throw new RangeError(
      `The range from byte ${start} to ${start + length} is not inside the memory of ${size} bytes`,
    );
}

/** Copies bytes into a memory; a negative start counts from the end. */
export function writeBytes(memory: Uint8Array, bytes: Uint8Array, start: number): number {
  if (!(bytes instanceof Uint8Array))
    throw new TypeError(`Expected \`bytes\` to be a Uint8Array, got ${show(bytes)}`);
  if (!Number.isInteger(start))
    throw new TypeError(`Expected \`start\` to be an integer, got ${show(start)}`);
  const from = start < 0 ? Math.max(memory.length + start, 0) : start;
  // wasmtime refuses a start behind the last byte even when there is nothing to write.
  checkedRange(from, Math.max(bytes.length, 1), memory.length);
  memory.set(bytes, from);
  return bytes.length;
}

/** Decodes strict UTF-8. */
export function readText(memory: Uint8Array, pointer: number, byteLength: number): string {
  const start = sizeArgument(pointer, "pointer");
  checkedRange(start, sizeArgument(byteLength, "byteLength"), memory.length);
  // Decoders refuse views of shared memory, so the bytes are copied.
  return decoder.decode(memory.slice(start, start + byteLength));
}

/** Encodes UTF-8 without a terminator; returns the number of bytes. */
export function writeText(memory: Uint8Array, text: string, pointer: number): number {
  if (typeof text !== "string") throw new TypeError(`Expected \`text\` to be a string, got ${show(text)}`);
  return writeBytes(memory, encoder.encode(text), sizeArgument(pointer, "pointer"));
}

/** The number of pages to grow by, as a caller gave it. */
export function growthArgument(deltaPages: unknown): number {
  if (typeof deltaPages !== "number" || !Number.isInteger(deltaPages))
    throw new TypeError(`Expected \`deltaPages\` to be an integer, got ${show(deltaPages)}`);
  if (deltaPages < 0) throw new RangeError("cannot grow by negative amount");
  return deltaPages;
}

/** Grows a memory; the size before in pages, or undefined where its maximum or the engine forbid it. */
export function growNative(native: NativeMemory, type: MemoryType, deltaPages: number): number | undefined {
  try {
    return Number(native.grow(type.address === "i64" ? BigInt(deltaPages) : deltaPages));
  } catch (error) {
    // Out of range for the maximum, or for the engine's number conversion.
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}
