/**
 * Threads of the command-line tool that get one request and give one answer.
 *
 * @packageDocumentation
 */
import { parentPort, Worker, workerData } from "node:worker_threads";

/**
 * Runs a module in a thread of its own.
 *
 * @param module - finds `request` in {@link threadRequest} and passes its answer to {@link answer}
 * @param request - is cloned; shared memories stay shared
 * @returns the answer; rejected when the thread ends without one
 */
export function runThread(module: URL, request: unknown): Promise<unknown> {
  const worker = new Worker(module, { workerData: request });
  return new Promise((resolve, reject) => {
    worker.on("message", resolve);
    worker.on("error", reject);
    worker.on("messageerror", reject);
    worker.on("exit", (status) => reject(new Error(`the thread ended with status ${status}`)));
  });
}

/** In a thread: what it was started with. */
export const threadRequest: unknown = workerData;

/** In a thread: answers the request. */
export function answer(result: unknown): void {
  parentPort?.postMessage(result);
}
