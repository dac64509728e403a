/** Plain import objects of other toolchains, taken in by `defineImports` and given out by `toImports`. */
import { describe, expect, it } from "vitest";
import {
  CrossStoreError,
  Engine,
  Func,
  Global,
  IncompatibleImportError,
  LinkError,
  Linker,
  Memory,
  Module,
  Store,
  UnknownImportError,
  wat2wasm,
} from "../../src/index.ts";
import { thrownBy } from "../support/modules.ts";

const native = (globalThis as any).WebAssembly;

function setUp() {
  const engine = new Engine();
  return { engine, linker: new Linker(engine), store: new Store(engine) };
}

describe("linker.defineImports", () => {
  it("links every kind of value that glue code makes", () => {
    const { engine, linker, store } = setUp();
    const memory = new native.Memory({ initial: 1 });
    const counter = new native.Global({ value: "i32", mutable: true }, 1);
    linker.defineImports(store, {
      env: {
        memory,
        counter,
        table: new native.Table({ element: "anyfunc", initial: 2 }),
        base: 16,
        wide: 1n << 40n,
        double: (x: number) => x * 2,
      },
    });
    const { exports } = linker.instantiate(
      store,
      new Module(
        engine,
        `(module
          (import "env" "memory" (memory 1)) (import "env" "counter" (global $counter (mut i32)))
          (import "env" "table" (table 2 funcref)) (import "env" "base" (global $base i32))
          (import "env" "wide" (global $wide i64)) (import "env" "double" (func $double (param i32) (result i32)))
          (func (export "run") (result i64)
            (global.set $counter (call $double (global.get $base)))
            (i32.store (i32.const 0) (global.get $counter))
            (global.get $wide)))`,
      ),
    );
    expect(exports["run"]()).toBe(1n << 40n);
    expect(counter.value).toBe(32);
    expect(new Uint8Array(memory.buffer)[0]).toBe(32);
  });

  it("lets a function satisfy any function type", () => {
    const { engine, linker, store } = setUp();
    linker.defineImports(store, { "": { f: (...args: unknown[]) => args.length } });
    for (const type of ["(param i32 i64)", "(result i32)", "(param f32) (result f64)"]) {
      expect(() =>
        linker.instantiate(store, new Module(engine, `(module (import "" "f" (func ${type})))`)),
      ).not.toThrow();
    }
  });

  it("passes on what a function throws as the same object", () => {
    const { engine, linker, store } = setUp();
    const error = new Error("from glue code");
    linker.defineImports(store, {
      "": {
        f: () => {
          throw error;
        },
      },
    });
    const module = new Module(engine, '(module (import "" "f" (func $f)) (func (export "run") call $f))');
    expect(thrownBy(linker.instantiate(store, module).exports["run"])).toBe(error);
  });

  it("knows its own items again", () => {
    const { linker, store } = setUp();
    const memory = new Memory(store, { minimum: 1 });
    const func = new Func(store, { params: [], results: [] }, () => {});
    const imports = new Linker(store.engine)
      .define(store, "a", "memory", memory)
      .define(store, "a", "func", func)
      .toImports(
        store,
        new Module(store.engine, '(module (import "a" "memory" (memory 1)) (import "a" "func" (func)))'),
      );
    linker.defineImports(store, imports);
    expect(linker.get(store, "a", "memory")).toBe(memory);
    expect(linker.get(store, "a", "func")).toBe(func);
  });

  it("refuses what WebAssembly cannot import, naming it", () => {
    const { linker, store } = setUp();
    for (const value of ["text", {}, null, undefined, true]) {
      expect(() => linker.defineImports(store, { a: { b: value } })).toThrow(TypeError);
    }
  });

  it("tells a value of the wrong kind before the engine does", () => {
    const { engine, linker, store } = setUp();
    linker.defineImports(store, { a: { b: () => {} } });
    const error = thrownBy(() =>
      linker.instantiate(store, new Module(engine, '(module (import "a" "b" (memory 1)))')),
    );
    expect(error).toBeInstanceOf(LinkError);
    expect(error.message).toBe(
      "incompatible import type for `a::b`\n\nCaused by:\n    expected memory, but found function\n",
    );
  });

  it("turns the engine's own refusal into a LinkError", () => {
    const { engine, linker, store } = setUp();
    linker.defineImports(store, { a: { b: new native.Memory({ initial: 1 }) } });
    const error = thrownBy(() =>
      linker.instantiate(store, new Module(engine, '(module (import "a" "b" (memory 2)))')),
    );
    expect(error).toBeInstanceOf(LinkError);
    expect(error).not.toBeInstanceOf(native.LinkError);
  });

  it("gives values without a type no item and no place in the iteration", () => {
    const { linker, store } = setUp();
    linker.defineImports(store, { a: { b: () => {} } });
    expect(linker.has("a", "b")).toBe(true);
    expect([...linker]).toEqual([]);
    expect(() => linker.get(store, "a", "b")).toThrow(
      "an import of foreign glue code has no type, so it cannot be used as an item",
    );
  });

  it("ties a module that uses them to their store", () => {
    const { engine, linker, store } = setUp();
    linker.defineImports(store, { a: { b: () => {} } });
    const module = new Module(engine, '(module (import "a" "b" (func)))');
    expect(() => linker.instantiate(new Store(engine), module)).toThrow(CrossStoreError);
  });
});

describe("linker.toImports", () => {
  const text = `(module
    (import "host" "add" (func $add (param i32 i32) (result i32)))
    (import "host" "scale" (global $scale i32))
    (func (export "run") (param i32) (result i32)
      (i32.mul (call $add (local.get 0) (i32.const 1)) (global.get $scale))))`;

  it("gives glue code what the engine instantiates with", () => {
    const { engine, linker, store } = setUp();
    linker.defineFunc("host", "add", { params: ["i32", "i32"], results: ["i32"] }, (a, b) => a + b);
    linker.define(store, "host", "scale", new Global(store, { content: "i32" }, 10));
    const module = new Module(engine, text);
    const imports = linker.toImports(store, module);
    const { exports } = new native.Instance(new native.Module(wat2wasm(text)), imports);
    expect(exports.run(3)).toBe(40);
  });

  it("checks names and types as instantiation does", () => {
    const { engine, linker, store } = setUp();
    const module = new Module(engine, text);
    expect(() => linker.toImports(store, module)).toThrow(UnknownImportError);
    linker.defineFunc("host", "add", { params: [], results: [] }, () => {});
    linker.define(store, "host", "scale", new Global(store, { content: "i32" }, 10));
    expect(() => linker.toImports(store, module)).toThrow(IncompatibleImportError);
  });

  it("gives functions that a Caller sees no exports through", () => {
    const { engine, linker, store } = setUp();
    let seen: unknown = "not called";
    linker.defineFunc(
      "host",
      "look",
      { params: [], results: [] },
      (caller) => {
        seen = caller.getExport("run");
      },
      { accessCaller: true },
    );
    const look = '(module (import "host" "look" (func $look)) (func (export "run") call $look))';
    const imports = linker.toImports(store, new Module(engine, look));
    new native.Instance(new native.Module(wat2wasm(look)), imports).exports.run();
    expect(seen).toBeUndefined();
  });
});
