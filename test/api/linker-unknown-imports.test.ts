import { describe, expect, test } from "vitest";
import {
  Engine,
  type Func,
  Global,
  IncompatibleImportError,
  Linker,
  Memory,
  Module,
  SharedMemory,
  Store,
  Table,
  Tag,
  Trap,
  UnknownImportError,
} from "../../src/index.ts";
import { requires, thrownBy } from "../support/modules.ts";

describe("linker.defineUnknownImportsAsTraps", () => {
  const wat = `(module $m
    (import "" "imp" (func $imp)) (import "" "there" (func $there (result i32)))
    (func $run (export "run") call $imp) (func (export "other") (result i32) call $there) (export "imp" (func $imp)))`;

  test("makes functions that fail when they are called", () => {
    const engine = new Engine();
    const linker = new Linker(engine);
    linker.defineFunc("", "there", { params: [], results: ["i32"] }, () => 3);
    const module = new Module(engine, wat);
    linker.defineUnknownImportsAsTraps(module);
    for (const store of [new Store(engine), new Store(engine)]) {
      const { exports } = linker.instantiate(store, module);
      expect(exports["other"]()).toBe(3);
      const error = thrownBy(exports["run"]);
      expect(error).toBeInstanceOf(UnknownImportError);
      expect(error).not.toBeInstanceOf(Trap);
      expect([error.importModule, error.importName]).toEqual(["", "imp"]);
      expect(error.message).toMatch(
        /^error while executing at wasm backtrace:\n {4}0: .* - m!run\n\nCaused by:\n {4}unknown import: `::imp` has not been defined\n$/,
      );
      expect(thrownBy(exports["imp"]).message).toBe("unknown import: `::imp` has not been defined");
    }
  });

  test("leaves other kinds undefined, and wrong definitions as they are", () => {
    const store = new Store();
    const linker = new Linker(store.engine).defineFunc("", "f", { params: ["i32"], results: [] }, () => {});
    const module = new Module(
      store.engine,
      '(module (import "" "f" (func)) (import "" "m" (memory 1)) (import "" "g" (func)))',
    );
    linker.defineUnknownImportsAsTraps(module);
    expect([...linker].map(({ name }) => name)).toEqual(["f", "g"]);
    expect(() => linker.instantiate(store, module)).toThrow("unknown import: `::m` has not been defined");
    linker.define(store, "", "m", new Memory(store, { minimum: 1 }));
    expect(() => linker.instantiate(store, module)).toThrow(IncompatibleImportError);
  });

  test("goes by the first of two imports with one name", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    const module = new Module(
      store.engine,
      '(module (import "" "f" (func)) (import "" "f" (func (param i32))))',
    );
    linker.defineUnknownImportsAsTraps(module);
    expect(() => linker.instantiate(store, module)).toThrow(
      "types incompatible: expected type `(func (param i32))`, found type `(func)`",
    );
  });

  test("wants a module of the linker's engine", () => {
    const linker = new Linker(new Engine());
    expect(() => linker.defineUnknownImportsAsTraps("x" as never)).toThrow('Expected a Module, got "x"');
    expect(() => linker.defineUnknownImportsAsTraps(new Module(new Engine(), "(module)"))).toThrow(
      "cross-`Engine` instantiation is not currently supported",
    );
  });
});

