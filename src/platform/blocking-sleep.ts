import { UnsupportedError } from "../errors.ts";

const longestMs = 2 ** 30;
let cell: Int32Array | undefined;

/** Blocks the thread. Nobody notifies the cell, so only time wakes it. */
export function blockingSleep(nanoseconds: bigint): void {
  if (nanoseconds <= 0n) return;
  const milliseconds = Math.min(Number(nanoseconds) / 1e6, longestMs);
  try {
    cell ??= new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(cell, 0, 0, milliseconds);
  } catch (cause) {
    throw new UnsupportedError(
      "blocking sleep",
      "host",
      "this thread cannot block: run the guest in a worker of a cross-origin isolated page, or give `clock.sleep`",
      { cause },
    );
  }
}
