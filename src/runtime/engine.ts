/**
 * Engine: the configuration that modules, linkers and stores share.
 *
 * @packageDocumentation
 */
import type { Feature } from "../binary/opcodes.ts";
import { WasmlinkError } from "../errors.ts";
import { engineFeatures } from "../host/features.ts";
import type { Metering } from "../rewrite/instrument.ts";
import { show } from "./arguments.ts";
import { EpochClock, type EpochHandle, incrementEpoch } from "./epoch.ts";
import { type EpochTicker, intervalArgument, startTicker } from "./ticker.ts";
import { TypeRegistry } from "./type-registry.ts";

/** What an {@link Engine} can be asked for; everything has wasmtime's default. */
export interface EngineOptions {
  /** Default false. Count executed instructions in fuel; see {@link Store.setFuel}. */
  readonly consumeFuel?: boolean;
  /** Default false. Let guests be stopped by epochs; see {@link Store.setEpochDeadline}. */
  readonly epochInterruption?: boolean;
  /** Default 20. Most frames a backtrace shows; 0 turns backtraces off. */
  readonly maxBacktraceFrames?: number;
  /** Default false. Whether shared memories may be created. */
  readonly sharedMemory?: boolean;
  /** Default true. Atomic instructions and shared memory types. */
  readonly wasmThreads?: boolean;
  /** Default true. */
  readonly wasmTailCall?: boolean;
  /** Default true. */
  readonly wasmReferenceTypes?: boolean;
  /** Default true. Cannot be switched off while `wasmRelaxedSimd` is on. */
  readonly wasmSimd?: boolean;
  /** Default true. */
  readonly wasmRelaxedSimd?: boolean;
  /** Default true. */
  readonly wasmBulkMemory?: boolean;
  /** Default true. */
  readonly wasmMultiValue?: boolean;
  /** Default true. */
  readonly wasmMultiMemory?: boolean;
  /** Default true. */
  readonly wasmMemory64?: boolean;
  /** Default true. Covers the legacy encoding of exceptions as well, where the JavaScript engine has it. */
  readonly wasmExceptions?: boolean;
  /** Default true. */
  readonly wasmFunctionReferences?: boolean;
  /** Default true. */
  readonly wasmGc?: boolean;
  /** Default true. */
  readonly wasmExtendedConst?: boolean;
  /** Default true. */
  readonly wasmWideArithmetic?: boolean;
  /** Default false. */
  readonly wasmCustomPageSizes?: boolean;
}

const defaults: Readonly<Required<EngineOptions>> = {
  consumeFuel: false,
  epochInterruption: false,
  maxBacktraceFrames: 20,
  sharedMemory: false,
  wasmThreads: true,
  wasmTailCall: true,
  wasmReferenceTypes: true,
  wasmSimd: true,
  wasmRelaxedSimd: true,
  wasmBulkMemory: true,
  wasmMultiValue: true,
  wasmMultiMemory: true,
  wasmMemory64: true,
  wasmExceptions: true,
  wasmFunctionReferences: true,
  wasmGc: true,
  wasmExtendedConst: true,
  wasmWideArithmetic: true,
  wasmCustomPageSizes: false,
};

/** What cannot be switched off (of custom descriptors the JavaScript engine decides), and what each gate switches on. */
const ungated: readonly Feature[] = ["mvp", "signExtension", "saturatingFloatToInt", "customDescriptors"];
const gates: { readonly [K in keyof EngineOptions]?: readonly Feature[] } = {
  wasmThreads: ["threads"],
  wasmTailCall: ["tailCall"],
  wasmReferenceTypes: ["referenceTypes"],
  wasmSimd: ["simd"],
  wasmRelaxedSimd: ["relaxedSimd"],
  wasmBulkMemory: ["bulkMemory"],
  wasmMultiValue: ["multiValue"],
  wasmMultiMemory: ["multiMemory"],
  wasmMemory64: ["memory64"],
  wasmExceptions: ["exceptions", "legacyExceptions"],
  wasmFunctionReferences: ["functionReferences"],
  wasmGc: ["gc"],
  wasmExtendedConst: ["extendedConst"],
  wasmWideArithmetic: ["wideArithmetic"],
  wasmCustomPageSizes: ["customPageSizes"],
};

