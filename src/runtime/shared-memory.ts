/**
 * SharedMemory: a linear memory that several threads and stores use at once.
 *
 * @packageDocumentation
 */
import type { MemoryType } from "../binary/types.ts";
import { LimitError, UnsupportedError, WasmlinkError } from "../errors.ts";
import { engineFeatures } from "../host/features.ts";
import type { NativeMemory } from "../host/webassembly.ts";
import { defineMemory } from "./definitions.ts";
import { assertEngine, type Engine } from "./engine.ts";
import { associateItem, knownItem } from "./extern.ts";
import { growNative, growthArgument } from "./memory-view.ts";
import { type MemoryTypeInit, memoryTypeFrom } from "./types.ts";

/**
 * A linear memory that several threads and stores use at once; it belongs to an engine, not to a store.
 *
 * Post {@link buffer} to a worker and read it there with `Atomics`. A view stays alive when the memory grows but keeps
 * its length. Browsers let only cross-origin isolated pages post it.
 *
 * Mirrors `wasmtime::SharedMemory`. Spec: threads proposal.
 *
 * @example
 * ```ts
 * const engine = new Engine({ sharedMemory: true });
 * const memory = new SharedMemory(engine, { minimum: 1, maximum: 2, shared: true });
 * Atomics.add(new Int32Array(memory.buffer), 0, 5);
 * console.log(memory.data()[0]); // 5
 * ```
 */
export class SharedMemory {
  readonly type: MemoryType;
  readonly #engine: Engine;
  readonly #native: NativeMemory;

  /**
   * @param engine - an engine whose option `sharedMemory` is on
   * @param type - limits in pages, with `shared: true` and a maximum
   * @throws {TypeError} an argument has the wrong type
   * @throws {UnsupportedError} the engine's options or the JavaScript engine do not allow shared memory
   * @throws {WasmlinkError} the type is not that of a shared memory
   * @throws {LimitError} the JavaScript engine has no room for the size
   */
  constructor(engine: Engine, type: MemoryTypeInit);
  /** @internal */
  constructor(engine: Engine, type: MemoryType, native: NativeMemory);
  constructor(engine: Engine, type: MemoryTypeInit, native?: NativeMemory) {
    assertEngine(engine);
    this.#engine = engine;
    this.type = memoryTypeFrom(type);
    if (native === undefined) {
      if (!this.type.shared)
        throw new WasmlinkError("shared memory must have the `shared` flag enabled on its memory type");
      assertSharedMemory(engine);
    }
    this.#native = native ?? defineMemory(this.type);
    associateItem(this.#native, this);
  }

  /** The engine it belongs to. */
  get engine(): Engine {
    return this.#engine;
  }

  /** Current size in pages. */
  get size(): number {
    return this.byteLength / this.type.pageSize;
  }

  /** Current size in bytes. */
  get byteLength(): number {
    return this.buffer.byteLength;
  }

  /** The bytes as they can be posted to another thread. */
  get buffer(): SharedArrayBuffer {
    return this.#native.buffer as SharedArrayBuffer;
  }

  /**
   * Adds pages, in every thread.
   * @returns the size before, in pages
   * @throws {RangeError} "cannot grow by negative amount"
   * @throws {LimitError} the maximum or the engine forbid it
   */
  grow(deltaPages: number): number {
    const delta = growthArgument(deltaPages);
    const before = growNative(this.#native, this.type, delta);
    if (before === undefined) throw new LimitError(`failed to grow memory by \`${delta}\``);
    return before;
  }

  /** A view of the memory as long as it is now. */
  data(): Uint8Array {
    return new Uint8Array(this.buffer);
  }

  /** @internal */
  get native(): NativeMemory {
    return this.#native;
  }
}

/** Refuses to create shared memory where the engine's options or the JavaScript engine forbid it. @internal */
export function assertSharedMemory(engine: Engine): void {
  if (!engine.options.sharedMemory)
    throw new UnsupportedError(
      "sharedMemory",
      "config",
      "shared memory support is disabled for this engine -- see `Config::shared_memory`",
    );
  if (!engineFeatures()["threads"])
    throw new UnsupportedError(
      "threads",
      "host",
      "this JavaScript engine has no shared memory for WebAssembly",
    );
}

/** The SharedMemory of a native memory. @internal */
export function sharedMemoryOf(native: NativeMemory, type: MemoryType, engine: Engine): SharedMemory {
  return knownItem<SharedMemory>(native) ?? new SharedMemory(engine, type, native);
}
