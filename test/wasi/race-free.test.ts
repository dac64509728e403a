import { describe, expect, it } from "vitest";
import { hostDirectory, UnsupportedError, WasiConfig } from "../../src/index.ts";
import { portableHostDirectory } from "../../src/wasi/fs/host-directory.ts";
import { hasHandles } from "./backends.ts";

describe("requireRaceFree", () => {
  it("refuses a directory that is known by its path", () => {
    const preopens = { "/": portableHostDirectory(".") };
    expect(() => new WasiConfig({ preopens, requireRaceFree: true }).createHost()).toThrow(UnsupportedError);
    new WasiConfig({ preopens }).createHost().close();
  });

  it.skipIf(!hasHandles)("takes a directory that is held by a handle", () => {
    new WasiConfig({ preopens: { "/": hostDirectory(".") }, requireRaceFree: true }).createHost().close();
  });
});
