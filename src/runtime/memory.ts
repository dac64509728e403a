/**
 * Memory: a growable linear memory of a store.
 *
 * @packageDocumentation
 */
import type { MemoryType } from "../binary/types.ts";
import { LimitError, WasmlinkError } from "../errors.ts";
import type { NativeMemory } from "../host/webassembly.ts";
import { defineMemory } from "./definitions.ts";
import { associateItem, knownItem } from "./extern.ts";
import { growNative, growthArgument, readText, writeBytes, writeText } from "./memory-view.ts";
import { type SharedMemory, sharedMemoryOf } from "./shared-memory.ts";
import type { Store } from "./store.ts";
import { storeFrom } from "./store-like.ts";
import { type MemoryTypeInit, memoryTypeFrom } from "./types.ts";

/**
 * A growable linear memory of a store; sizes count pages, offsets bytes.
 *
 * Views go dead when the memory grows, from the host or from wasm: fetch {@link data} anew after anything that may
 * have grown it, or use {@link read} and {@link write}, which copy.
 *
 * Mirrors `wasmtime::Memory`. Spec: JavaScript interface, "Memories".
 *
 * @example
 * ```ts
 * const memory = new Memory(new Store(), { minimum: 1, maximum: 2 });
 * memory.writeString("hello", 16);
 * console.log(memory.readString(16, 5), memory.size); // "hello" 1
 * ```
 */
export class Memory {
  readonly type: MemoryType;
  readonly #store: Store<any>;
  readonly #native: NativeMemory;

  /**
   * @param store - the store it belongs to
   * @param type - limits in pages
   * @throws {TypeError} the type is malformed
   * @throws {WasmlinkError} the type breaks a rule of memory types, or is shared
   * @throws {LimitError} the store's limits or the engine forbid the size
   * @throws {UnsupportedError} the JavaScript engine lacks the type
   */
  constructor(store: Store<any>, type: MemoryTypeInit);
  /** @internal */
  constructor(store: Store<any>, type: MemoryType, native: NativeMemory);
  constructor(store: Store<any>, type: MemoryTypeInit, native?: NativeMemory) {
    this.#store = storeFrom(store);
    this.type = memoryTypeFrom(type);
    if (native === undefined && this.type.shared)
      throw new WasmlinkError("shared memories must be created through `SharedMemory`");
    if (native === undefined) this.#store.resources.allowMemory(this.type);
    this.#native = native ?? defineMemory(this.type);
    associateItem(this.#native, this);
  }

  /** The store it belongs to. */
  get store(): Store<any> {
    return this.#store;
  }

  /** Current size in pages; {@link type} keeps the declared one. */
  get size(): number {
    return this.byteLength / this.type.pageSize;
  }

  /** Current size in bytes. */
  get byteLength(): number {
    return this.#buffer.byteLength;
  }

  /** Bytes in a page. */
  get pageSize(): number {
    return this.type.pageSize;
  }

  /**
   * Adds pages; every view of the memory goes dead.
   * @returns the size before, in pages
   * @throws {RangeError} "cannot grow by negative amount"
   * @throws {LimitError} the maximum, the store's limits or the engine forbid it
   */
  grow(deltaPages: number): number {
    const delta = growthArgument(deltaPages);
    const refused = () => new LimitError(`failed to grow memory by \`${delta}\``);
    if (!this.#store.resources.allowMemoryGrowth(this.size, delta, this.type)) throw refused();
    const before = growNative(this.#native, this.type, delta);
    if (before === undefined) {
      this.#store.resources.growthFailed("memory", "Memory maximum size exceeded");
      throw refused();
    }
    return before;
  }

  /** A view of the whole memory, for this moment: dead after a grow. */
  data(): Uint8Array {
    return new Uint8Array(this.#buffer);
  }

  /** A copy of a range of bytes, chosen as `Array.prototype.slice` does. */
  read(start = 0, stop?: number): Uint8Array {
    return this.data().slice(start, stop);
  }

  /**
   * Copies bytes into the memory; a negative start counts from the end.
   * @returns the number of bytes written
   * @throws {RangeError} they do not fit
   */
  write(bytes: Uint8Array, start = 0): number {
    return writeBytes(this.data(), bytes, start);
  }

  /**
   * Decodes UTF-8.
   * @throws {RangeError} the range is not inside the memory
   * @throws {TypeError} the bytes are not UTF-8
   */
  readString(pointer: number, byteLength: number): string {
    return readText(this.data(), pointer, byteLength);
  }

  /**
   * Encodes UTF-8, without a terminator.
   * @returns the number of bytes written
   * @throws {RangeError} they do not fit
   */
  writeString(text: string, pointer: number): number {
    return writeText(this.data(), text, pointer);
  }

  /** @internal */
  get native(): NativeMemory {
    return this.#native;
  }

  get #buffer(): ArrayBuffer {
    this.#store.assertOpen();
    return this.#native.buffer as ArrayBuffer;
  }
}

/** The Memory or SharedMemory of a native memory. @internal */
export function memoryOf(native: NativeMemory, type: MemoryType, store: Store<any>): Memory | SharedMemory {
  const known = knownItem<Memory | SharedMemory>(native);
  if (known !== undefined) return known;
  return type.shared ? sharedMemoryOf(native, type, store.engine) : new Memory(store, type, native);
}
