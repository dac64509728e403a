/**
 * Starts the threads of test scripts.
 *
 * @packageDocumentation
 */
import { runThread } from "../platform/worker.ts";
import type { CommandResult, ThreadRequest } from "../wast/index.ts";

// Beside this file in every build: see scripts/bundle.mjs.
const module = new URL("./script-thread.js", import.meta.url);

export function startThread(request: ThreadRequest): Promise<readonly CommandResult[]> {
  return runThread(module, request) as Promise<readonly CommandResult[]>;
}
