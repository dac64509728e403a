import { expect, test } from "vitest";
import {
  CrossStoreError,
  Engine,
  Func,
  IncompatibleImportError,
  Linker,
  Memory,
  Module,
  Store,
  wat2wasm,
} from "../../src/index.ts";
import { requires, thrownBy } from "../support/modules.ts";

const engine = new Engine();
const nothing = { params: [], results: [] };

test("linker.defineImports refuses what is no import object", () => {
  const linker = new Linker(engine);
  const store = new Store(engine);
  for (const imports of [null, { env: null }, { env: 1 }] as any[]) {
    expect(thrownBy(() => linker.defineImports(store, imports))).toMatchObject({
      name: "TypeError",
      message: expect.stringMatching(/^Expected an import object, got /),
    });
  }
});

test("linker.defineImports defines items as what they are, with their types", () => {
  const store = new Store(engine);
  const memory = new Memory(store, { minimum: 1 });
  const func = new Func(store, { params: ["i32"], results: [] }, () => {});
  const linker = new Linker(engine).defineImports(store, { env: { memory, func } } as any);
  expect(linker.get(store, "env", "memory")).toBe(memory);
  expect(linker.get(store, "env", "func")).toBe(func);
  const module = new Module(engine, '(module (import "env" "func" (func (param i64))))');
  expect(() => linker.instantiate(store, module)).toThrow(IncompatibleImportError);
});

test("linker.defineImports refuses items of another store", () => {
  const func = new Func(new Store(engine), nothing, () => {});
  const linker = new Linker(engine);
  expect(() => linker.defineImports(new Store(engine), { env: { func } } as any)).toThrow(CrossStoreError);
});

test("a guest cannot catch what an item throws that came with linker.defineImports", (context) => {
  requires(context, "legacyExceptions");
  const store = new Store(engine);
  const error = new Error("mine");
  const func = new Func(store, nothing, () => {
    throw error;
  });
  const linker = new Linker(engine).defineImports(store, { env: { func } } as any);
  const guest = linker.instantiate(
    store,
    new Module(
      engine,
      '(module (import "env" "func" (func $f)) (func (export "run") (try (do (call $f)) (catch_all))))',
    ),
  );
  expect(thrownBy(() => guest.exports["run"]())).toBe(error);
});

test("foreign code finds what a host function threw as the cause of a trap", () => {
  const store = new Store(engine);
  const error = new Error("mine");
  const linker = new Linker(engine).defineFunc("host", "f", nothing, () => {
    throw error;
  });
  const bytes = wat2wasm('(module (import "host" "f" (func $f)) (func (export "run") (call $f)))');
  const { Instance, Module: NativeModule, RuntimeError } = (globalThis as any).WebAssembly;
  const imports = linker.toImports(store, new Module(engine, bytes));
  const thrown = thrownBy(() => new Instance(new NativeModule(bytes), imports).exports.run());
  expect(thrown).toBeInstanceOf(RuntimeError);
  expect(thrown.cause).toBe(error);
});
