import { describe, expect, test } from "vitest";
import {
  CrossEngineError,
  CrossStoreError,
  Engine,
  Func,
  Instance,
  Linker,
  Memory,
  Module,
  SharedMemory,
  Store,
  Table,
} from "../../src/index.ts";

const nothing = { params: [], results: [] } as const;
const instantiation = "cross-`Engine` instantiation is not currently supported";
const usage = "cross-`Engine` usage is not supported";

/** An engine with what belongs to it. */
function world() {
  const engine = new Engine();
  const store = new Store(engine);
  return { engine, store, linker: new Linker(engine), module: new Module(engine, "(module)") };
}

const wanting = (engine: Engine) => new Module(engine, '(module (import "a" "b" (memory 1)))');

describe("things of two engines do not mix:", () => {
  const ours = world();
  const theirs = world();

  test("a module and a store", () => {
    expect(() => new Instance(ours.store, theirs.module, [])).toThrow(new CrossEngineError(instantiation));
    // Before the number of imports is looked at.
    expect(() => new Instance(ours.store, wanting(theirs.engine), [])).toThrow(
      new CrossEngineError(instantiation),
    );
  });

  test("a module and a linker", () => {
    expect(() => ours.linker.instantiate(ours.store, theirs.module)).toThrow(
      new CrossEngineError(instantiation),
    );
    expect(() => ours.linker.instantiatePre(theirs.module)).toThrow(new CrossEngineError(instantiation));
    expect(() => ours.linker.defineModule(ours.store, "m", theirs.module)).toThrow(CrossEngineError);
    expect(() => ours.linker.defineUnknownImportsAsTraps(wanting(theirs.engine))).toThrow(CrossEngineError);
    expect(() => ours.linker.defineUnknownImportsAsDefaultValues(ours.store, wanting(theirs.engine))).toThrow(
      CrossEngineError,
    );
  });

  test("a store and a linker", () => {
    expect(() => ours.linker.instantiate(theirs.store, ours.module)).toThrow(new CrossEngineError(usage));
    expect(() => ours.linker.instantiatePre(ours.module).instantiate(theirs.store)).toThrow(
      new CrossEngineError(usage),
    );
    expect(() => ours.linker.defineModule(theirs.store, "m", ours.module)).toThrow(CrossEngineError);
    const host = ours.linker.clone().defineFunc("x", "f", nothing, () => {});
    expect(() => host.get(theirs.store, "x", "f")).toThrow(CrossEngineError);
  });

  test("an item and the module that imports it", () => {
    const linker = ours.linker.clone();
    const memory = new Memory(theirs.store, { minimum: 1 });
    const error = new CrossEngineError(
      `${instantiation}: the item provided for \`a::b\` belongs to a different engine than the module being instantiated`,
    );
    linker.define(theirs.store, "a", "b", memory);
    const module = wanting(ours.engine);
    expect(() => linker.instantiate(ours.store, module)).toThrow(error);
    expect(() => linker.instantiatePre(module)).toThrow(error);
    expect(() => new Instance(ours.store, module, [memory])).toThrow(CrossStoreError);
  });

  test("a shared memory and the module that imports it", (context) => {
    context.skip(!Engine.features()["threads"], "this JavaScript engine lacks threads");
    const engine = new Engine({ sharedMemory: true });
    const memory = new SharedMemory(engine, { minimum: 1, maximum: 1, shared: true });
    const other = new Engine({ sharedMemory: true });
    const module = new Module(other, '(module (import "a" "b" (memory 1 1 shared)))');
    expect(() => new Instance(new Store(other), module, [memory])).toThrow(CrossEngineError);
  });

  test("even when their options are equal, and nothing has happened when they are refused", () => {
    const linker = ours.linker.clone();
    expect(() => linker.defineModule(ours.store, "m", theirs.module)).toThrow(CrossEngineError);
    expect([...linker]).toEqual([]);
  });
});

describe("things of two stores do not mix:", () => {
  const engine = new Engine();
  const [store, other] = [new Store(engine), new Store(engine)];
  const func = new Func(other, nothing, () => {});

  test("items and an instance", () => {
    const module = new Module(engine, '(module (import "a" "b" (func)))');
    expect(() => new Instance(store, module, [func])).toThrow(
      new CrossStoreError("cross-`Store` instantiation is not currently supported"),
    );
    const linker = new Linker(engine).define(other, "a", "b", func);
    expect(() => linker.instantiate(store, module)).toThrow(CrossStoreError);
    expect(() => linker.instantiatePre(module).instantiate(store)).toThrow(CrossStoreError);
    linker.instantiate(other, module);
  });

  test("items and definitions", () => {
    const linker = new Linker(engine);
    const instance = new Instance(other, new Module(engine, '(module (func (export "f")))'), []);
    expect(() => linker.define(store, "a", "b", func)).toThrow(CrossStoreError);
    expect(() => linker.defineInstance(store, "a", instance)).toThrow(CrossStoreError);
    expect([...linker]).toEqual([]);
    linker.define(other, "a", "b", func);
    // Looking up is no use yet: the item says which store is its own.
    expect(linker.get(store, "a", "b")).toBe(func);
  });

  test("functions and tables", () => {
    const table = new Table(store, { element: "funcref", minimum: 1 }, null);
    expect(() => table.set(0, func)).toThrow(CrossStoreError);
    expect(table.get(0)).toBeNull();
  });
});
