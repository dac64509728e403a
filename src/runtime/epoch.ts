/**
 * The epoch of an engine: a number that only grows, and a flag through which running code hears of it.
 *
 * @packageDocumentation
 */
import { createMemory } from "../host/externs.ts";
import { engineFeatures } from "../host/features.ts";
import type { NativeMemory } from "../host/webassembly.ts";
import { Flag } from "../rewrite/hooks.ts";
import { flagMemory } from "../rewrite/instrument.ts";
import { show } from "./arguments.ts";
import { callsInProgress } from "./calls-in-progress.ts";

/** Places in the page that threads share, in units of the views below. Instrumented code reads the flag alone. */
const flagIndex = 0;
const epochIndex = 1;

/**
 * What another thread needs to increment an engine's epoch: post it there and call {@link incrementEpoch}.
 *
 * Without shared memory in the environment it works on the engine's own thread only.
 */
export interface EpochHandle {
  readonly buffer: ArrayBufferLike;
}

/** The epoch of one engine. */
export class EpochClock {
  /** The page with the flag, for instrumented code to import; undefined where code counts down instead. */
  readonly flagMemory: NativeMemory | undefined;
  readonly handle: EpochHandle;
  readonly #flag: Int32Array;
  readonly #epoch: BigInt64Array;

  constructor() {
    const { threads, multiMemory, sharedArrayBuffer } = engineFeatures();
    if (threads && multiMemory && sharedArrayBuffer) this.flagMemory = createMemory(flagMemory);
    const buffer =
      this.flagMemory?.buffer ?? (sharedArrayBuffer ? new SharedArrayBuffer(16) : new ArrayBuffer(16));
    this.handle = Object.freeze({ buffer });
    this.#flag = new Int32Array(buffer, 0, 1);
    this.#epoch = new BigInt64Array(buffer, 8, 1);
  }

  get now(): bigint {
    return Atomics.load(this.#epoch, 0);
  }

  /** Makes running code ask the host at its next check. */
  raiseFlag(): void {
    Atomics.store(this.#flag, flagIndex, Flag.up);
  }

  /** @param keepsCounting - whether running code is to ask all the same, after as many checks as it was told */
  lowerFlag(keepsCounting: boolean): void {
    Atomics.store(this.#flag, flagIndex, keepsCounting ? Flag.counting : Flag.down);
  }
}

/**
 * Increments the epoch of an engine from any thread.
 *
 * @param handle - {@link Engine.epochHandle} of the engine
 * @throws {TypeError} `handle` is none
 */
export function incrementEpoch(handle: EpochHandle): void {
  const buffer = (handle as EpochHandle | null | undefined)?.buffer;
  if (buffer === undefined || buffer.byteLength < 16)
    throw new TypeError(`Expected an EpochHandle, got ${show(handle)}`);
  // The epoch first: whoever sees the flag sees the new epoch.
  Atomics.add(new BigInt64Array(buffer), epochIndex, 1n);
  Atomics.store(new Int32Array(buffer), flagIndex, Flag.up);
  for (const callee of callsInProgress.callees) callee.askSoon();
}
