/**
 * The loop of a thread that moves an epoch on. Plain JavaScript: a worker starts from the file as it is.
 *
 * The page is laid out as `runtime/epoch.ts` says: the flag first, the epoch behind it.
 */

/**
 * Never returns; the thread is terminated.
 *
 * @param {SharedArrayBuffer} buffer the page of the engine's epoch
 * @param {number} intervalMs time between ticks, in milliseconds
 */
export function tick(buffer, intervalMs) {
  const epoch = new BigInt64Array(buffer, 8, 1);
  const flag = new Int32Array(buffer, 0, 1);
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    Atomics.wait(nobody, 0, 0, intervalMs);
    Atomics.add(epoch, 0, 1n);
    Atomics.store(flag, 0, 1);
  }
}
