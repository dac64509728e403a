/**
 * Store: the owner of instances and of everything they hold.
 *
 * @packageDocumentation
 */
import { ClosedError } from "../errors.ts";
import { recordFrames } from "../host/stack.ts";
import type { NativeFunction } from "../host/webassembly.ts";
import { show } from "./arguments.ts";
import { assertEngine, Engine } from "./engine.ts";
import type { Func } from "./func.ts";
import { funcOf } from "./funcref.ts";
import { type ResourceLimiter, type StoreLimits, StoreResources } from "./limits.ts";
import type { Module } from "./module.ts";
import { registerStoreLike } from "./store-like.ts";
import type { WasiHost, WasiHostFactory } from "./wasi-host.ts";

declare global {
  interface SymbolConstructor {
    /** As TypeScript's library `esnext.disposable` declares it, for projects that do not include it. */
    readonly dispose: unique symbol;
  }
}

/** Options of {@link Store}. */
export interface StoreOptions<T> {
  /** What host functions find in {@link Store.data}. */
  readonly data?: T;
}

/**
 * The owner of instances and of everything they hold; items of two stores never mix.
 *
 * Instances stay alive as long as their store: drop the store to free them. {@link close} only forbids further use.
 *
 * Mirrors `wasmtime::Store`. Spec: "Store".
 *
 * @example
 * ```ts
 * const store = new Store(new Engine(), { data: { calls: 0 } });
 * store.data.calls += 1;
 * ```
 */
export class Store<T = undefined> {
  readonly engine: Engine;
  /** What the host keeps with the store; host functions reach it through {@link Caller.data}. */
  data: T;
  /** @internal */
  readonly resources = new StoreResources();
  /** Modules with instances here: where frames and function references come from. @internal */
  readonly modules = new Set<Module>();
  /** What the functions of WASI work on. @internal */
  wasi: WasiHost | undefined;
  /** @internal */
  isClosed = false;

  /**
   * @param engine - whose modules the store can run; a new one by default
   * @param options - the store's data
   * @throws {TypeError} `engine` is not an Engine
   */
  constructor(engine: Engine = new Engine(), options: StoreOptions<T> = {}) {
    assertEngine(engine);
    recordFrames(engine.options.maxBacktraceFrames);
    this.engine = engine;
    this.data = options.data as T;
    registerStoreLike(this, () => {
      this.assertOpen();
      return this;
    });
  }

  /**
   * Bounds what instances of the store may use from now on. Replaces earlier limits and a limiter.
   * @throws {TypeError} a limit is unknown or not a number
   * @throws {RangeError} a limit is not a non-negative integer
   */
  setLimits(limits: StoreLimits): void {
    this.assertOpen();
    this.resources.setLimits(limits);
  }

  /** Lets the host decide about each creation and growth. Replaces earlier limits. */
  setLimiter(limiter: ResourceLimiter): void {
    this.assertOpen();
    this.resources.setLimiter(limiter);
  }

  /**
   * Gives the store's instances what the configuration grants them: {@link Linker.defineWasi} defines the functions,
   * this makes them work. Replaces an earlier context and closes its files.
   *
   * Mirrors wasmtime-py's `Store.set_wasi`.
   *
   * @throws {TypeError} `config` is not a WasiConfig
   * @throws {WasmlinkError} a directory cannot be opened
   * @throws {UnsupportedError} the host lacks what the configuration names
   */
  setWasi(config: WasiHostFactory): void {
    this.assertOpen();
    if (typeof config?.createHost !== "function")
      throw new TypeError(`Expected a WasiConfig, got ${show(config)}`);
    const wasi = config.createHost();
    this.wasi?.close();
    this.wasi = wasi;
  }

  /** Asks the JavaScript engine to collect garbage, where it lets itself be asked (`--expose-gc`). */
  gc(): void {
    this.assertOpen();
    (globalThis as { gc?: () => void }).gc?.();
  }

  /** Forbids all further use of the store and its items and closes its WASI files; harmless when repeated. */
  close(): void {
    this.isClosed = true;
    this.wasi?.close();
  }

  /** {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal */
  assertOpen(): void {
    if (this.isClosed) throw new ClosedError();
  }

  /** The Func of a function reference that came out of wasm. @internal */
  funcOf(native: NativeFunction): Func {
    return funcOf(native, this);
  }
}
