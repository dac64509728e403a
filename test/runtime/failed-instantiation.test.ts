import { expect, test } from "vitest";
import { Engine, Linker, Module, Store, Table, Trap } from "../../src/index.ts";

const engine = new Engine();

test("functions that outlive a failed instantiation see a Caller without exports", () => {
  const store = new Store(engine);
  const table = new Table(store, { element: "funcref", minimum: 1 }, null);
  const seen: unknown[] = [];
  const linker = new Linker(engine).define(store, "host", "table", table).defineFunc(
    "host",
    "look",
    { params: [], results: [] },
    (caller) => {
      seen.push(caller.getMemory("memory"), caller.store);
    },
    { accessCaller: true },
  );
  const module = new Module(
    engine,
    `(module
      (import "host" "table" (table 1 funcref))
      (import "host" "look" (func $look))
      (memory (export "memory") 1)
      (func $f call $look)
      (elem (i32.const 0) $f)
      (data (i32.const 65536) "x"))`,
  );
  expect(() => linker.instantiate(store, module)).toThrow(Trap);
  table.get(0)();
  expect(seen).toEqual([undefined, store]);
});

test("an imported function is one Func under both of two equal names, when one of them escapes", () => {
  const store = new Store(engine);
  const linker = new Linker(engine).defineFunc("host", "f", { params: [], results: [] }, () => {});
  const instance = linker.instantiate(
    store,
    new Module(
      engine,
      `(module
        (import "host" "f" (func $f))
        (import "host" "f" (func))
        (table (export "table") 1 funcref)
        (elem (i32.const 0) $f))`,
    ),
  );
  expect(instance.exports["table"].get(0)).toBe(linker.get(store, "host", "f"));
});
