import { describe, expect, it } from "vitest";
import { platform } from "../../src/platform/web.ts";

describe("the platform of the web", () => {
  it("has clocks and random bytes, no files and no standard streams", () => {
    expect(platform.fileSystem).toBeUndefined();
    expect(platform.stdio).toBeUndefined();
    expect(Math.abs(Number(platform.realtimeNs() / 1_000_000n) - Date.now())).toBeLessThan(60_000);
    const start = platform.monotonicNs();
    platform.sleep(2_000_000n);
    platform.sleep(0n);
    expect(platform.monotonicNs() - start).toBeGreaterThan(1_000_000n);
    const bytes = new Uint8Array(64);
    platform.fillRandom(bytes);
    expect(new Set(bytes).size).toBeGreaterThan(8);
  });
});