function optionsFrom(given: EngineOptions): Readonly<Required<EngineOptions>> {
  if (typeof given !== "object" || given === null)
    throw new TypeError(`Expected the options of an Engine to be an object, got ${show(given)}`);
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, key)) throw new TypeError(`Unknown Engine option \`${key}\``);
    const expected = typeof defaults[key as keyof EngineOptions];
    if (value !== undefined && typeof value !== expected)
      throw new TypeError(`Expected the Engine option \`${key}\` to be a ${expected}, got ${show(value)}`);
  }
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options: Required<EngineOptions> = { ...defaults, ...present };
  const { maxBacktraceFrames } = options;
  if (!Number.isSafeInteger(maxBacktraceFrames) || maxBacktraceFrames < 0)
    throw new RangeError(
      `Expected the Engine option \`maxBacktraceFrames\` to be a non-negative integer, got ${show(maxBacktraceFrames)}`,
    );
  if (options.wasmRelaxedSimd && !options.wasmSimd)
    throw new WasmlinkError("cannot disable the simd proposal but enable the relaxed simd proposal");
  return Object.freeze(options);
}

/**
 * Configuration shared by modules, linkers and stores.
 *
 * Things of two engines never mix, even when the options are equal. An unknown or mistyped option is refused.
 *
 * Mirrors `wasmtime::Engine` together with `wasmtime::Config`.
 *
 * @example
 * ```ts
 * const engine = new Engine({ wasmThreads: false });
 * console.log(engine.options.maxBacktraceFrames); // 20
 * ```
 */
export class Engine {
  /** Every option with its value, frozen. */
  readonly options: Readonly<Required<EngineOptions>>;
  /** @internal */
  readonly types = new TypeRegistry();
  #clock: EpochClock | undefined;
  /** @internal */
  readonly enabledFeatures: ReadonlySet<Feature>;

  /**
   * @param options - what differs from the defaults
   * @throws {TypeError} an option is unknown or has the wrong type
   * @throws {RangeError} `maxBacktraceFrames` is not a non-negative integer
   * @throws {WasmlinkError} the options contradict each other
   */
  constructor(options: EngineOptions = {}) {
    this.options = optionsFrom(options);
    const enabled = new Set(ungated);
    for (const [gate, features] of Object.entries(gates)) {
      if (this.options[gate as keyof EngineOptions]) for (const feature of features) enabled.add(feature);
    }
    this.enabledFeatures = enabled;
  }

  /**
   * Moves the epoch on by one: guests whose deadline it reaches are stopped at their next check. May be called from a
   * host function; from other threads through {@link epochHandle}.
   *
   * Mirrors `wasmtime::Engine::increment_epoch`.
   */
  incrementEpoch(): void {
    incrementEpoch(this.clock.handle);
  }

  /** What to post to another thread for {@link incrementEpoch} there. */
  get epochHandle(): EpochHandle {
    return this.clock.handle;
  }

  /**
   * Moves the epoch on regularly, from a thread of its own; in browsers only once {@link EpochTicker.started} is kept.
   *
   * @param options - `intervalMs`: time between ticks, in milliseconds
   * @returns what stops the ticks when it is disposed of
   * @throws {TypeError} `intervalMs` is not a number
   * @throws {RangeError} `intervalMs` is not positive
   * @throws {UnsupportedError} the environment has no threads with shared memory
   */
  startEpochTicker(options: { readonly intervalMs: number }): EpochTicker {
    return startTicker(this.clock, intervalArgument(options?.intervalMs));
  }

  /** What code of this engine's modules is instrumented with. @internal */
  get metering(): Metering | undefined {
    // Fuel that is handed out in slices gives the host the moments to look at the epoch.
    if (this.options.consumeFuel) return "fuel";
    if (!this.options.epochInterruption) return undefined;
    return this.clock.flagMemory === undefined ? "epochCountdown" : "epochFlag";
  }

  /** @internal */
  get clock(): EpochClock {
    this.#clock ??= new EpochClock();
    return this.#clock;
  }

  /** What the JavaScript engine underneath supports, by the name of the proposal; probed once. */
  static features(): Readonly<Record<string, boolean>> {
    return engineFeatures();
  }
}

/** Narrows an argument to an Engine. @internal */
export function assertEngine(value: unknown): asserts value is Engine {
  if (!(value instanceof Engine)) throw new TypeError(`Expected an Engine, got ${show(value)}`);
}
