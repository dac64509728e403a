/**
 * Epochs that a thread of Node, Deno or Bun moves on.
 *
 * @packageDocumentation
 */
import type { Ticker } from "../host/platform.ts";
import { builtin } from "./builtin.ts";
import { tick } from "./tick.ts";

/** In a URL, because a bundle has no file to start the thread from. */
const thread = `
import { parentPort, workerData } from "node:worker_threads";
parentPort.postMessage("ticking");
(${tick})(workerData.buffer, workerData.intervalMs);`;

export function startNodeTicker(buffer: SharedArrayBuffer, intervalMs: number): Ticker {
  const { Worker } = builtin("node:worker_threads");
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(thread)}`), {
    workerData: { buffer, intervalMs },
  });
  const started = new Promise<void>((resolve, reject) => {
    worker.once("message", () => {
      worker.unref();
      resolve();
    });
    worker.once("error", reject);
    worker.once("exit", () => resolve());
  });
  return { started, stop: () => void worker.terminate() };
}
