/**
 * The platform of browsers and of every other engine without Node's modules: no files, no standard streams.
 *
 * @packageDocumentation
 */
import type { Platform } from "../host/platform.ts";
import { blockingSleep } from "./blocking-sleep.ts";
import { wallClockNs } from "./wall-clock.ts";

/** A web worker; this project's type declarations are not those of the DOM. */
interface WebWorker {
  postMessage(message: unknown): void;
  terminate(): void;
}

const { Worker } = globalThis as { Worker?: new (url: URL, options: { type: "module" }) => WebWorker };

export const platform: Platform = {
  fileSystem: undefined,
  stdio: undefined,
  realtimeNs: wallClockNs,
  monotonicNs: () => BigInt(Math.round(performance.now() * 1e6)),
  fillRandom: (buffer) => {
    crypto.getRandomValues(buffer as Uint8Array<ArrayBuffer>);
  },
  sleep: blockingSleep,
  startTicker:
    Worker &&
    ((buffer, intervalMs) => {
      const worker = new Worker(new URL("./tick-web.js", import.meta.url), { type: "module" });
      worker.postMessage({ buffer, intervalMs });
      return () => worker.terminate();
    }),
};