describe("linker.defineUnknownImportsAsDefaultValues", () => {
  test("makes functions that return zeros and nulls", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    const module = new Module(
      store.engine,
      `(module (import "u" "none" (func $none)) (import "u" "one" (func $one (param i32) (result f64)))
        (import "u" "many" (func $many (result i64 f32 externref funcref)))
        (func (export "none") call $none) (func (export "one") (result f64) i32.const 7 call $one)
        (func (export "many") (result i64 f32 externref funcref) call $many))`,
    );
    const { exports } = linker.defineUnknownImportsAsDefaultValues(store, module).instantiate(store, module);
    expect(exports["none"]()).toBeUndefined();
    expect(exports["one"]()).toBe(0);
    expect(exports["many"]()).toEqual([0n, 0, null, null]);
  });

  test("makes globals, tables and memories of the declared types", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    const module = new Module(
      store.engine,
      `(module (import "u" "i" (global i64)) (import "u" "m" (global (mut f32))) (import "u" "e" (global externref))
        (import "u" "t" (table 2 5 externref)) (import "u" "mem" (memory 1 3)))`,
    );
    linker.defineUnknownImportsAsDefaultValues(store, module).instantiate(store, module);
    const item = (name: string) => linker.get(store, "u", name) as any;
    expect(item("i")).toBeInstanceOf(Global);
    expect([item("i").value, item("m").value, item("e").value]).toEqual([0n, 0, null]);
    expect([item("i").type.mutable, item("m").type.mutable]).toEqual([false, true]);
    expect(item("t")).toBeInstanceOf(Table);
    expect([item("t").size, item("t").get(1), item("t").type.maximum]).toEqual([2, null, 5]);
    expect(item("mem")).toBeInstanceOf(Memory);
    expect([item("mem").size, item("mem").type.maximum]).toEqual([1, 3]);
    expect(
      item("mem")
        .data()
        .every((byte: number) => byte === 0),
    ).toBe(true);
  });

  test("makes vectors, tags and shared memories", (context) => {
    requires(context, "simd", "tag", "threads", "sharedArrayBuffer");
    const store = new Store(new Engine({ sharedMemory: true }));
    const linker = new Linker(store.engine);
    const module = new Module(
      store.engine,
      `(module (import "u" "v" (global v128)) (import "u" "tag" (tag (param i32)))
        (import "u" "s" (memory 1 2 shared)))`,
    );
    linker.defineUnknownImportsAsDefaultValues(store, module).instantiate(store, module);
    expect((linker.get(store, "u", "v") as Global).value).toEqual(new Uint8Array(16));
    expect(linker.get(store, "u", "tag")).toBeInstanceOf(Tag);
    expect(linker.get(store, "u", "s")).toBeInstanceOf(SharedMemory);
  });

  test("stops at a type without a default; what comes before stays", (context) => {
    requires(context, "functionReferences");
    const cases = {
      "(func (result (ref func)))": "function results do not have a default value",
      "(global (ref extern))": "global type has no default value",
      "(table 0 (ref func))": "table element type does not have a default value",
    };
    for (const [type, reason] of Object.entries(cases)) {
      const store = new Store();
      const linker = new Linker(store.engine);
      const module = new Module(
        store.engine,
        `(module (import "a" "b" (func)) (import "a" "c" ${type}) (import "a" "d" (func)))`,
      );
      const error = thrownBy(() => linker.defineUnknownImportsAsDefaultValues(store, module));
      expect(error.message).toMatch(/^no default value exists for `a::c` with type `\(/);
      expect(error.cause.message).toBe(reason);
      expect([...linker].map(({ name }) => name)).toEqual(["b"]);
    }
  });

  test("ties the linker to the store", () => {
    const engine = new Engine();
    const [store, other] = [new Store(engine), new Store(engine)];
    const module = new Module(engine, '(module (import "env" "missing" (func (result i32))))');
    const linker = new Linker(engine).defineUnknownImportsAsDefaultValues(store, module);
    linker.instantiate(store, module);
    expect((linker.get(store, "env", "missing") as Func).store).toBe(store);
    expect(() => linker.instantiate(other, module)).toThrow(
      "cross-`Store` instantiation is not currently supported",
    );
  });

  test("leaves alone what is defined", () => {
    const store = new Store();
    const linker = new Linker(store.engine).defineFunc("", "f", { params: [], results: ["i32"] }, () => 9);
    const module = new Module(
      store.engine,
      '(module (import "" "f" (func (result i32))) (import "" "f" (func (result i32))) (export "f" (func 1)))',
    );
    linker.defineUnknownImportsAsDefaultValues(store, module);
    expect(linker.instantiate(store, module).exports["f"]()).toBe(9);
  });

  test("wants a module and a store of the linker's engine", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    const module = new Module(store.engine, "(module)");
    expect(() => linker.defineUnknownImportsAsDefaultValues(store, "x" as never)).toThrow(TypeError);
    expect(() => linker.defineUnknownImportsAsDefaultValues(3 as never, module)).toThrow(TypeError);
    expect(() => linker.defineUnknownImportsAsDefaultValues(new Store(), module)).toThrow(
      "different engines for this linker and the store provided",
    );
    expect(() =>
      linker.defineUnknownImportsAsDefaultValues(store, new Module(new Engine(), "(module)")),
    ).toThrow("cross-`Engine` instantiation is not currently supported");
  });
});
