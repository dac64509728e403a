import { UnsupportedError } from "../errors.ts";
import { webAssembly } from "../host/webassembly.ts";

const longestMs = 2 ** 30;
let cell: Int32Array | undefined;

/** Blocks the thread. Nobody notifies the cell, so only time wakes it. */
export function blockingSleep(nanoseconds: bigint): void {
  if (nanoseconds <= 0n) return;
  const milliseconds = Math.min(Number(nanoseconds) / 1e6, longestMs);
  try {
    cell ??= sharedCell();
    Atomics.wait(cell, 0, 0, milliseconds);
  } catch (cause) {
    throw new UnsupportedError(
      "blocking sleep",
      "host",
      "this thread cannot block: run the guest in a worker, in some browsers one of a cross-origin isolated page, or " +
        "give `clock.sleep`",
      { cause },
    );
  }
}

/** Workers of pages that are not isolated have shared memories, but no `SharedArrayBuffer`. */
function sharedCell(): Int32Array {
  const { Memory } = webAssembly();
  return new Int32Array(new Memory({ initial: 1, maximum: 1, shared: true }).buffer);
}
