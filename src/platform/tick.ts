/**
 * The loop of a thread that moves an epoch on, until the thread is terminated.
 *
 * Threads also start from this function's text, so it names nothing from outside but what every thread has. The page is
 * laid out as `runtime/epoch.ts` says: the flag first, the epoch behind it.
 */
export function tick(buffer: SharedArrayBuffer, intervalMs: number): void {
  const epoch = new BigInt64Array(buffer, 8, 1);
  const flag = new Int32Array(buffer, 0, 1);
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    Atomics.wait(nobody, 0, 0, intervalMs);
    Atomics.add(epoch, 0, 1n);
    Atomics.store(flag, 0, 1);
  }
}
