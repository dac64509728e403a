/**
 * The platform of browsers and of every other engine without Node's modules: no files, no standard streams.
 *
 * @packageDocumentation
 */
import type { Platform } from "../host/platform.ts";
import { blockingSleep } from "./blocking-sleep.ts";
import { wallClockNs } from "./wall-clock.ts";
import { startWebTicker } from "./web-ticker.ts";

export const platform: Platform = {
  fileSystem: undefined,
  stdio: undefined,
  realtimeNs: wallClockNs,
  monotonicNs: () => BigInt(Math.round(performance.now() * 1e6)),
  fillRandom: (buffer) => {
    crypto.getRandomValues(buffer as Uint8Array<ArrayBuffer>);
  },
  sleep: blockingSleep,
  startTicker: startWebTicker,
};
