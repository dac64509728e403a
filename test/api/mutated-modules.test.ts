/** Damaged modules through the public face: each works as the JavaScript engine says, or is refused by a typed error. */
import { expect, test } from "vitest";
import {
  CompileError,
  Engine,
  Linker,
  Module,
  Store,
  UnsupportedError,
  WasmlinkError,
} from "../../src/index.ts";
import { corpus, mutated, randomNumbers } from "../binary/mutants.ts";

const native = (globalThis as any).WebAssembly;
const engine = new Engine();

test("10,000 damaged modules compile, link and run, or are refused", { timeout: 120_000 }, () => {
  const random = randomNumbers(7);
  let working = 0;
  for (let count = 0; count < 10_000; count++) {
    const bytes = mutated(corpus[random(corpus.length)]!, random);
    const module = compiled(bytes);
    expect(module !== undefined).toBe(native.validate(bytes));
    if (module === undefined) continue;
    working++;
    inspect(module);
    instantiate(module);
  }
  expect(working).toBeGreaterThan(100);
});

function compiled(bytes: Uint8Array): Module | undefined {
  try {
    return new Module(engine, bytes);
  } catch (error) {
    if (error instanceof CompileError || error instanceof UnsupportedError) return undefined;
    throw error;
  }
}

/** Asks for everything there is to ask of a module. */
function inspect(module: Module): void {
  for (const { type } of [...module.imports, ...module.exports]) expect(type.kind).toBeTypeOf("string");
  expect(module.name === undefined || typeof module.name === "string").toBe(true);
  module.customSections("note");
  expect(Module.deserialize(engine, module.serialize()).exports).toEqual(module.exports);
}

function instantiate(module: Module): void {
  const store = new Store(engine);
  store.setLimits({ memorySize: 1 << 20, tableElements: 1000 });
  try {
    new Linker(engine).defineUnknownImportsAsDefaultValues(store, module).instantiate(store, module);
  } catch (error) {
    if (!(error instanceof WasmlinkError)) throw error;
  }
}
