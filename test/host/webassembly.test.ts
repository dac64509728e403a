import { afterEach, describe, expect, it, vi } from "vitest";
import { UnsupportedError } from "../../src/errors.ts";

describe("webAssembly", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it("is the global, and stays it when the global is replaced", async () => {
    const { webAssembly } = await import("../../src/host/webassembly.ts");
    const namespace = (globalThis as any).WebAssembly;
    expect(webAssembly()).toBe(namespace);
    vi.stubGlobal("WebAssembly", {});
    expect(webAssembly()).toBe(namespace);
  });

  it("throws UnsupportedError where there is none", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    const { webAssembly } = await import("../../src/host/webassembly.ts");
    expect(webAssembly).toThrow(UnsupportedError);
    expect(webAssembly).toThrow("this JavaScript environment has no WebAssembly");
  });
});
