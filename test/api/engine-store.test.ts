import { describe, expect, test } from "vitest";
import {
  ClosedError,
  Engine,
  Func,
  Global,
  Instance,
  LimitError,
  Linker,
  Memory,
  Module,
  Store,
  Table,
  WasmlinkError,
} from "../../src/index.ts";
import { instantiate, thrownBy } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;

describe("an Engine", () => {
  test("has wasmtime's defaults, frozen", () => {
    const { options } = new Engine();
    expect(options).toMatchObject({
      consumeFuel: false,
      epochInterruption: false,
      maxBacktraceFrames: 20,
      sharedMemory: false,
    });
    expect(options).toMatchObject({
      wasmGc: true,
      wasmThreads: true,
      wasmMemory64: true,
      wasmCustomPageSizes: false,
    });
    expect(Object.isFrozen(options)).toBe(true);
    expect(new Engine({ wasmThreads: false, maxBacktraceFrames: 0 }).options).toMatchObject({
      wasmThreads: false,
      maxBacktraceFrames: 0,
    });
    expect(new Engine({ wasmGc: undefined } as never).options.wasmGc).toBe(true);
  });

  test("refuses options that are unknown, of the wrong type or contradict each other", () => {
    expect(() => new Engine(3 as never)).toThrow(
      "Expected the options of an Engine to be an object, got `3` (number)",
    );
    expect(() => new Engine({ fuel: true } as never)).toThrow("Unknown Engine option `fuel`");
    expect(() => new Engine({ wasmGc: 1 } as never)).toThrow(
      "Expected the Engine option `wasmGc` to be a boolean, got `1` (number)",
    );
    expect(() => new Engine({ maxBacktraceFrames: -1 })).toThrow(RangeError);
    expect(() => new Engine({ maxBacktraceFrames: 0.5 })).toThrow(RangeError);
    expect(() => new Engine({ wasmSimd: false })).toThrow(
      new WasmlinkError("cannot disable the simd proposal but enable the relaxed simd proposal"),
    );
  });

  test("never mixes with another, even of the same options", () => {
    const linker = new Linker(new Engine());
    const module = new Module(new Engine(), "(module)");
    expect(() => linker.instantiate(new Store(linker.engine), module)).toThrow(
      "cross-`Engine` instantiation is not currently supported",
    );
    expect(() => linker.instantiatePre(module)).toThrow(
      "cross-`Engine` instantiation is not currently supported",
    );
    expect(() => linker.instantiate(new Store(), new Module(linker.engine, "(module)"))).toThrow(
      "cross-`Engine` usage is not supported",
    );
    const store = new Store();
    linker.define(store, "a", "b", new Func(store, nothing, () => {}));
    const importing = new Module(linker.engine, '(module (import "a" "b" (func)))');
    expect(() => linker.instantiate(new Store(linker.engine), importing)).toThrow(
      "cross-`Engine` instantiation is not currently supported: the item provided for `a::b` belongs to a different engine " +
        "than the module being instantiated",
    );
  });

  test("tells what JavaScript supports", () => {
    const features = Engine.features();
    expect(Engine.features()).toBe(features);
    expect(features).toMatchObject({ bulkMemory: true, multiValue: true, simd: true });
    for (const value of Object.values(features)) expect(value).toBeTypeOf("boolean");
  });

  const gated = {
    wasmSimd: ["(module (func (param v128)))", { wasmRelaxedSimd: false }],
    wasmThreads: ["(module (memory 1 1 shared))", {}],
    wasmReferenceTypes: ["(module (func (param externref)))", {}],
    wasmMultiValue: ["(module (func (result i32 i32) i32.const 1 i32.const 1))", {}],
    wasmBulkMemory: ["(module (memory 1) (func i32.const 0 i32.const 0 i32.const 0 memory.fill))", {}],
    wasmTailCall: ["(module (func $f return_call $f))", {}],
    wasmMultiMemory: ["(module (memory 1) (memory 1))", {}],
    wasmMemory64: ["(module (memory i64 1))", {}],
    wasmExceptions: ["(module (tag))", {}],
    wasmGc: ["(module (type (struct)))", {}],
    wasmFunctionReferences: ["(module (func (param (ref func))))", {}],
  } as const;
  for (const [gate, [wat, others]] of Object.entries(gated)) {
    test(`refuses what the gate ${gate} switches off`, () => {
      const engine = new Engine({ [gate]: false, ...others });
      const error = thrownBy(() => new Module(engine, wat));
      expect(error.name).toBe("CompileError");
      expect(error.message).toMatch(
        /not enabled|must be enabled|multiple memories|required for|without the gc feature/,
      );
      expect(error.offset).toBeTypeOf("number");
    });
  }
});

