/**
 * Ticks of the epoch from a thread of their own: nothing on a thread that runs wasm can interrupt it.
 *
 * @packageDocumentation
 */
import { platform } from "#platform";
import { UnsupportedError } from "../errors.ts";
import { show } from "./arguments.ts";
import type { EpochClock } from "./epoch.ts";

/** An interval as a caller gave it, in milliseconds. */
export function intervalArgument(intervalMs: unknown): number {
  if (typeof intervalMs !== "number")
    throw new TypeError(`Expected \`intervalMs\` to be a number, got ${show(intervalMs)}`);
  if (!(intervalMs > 0 && intervalMs < Number.POSITIVE_INFINITY))
    throw new RangeError(`Expected \`intervalMs\` to be positive, got ${show(intervalMs)}`);
  return intervalMs;
}

/** Ticks that can be stopped: what the library `esnext.disposable` calls a `Disposable`. */
export interface EpochTicker {
  /**
   * Kept once the epoch moves; rejected with an `UnsupportedError` when the thread cannot be started.
   *
   * Browsers start a thread only while yours is idle: await this before calling a guest that may not end.
   */
  readonly started: Promise<void>;
  /** Stops the ticks. */
  [Symbol.dispose](): void;
}

/** Increments the epoch regularly until it is disposed of. */
export function startTicker(clock: EpochClock, intervalMs: number): EpochTicker {
  const { buffer } = clock.handle;
  if (platform.startTicker === undefined || buffer instanceof ArrayBuffer)
    throw new UnsupportedError(
      "epochTicker",
      "host",
      "this environment has no threads that share memory; increment the epoch from host functions or use setCallTimeout",
    );
  const { started, stop } = platform.startTicker(buffer, intervalMs);
  return { started, [Symbol.dispose]: stop };
}
