import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import {
  Engine,
  IncompatibleImportError,
  Instance,
  LimitError,
  Linker,
  Memory,
  Module,
  SharedMemory,
  Store,
  UnsupportedError,
  WasmlinkError,
} from "../../src/index.ts";
import { thrownBy } from "../support/modules.ts";

const pageBytes = 65536;
const engine = new Engine({ sharedMemory: true });
const shared = (minimum: number, maximum: number) =>
  new SharedMemory(engine, { minimum, maximum, shared: true });

const features = Engine.features();
const lacksThreads = !(features["threads"] && features["sharedArrayBuffer"]);

describe.skipIf(lacksThreads)("new SharedMemory (needs threads)", () => {
  test("has its type, its size and shared bytes", () => {
    const memory = shared(1, 2);
    expect(memory.type).toEqual({
      kind: "memory",
      minimum: 1,
      maximum: 2,
      shared: true,
      address: "i32",
      pageSize: pageBytes,
    });
    expect(memory.engine).toBe(engine);
    expect([memory.size, memory.byteLength]).toEqual([1, pageBytes]);
    expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
    memory.data()[3] = 5;
    expect(new Uint8Array(memory.buffer)[3]).toBe(5);
  });

  test("needs an engine that allows it", () => {
    const type = { minimum: 1, maximum: 1, shared: true };
    const error = thrownBy(() => new SharedMemory(new Engine(), type));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect([error.feature, error.reason]).toEqual(["sharedMemory", "config"]);
    expect(error.message).toBe(
      "shared memory support is disabled for this engine -- see `Config::shared_memory`",
    );
    expect(() => new SharedMemory({} as never, type)).toThrow(TypeError);
    expect(() => new SharedMemory(engine, 1 as never)).toThrow(
      new TypeError("Expected a memory type, got `1` (number)"),
    );
  });

  test("needs the type of a shared memory", () => {
    expect(() => new SharedMemory(engine, { minimum: 1, maximum: 1 })).toThrow(
      new WasmlinkError("shared memory must have the `shared` flag enabled on its memory type"),
    );
    expect(() => new SharedMemory(engine, { minimum: 1, shared: true })).toThrow(
      new WasmlinkError("shared memories must have a maximum size"),
    );
    expect(() => shared(2, 1)).toThrow("maximum page size cannot be smaller than the minimum page size");
  });
});

describe.skipIf(lacksThreads)("sharedMemory.grow", () => {
  test("gives the size before; views stay alive as long as they were", () => {
    const memory = shared(1, 3);
    const view = memory.data();
    expect([memory.grow(0), memory.grow(2), memory.size]).toEqual([1, 1, 3]);
    memory.data()[0] = 9;
    expect([view[0], view.length, memory.data().length]).toEqual([9, pageBytes, 3 * pageBytes]);
    expect(memory.type.minimum).toBe(1);
  });

  test("fails beyond the maximum and below nothing", () => {
    const memory = shared(1, 1);
    expect(() => memory.grow(1)).toThrow(new LimitError("failed to grow memory by `1`"));
    expect(() => memory.grow(-1)).toThrow(new RangeError("cannot grow by negative amount"));
    expect(memory.size).toBe(1);
  });

  test("is no business of a store's limits", () => {
    const store = new Store(engine);
    store.setLimits({ memorySize: 0, memories: 0 });
    const memory = shared(1, 2);
    const module = new Module(
      engine,
      `(module (import "" "" (memory 1 2 shared))
        (func (export "grow") (result i32) (memory.grow (i32.const 1))))`,
    );
    expect(new Instance(store, module, [memory]).exports["grow"]()).toBe(1);
    expect(memory.size).toBe(2);
  });
});