describe("a Store", () => {
  test("has an engine of its own unless it is given one", () => {
    const engine = new Engine();
    expect(new Store(engine).engine).toBe(engine);
    expect(new Store().engine).toBeInstanceOf(Engine);
    expect(() => new Store(3 as never)).toThrow("Expected an Engine, got `3` (number)");
  });

  test("keeps data, whatever it is", () => {
    for (const data of [0, "", false, null, { a: 1 }]) expect(new Store(undefined, { data }).data).toBe(data);
    const store = new Store<number>(undefined, { data: 1 });
    store.data += 1;
    expect(store.data).toBe(2);
    expect(new Store().data).toBeUndefined();
  });

  test("is closed once and for all", () => {
    const store = new Store();
    const module = new Module(
      store.engine,
      '(module (import "" "" (func)) (memory (export "m") 1) (func (export "f") (param i32)))',
    );
    const host = new Func(store, nothing, () => {});
    const global = new Global(store, { content: "i32", mutable: true }, 1);
    const table = new Table(store, { element: "funcref", minimum: 1 }, null);
    const { exports } = new Instance(store, module, [host]);
    store.close();
    store.close();
    store[Symbol.dispose]();
    const uses = [
      () => exports["f"](1),
      () => host(),
      () => global.value,
      () => {
        global.value = 2;
      },
      () => table.size,
      () => table.get(0),
      () => table.set(0, null),
      () => table.grow(1, null),
      () => exports["m"].size,
      () => exports["m"].data(),
      () => exports["m"].grow(1),
      () => store.gc(),
      () => store.setLimits({}),
      () => new Memory(store, { minimum: 1 }),
      () => new Instance(store, module, [host]),
      () => new Linker(store.engine).define(store, "", "", host),
      () => new Linker(store.engine).instantiate(store, new Module(store.engine, "(module)")),
    ];
    for (const use of uses) expect(use, String(use)).toThrow(new ClosedError("already closed"));
  });

  test("collects garbage when it is asked and JavaScript lets it", () => {
    expect(new Store().gc()).toBeUndefined();
  });
});

describe("limits of a store", () => {
  test("bound each memory and table, from the start", () => {
    const store = new Store();
    store.setLimits({ memorySize: 0 });
    expect(() => new Memory(store, { minimum: 1 })).toThrow(
      new LimitError("memory minimum size of 1 pages exceeds memory limits"),
    );
    store.setLimits({ memorySize: 200_000 });
    const memory = new Memory(store, { minimum: 1 });
    memory.grow(1);
    expect(() => memory.grow(100)).toThrow("failed to grow memory by `100`");
    store.setLimits({ tableElements: 1 });
    const table = new Table(store, { element: "funcref", minimum: 1 }, null);
    expect(() => new Table(store, { element: "funcref", minimum: 2 }, null)).toThrow(
      "table minimum size of 2 elements exceeds table limits",
    );
    expect(() => table.grow(1, null)).toThrow("failed to grow table by `1`");
  });

  test("bound the number of instances, memories and tables, failed ones included", () => {
    const store = new Store();
    store.setLimits({ instances: 2 });
    instantiate("(module)", [], store);
    expect(() => instantiate("(module (func unreachable) (start 0))", [], store)).toThrow("unreachable");
    expect(() => instantiate("(module)", [], store)).toThrow(
      new LimitError("resource limit exceeded: instance count too high at 3"),
    );
    const few = new Store();
    few.setLimits({ memories: 0, tables: 1 });
    expect(() => instantiate("(module (memory 1))", [], few)).toThrow(
      "resource limit exceeded: memory count too high at 1",
    );
    expect(() => instantiate("(module (table 1 funcref) (table 1 funcref))", [], few)).toThrow(
      "resource limit exceeded: table count too high at 2",
    );
    new Memory(few, { minimum: 1 });
  });

  test("are numbers of known names", () => {
    const store = new Store();
    expect(() => store.setLimits(1 as never)).toThrow(TypeError);
    expect(() => store.setLimits({ size: 1 } as never)).toThrow("Unknown limit `size`");
    expect(() => store.setLimits({ memorySize: "x" as never })).toThrow(TypeError);
    expect(() => store.setLimits({ memorySize: -1 })).toThrow(RangeError);
    expect(() => store.setLimits({ trapOnGrowFailure: 1 as never })).toThrow(TypeError);
    expect(() => store.setLimiter(1 as never)).toThrow(TypeError);
  });
});
