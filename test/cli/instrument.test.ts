import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { webAssembly } from "../../src/host/webassembly.ts";
import { Engine, type EngineOptions, Instance, Module, Store } from "../../src/index.ts";
import { thrownBy } from "../support/modules.ts";
import { runCli } from "./run-cli.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wasmlink-instrument-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.concurrent("wasmlink instrument", () => {
  test.each<[string, readonly string[], EngineOptions, (store: Store) => void, string]>([
    ["fuel", ["-W", "fuel"], { consumeFuel: true }, (store) => store.setFuel(1000), "OUT_OF_FUEL"],
    ["fuel=N", ["-Wfuel=5"], { consumeFuel: true }, (store) => store.setFuel(1000), "OUT_OF_FUEL"],
    [
      "epoch-interruption",
      ["-W", "epoch-interruption"],
      { epochInterruption: true },
      (store) => store.setCallTimeout(5),
      "INTERRUPT",
    ],
  ])("writes a module for an engine with %s", async (name, settings, options, bound, trapCode) => {
    const file = join(folder, `${name}.wasm`);
    const outcome = await runCli(["instrument", ...settings, "-", "-o", file], {
      input: '(module (func (export "forever") (loop (br 0))))',
    });
    expect(outcome).toEqual({ status: 0, stdout: "", stderr: "" });
    const bytes = readFileSync(file);
    const engine = new Engine(options);
    const module = Module.fromNative(engine, new (webAssembly().Module)(bytes), bytes);
    const store = new Store(engine);
    bound(store);
    expect(thrownBy(new Instance(store, module, []).exports["forever"]).trapCode).toBe(trapCode);
  });

  test("says why a file cannot be written", async () => {
    const file = join(folder, "missing", "out.wasm");
    const { status, stderr } = await runCli(["instrument", "simple.wat", "-o", file]);
    expect(status).toBe(1);
    expect(stderr).toContain(`Error: failed to write ${JSON.stringify(file)}`);
    expect(stderr).toContain("No such file or directory (os error 2)");
  });

  test("writes nothing of a module that is invalid", async () => {
    const file = join(folder, "invalid.wasm");
    const { status } = await runCli(["instrument", "invalid.wat", "-o", file]);
    expect(status).toBe(1);
    expect(() => readFileSync(file)).toThrow("ENOENT");
  });
});