describe.skipIf(lacksThreads)("a shared memory in modules", () => {
  const module = new Module(
    engine,
    `(module (import "env" "memory" (memory 1 5 shared)) (export "memory" (memory 0))
      (func (export "add") (param i32) (result i32) (i32.atomic.rmw.add (i32.const 0) (local.get 0)))
      (func (export "load") (result i32) (i32.atomic.load (i32.const 65536)))
      (func (export "wait") (param i32) (result i32)
        (memory.atomic.wait32 (i32.const 0) (local.get 0) (i64.const 0)))
      (func (export "notify") (result i32) (memory.atomic.notify (i32.const 0) (i32.const 1))))`,
  );

  test("is one memory in all stores of its engine", () => {
    const memory = shared(1, 5);
    const [first, second] = [new Store(engine), new Store(engine)].map((store) =>
      new Linker(engine).define(store, "env", "memory", memory).instantiate(store, module),
    );
    expect(first!.exports["memory"]).toBe(memory);
    expect(first!.getMemory("memory")).toBe(memory);
    expect(second!.exports["memory"]).toBe(memory);
    expect([first!.exports["add"](5), second!.exports["add"](2), first!.exports["add"](0)]).toEqual([
      0, 5, 7,
    ]);
    expect(new Int32Array(memory.buffer)[0]).toBe(7);
    expect(first!.exports["notify"]()).toBe(0);
  });

  test("is bound to no store where a linker holds it", () => {
    const linker = new Linker(engine).define(new Store(engine), "env", "memory", shared(1, 5));
    const pre = linker.instantiatePre(module);
    for (const store of [new Store(engine), new Store(engine)]) {
      linker.instantiate(store, module);
      pre.instantiate(store);
    }
  });

  test("fits only where shared memory of such limits is wanted", () => {
    const store = new Store(engine);
    const wanting = (type: string) => new Module(engine, `(module (import "x" "y" (memory ${type})))`);
    const mismatch = (type: string, item: Memory | SharedMemory) => {
      const error = thrownBy(() => new Instance(store, wanting(type), [item]));
      expect(error).toBeInstanceOf(IncompatibleImportError);
      return error.message.replace(/^.*\n\nCaused by:\n {4}(.*)\n$/s, "$1");
    };
    expect(mismatch("1 1", shared(1, 1))).toBe(
      "memory types incompatible: expected non-shared memory, found shared memory",
    );
    expect(mismatch("1 1 shared", new Memory(store, { minimum: 1, maximum: 1 }))).toBe(
      "memory types incompatible: expected shared memory, found non-shared memory",
    );
    expect(mismatch("2 2 shared", shared(1, 2))).toBe(
      "memory types incompatible: expected memory limits (min: 2, max: 2) doesn't match provided memory limits (min: 1, max: 2)",
    );
  });

  test("traps beyond its end, and waits where the thread may", () => {
    const { exports } = new Instance(new Store(engine), module, [shared(1, 5)]);
    expect(thrownBy(exports["load"]).trapCode).toBe("MEMORY_OUT_OF_BOUNDS");
    // The value differs from the one waited on: 1, without waiting.
    expect(exports["wait"](1)).toBe(1);
    expect(exports["wait"](0)).toBe(2);
  });

  test("may be defined and exported by a module where the engine allows it", () => {
    const text = '(module (memory (export "m") 1 3 shared))';
    const memory = new Instance(new Store(engine), new Module(engine, text), []).exports["m"];
    expect(memory).toBeInstanceOf(SharedMemory);
    expect([memory.engine, memory.size, memory.grow(2), memory.size]).toEqual([engine, 1, 1, 3]);
    const forbidding = new Engine();
    expect(() => new Instance(new Store(forbidding), new Module(forbidding, text), [])).toThrow(
      new UnsupportedError(
        "sharedMemory",
        "config",
        "shared memory support is disabled for this engine -- see `Config::shared_memory`",
      ),
    );
    expect(() => new Module(new Engine({ wasmThreads: false }), text)).toThrow(
      "threads must be enabled for shared memories",
    );
  });

  test("is seen by other threads, and grows in all of them", async () => {
    const memory = shared(1, 5);
    const { exports } = new Instance(new Store(engine), module, [memory]);
    const worker = new Worker(
      `const { parentPort, workerData } = require("node:worker_threads");
       for (let count = 0; count < 1000; count++) Atomics.add(new Int32Array(workerData), 0, 1);
       parentPort.once("message", () => parentPort.postMessage(workerData.byteLength));
       parentPort.postMessage("added");`,
      { eval: true, workerData: memory.buffer },
    );
    try {
      const heard = () => new Promise((resolve) => worker.once("message", resolve));
      const added = heard();
      for (let count = 0; count < 1000; count++) exports["add"](1);
      await added;
      expect(exports["add"](0)).toBe(2000);
    } finally {
      await worker.terminate();
    }
  });
});
