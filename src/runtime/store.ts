/**
 * Store: the owner of instances and of everything they hold.
 *
 * @packageDocumentation
 */
import { ClosedError, WasmlinkError } from "../errors.ts";
import { recordFrames } from "../host/stack.ts";
import type { NativeFunction } from "../host/webassembly.ts";
import { growsAnything } from "../rewrite/growth.ts";
import { show } from "./arguments.ts";
import type { Code, Flavour } from "./code.ts";
import { Deadlines, type EpochCallback, timeoutArgument } from "./deadlines.ts";
import { assertEngine, Engine } from "./engine.ts";
import { sizeArgument } from "./extern.ts";
import { FuelTank, fuelArgument } from "./fuel.ts";
import type { Func } from "./func.ts";
import { funcOf } from "./funcref.ts";
import {
  concernsGrowth,
  limitsFrom,
  type ResourceLimiter,
  type StoreLimits,
  StoreResources,
} from "./limits.ts";
import type { Module } from "./module.ts";
import { asStore } from "./store-like.ts";
import type { WasiHost, WasiHostFactory } from "./wasi-host.ts";

declare global {
  interface SymbolConstructor {
    /** As TypeScript's library `esnext.disposable` declares it, for projects that do not include it. */
    readonly dispose: unique symbol;
  }
}

/** Most fuel handed out at once where the epoch has to be looked at in between: about half a millisecond's worth. */
const fuelSlice = 500_000n;

/** Options of {@link Store}. */
export interface StoreOptions<T> {
  /** What host functions find in {@link Store.data}. */
  readonly data?: T;
}

/**
 * The owner of instances and of everything they hold; items of two stores never mix.
 *
 * Instances stay alive as long as their store: drop the store to free them. {@link close} only forbids further use:
 * from then on everything else throws a {@link ClosedError}.
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
  /** Code with instances here, and its modules: where frames and function references come from. @internal */
  readonly code = new Map<Code, Module>();
  /** Undefined where the engine does not count fuel. @internal */
  readonly fuel: FuelTank | undefined;
  /** Undefined where the engine's epoch interrupts nothing. @internal */
  readonly deadlines: Deadlines | undefined;
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
    const { consumeFuel, epochInterruption } = engine.options;
    if (consumeFuel) this.fuel = new FuelTank(epochInterruption ? fuelSlice : undefined);
    if (epochInterruption) this.deadlines = new Deadlines(this, engine.clock);
  }

  /**
   * Sets how much guests of this store may execute from now on; an instruction costs about one unit.
   *
   * A store starts without fuel. When it runs out, the guest stops with the trap `OUT_OF_FUEL`.
   *
   * @param fuel - 0 to 2^64 - 1
   * @throws {WasmlinkError} the engine's option `consumeFuel` is off
   * @throws {TypeError} `fuel` is not an integer
   * @throws {RangeError} `fuel` is out of range
   */
  setFuel(fuel: number | bigint): void {
    this.#fuelTank().balance = fuelArgument(fuel);
  }

  /**
   * What is left of the fuel; exact in host functions too.
   * @throws {WasmlinkError} the engine's option `consumeFuel` is off
   */
  getFuel(): bigint {
    return this.#fuelTank().balance;
  }

  /**
   * Sets the epoch at which guests of this store stop, counted from the engine's current one. Without the engine's
   * option `epochInterruption` it has no effect; with it, a store whose deadline was never set stops at once, unless
   * {@link setCallTimeout} bounds its calls.
   *
   * @param ticksBeyondCurrent - a non-negative integer
   * @throws {TypeError} the argument is not a number
   * @throws {RangeError} it is not a non-negative integer
   */
  setEpochDeadline(ticksBeyondCurrent: number): void {
    this.assertOpen();
    this.deadlines?.setEpoch(BigInt(sizeArgument(ticksBeyondCurrent, "ticksBeyondCurrent")));
  }

  /**
   * Calls the host when the deadline has passed: it says for how many more ticks to go on, or `"trap"`. What it throws
   * stops the guest and reaches the host's caller as it is.
   *
   * @param callback - gets the store; 0 ticks ask again at the guest's next check
   * @throws {TypeError} `callback` is not a function
   */
  epochDeadlineCallback(callback: EpochCallback<T>): void {
    this.assertOpen();
    if (typeof callback !== "function") throw new TypeError(`Expected a function, got ${show(callback)}`);
    this.deadlines?.setCallback(callback);
  }

  /** Lets guests trap with `INTERRUPT` when the deadline has passed, which is the default. */
  epochDeadlineTrap(): void {
    this.assertOpen();
    this.deadlines?.setCallback(undefined);
  }

  /**
   * Bounds the time of each outermost call into wasm from now on; a guest that takes longer traps with `INTERRUPT`.
   * Time in host functions counts, but only guests and blocking WASI calls are stopped.
   *
   * Set it before the first instance if the store also has an epoch deadline: code that was instantiated with only
   * that one is several times slower in bounded calls.
   *
   * @param milliseconds - undefined takes the bound away
   * @throws {WasmlinkError} the engine's option `epochInterruption` is off
   * @throws {TypeError} `milliseconds` is not a number
   * @throws {RangeError} it is negative
   */
  setCallTimeout(milliseconds: number | undefined): void {
    this.assertOpen();
    if (this.deadlines === undefined)
      throw new WasmlinkError("epoch interruption is not configured in this store");
    this.deadlines.setTimeout(milliseconds === undefined ? undefined : timeoutArgument(milliseconds));
  }

  /**
   * Bounds what instances of the store may use from now on. Replaces earlier limits and a limiter.
   *
   * Set them before the first instance: code that was instantiated without limits grows without asking.
   *
   * @throws {TypeError} a limit is unknown or not a number
   * @throws {RangeError} a limit is not a non-negative integer
   * @throws {WasmlinkError} an instance that was made without limits could grow in spite of them
   */
  setLimits(limits: StoreLimits): void {
    this.assertOpen();
    const checked = limitsFrom(limits);
    if (concernsGrowth(checked)) this.#assertGrowthIsGuarded();
    this.resources.setLimits(checked);
  }

  /**
   * Lets the host decide about each creation and growth. Replaces earlier limits. Set it before the first instance, as
   * limits.
   *
   * @throws {TypeError} `limiter` is not an object
   * @throws {WasmlinkError} an instance that was made without limits could grow in spite of it
   */
  setLimiter(limiter: ResourceLimiter): void {
    this.assertOpen();
    this.#assertGrowthIsGuarded();
    this.resources.setLimiter(limiter);
  }

  #assertGrowthIsGuarded(): void {
    for (const [{ guardsGrowth }, module] of this.code) {
      if (!guardsGrowth && growsAnything(module.info))
        throw new WasmlinkError(
          "the store has an instance that grows without asking: set limits before the first instance",
        );
    }
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

  /** What code has to be like to run here. @internal */
  flavour(separateImports: boolean): Flavour {
    const { metering } = this.engine;
    // A flag needs somebody to raise it; code that counts down looks at the clock by itself.
    const countsDown = metering === "epochFlag" && this.deadlines!.mayTimeOut;
    return {
      metering: countsDown ? "epochCountdown" : metering,
      guardGrowth: this.resources.isLimited,
      separateImports,
    };
  }

  #fuelTank(): FuelTank {
    this.assertOpen();
    if (this.fuel === undefined) throw new WasmlinkError("fuel is not configured in this store");
    return this.fuel;
  }

  /** @internal */
  [asStore](): this {
    this.assertOpen();
    return this;
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
