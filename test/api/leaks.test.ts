/** What is dropped is freed. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { type Caller, Engine, Func, Global, Linker, Memory, Module, Store, Table } from "../../src/index.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Objects behind a WeakRef live until the job that made or read it ends. */
async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
}

const engine = new Engine();
const module = new Module(
  engine,
  `(module
    (import "host" "add" (func $add (param i32 i32) (result i32)))
    (import "host" "call" (func $call))
    (import "host" "table" (table 2 funcref))
    (import "host" "memory" (memory 1))
    (import "host" "global" (global $global (mut externref)))
    (table (export "own") 1 funcref)
    (elem (i32.const 0) $run)
    (func $run (export "run") (param i32) (result i32)
      call $call (call $add (local.get 0) (i32.const 1)))
    (func (export "trap") unreachable))`,
);
const command = new Module(engine, '(module (import "host" "call" (func)) (func (export "_start") call 0))');

/** Uses a store of its own for everything there is; the linker is the caller's when it is to outlive the store. */
function useStore(linker: Linker): Store<object> {
  const store = new Store(engine, { data: {} });
  linker.allowShadowing = true;
  linker
    .defineFunc("host", "add", { params: ["i32", "i32"], results: ["i32"] }, (a, b) => a + b)
    .defineFunc("host", "call", { params: [], results: [] }, (caller: Caller) => void caller.getFunc("run"), {
      accessCaller: true,
    })
    .define(store, "host", "table", new Table(store, { element: "funcref", minimum: 2 }, null))
    .define(store, "host", "memory", new Memory(store, { minimum: 1 }))
    .define(store, "host", "global", new Global(store, { content: "externref", mutable: true }, store));
  const { exports } = linker.instantiate(store, module);
  expect(exports["run"](4)).toBe(5);
  expect(() => exports["trap"]()).toThrow("unreachable");
  expect(exports["own"].get(0)).toBeNull();
  exports["own"].set(0, new Func(store, { params: [], results: [] }, () => exports["run"](1)));
  linker.instantiatePre(module).instantiate(store);
  linker.defineModule(store, "command", command).getDefault(store, "command")();
  return store;
}

test("a store is freed with its instances, items and host functions", async () => {
  const stores = Array.from({ length: 20 }, () => new WeakRef(useStore(new Linker(engine))));
  await collectGarbage();
  expect(stores.filter((store) => store.deref() !== undefined)).toHaveLength(0);
});

test("a store is freed although modules, linker and host functions live on", async () => {
  const linker = new Linker(engine).defineFunc("host", "f", { params: [], results: [] }, () => {});
  const importing = new Module(engine, '(module (import "host" "f" (func)) (export "f" (func 0)))');
  const pre = linker.instantiatePre(importing);
  const stores = Array.from({ length: 20 }, () => {
    const store = new Store(engine);
    pre.instantiate(store).exports["f"]();
    linker.instantiate(store, importing).exports["f"]();
    (linker.get(store, "host", "f") as Func)();
    return new WeakRef(store);
  });
  await collectGarbage();
  expect(stores.filter((store) => store.deref() !== undefined)).toHaveLength(0);
  pre.instantiate(new Store(engine));
});

test("1,000 stores used and dropped leave no growth in heap", { timeout: 120_000 }, async () => {
  const rounds = async (count: number) => {
    for (let done = 0; done < count; done += 50) {
      for (let index = 0; index < 50; index++) useStore(new Linker(engine));
      await collectGarbage();
    }
    return process.memoryUsage().heapUsed;
  };
  const before = await rounds(200);
  const after = await rounds(1_000);
  // A kilobyte a store would be a leak.
  expect(after - before).toBeLessThan(1_000 * 1024);
});
