import { describe, expect, test } from "vitest";
import {
  Engine,
  type EngineOptions,
  Func,
  Instance,
  LimitError,
  Linker,
  Memory,
  Module,
  type ResourceLimiter,
  Store,
  Table,
} from "../../src/index.ts";
import { requires, thrownBy } from "../support/modules.ts";

const page = 65_536;

const growing = `(module
  (memory (export "memory") 0)
  (table (export "table") 0 funcref)
  (func (export "growMemory") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "growTable") (param i32) (result i32) (table.grow (ref.null func) (local.get 0))))`;

const engines: Record<string, EngineOptions> = {
  "code as it is otherwise": {},
  "code that counts fuel": { consumeFuel: true },
  "code for epochs": { epochInterruption: true },
};

describe.each(Object.entries(engines))("limits, with %s", (_name, options) => {
  const engine = new Engine(options);

  function newStore(): Store<undefined> {
    const store = new Store(engine);
    if (options.consumeFuel) store.setFuel(2n ** 60n);
    if (options.epochInterruption) store.setEpochDeadline(1);
    return store;
  }

  function instantiate(store: Store<any>, text = growing): Record<string, any> {
    return new Instance(store, new Module(engine, text), []).exports;
  }

  test("bound what guests may grow to: they see −1", () => {
    const store = newStore();
    store.setLimits({ memorySize: 10 * page, tableElements: 5 });
    const { growMemory, growTable, memory, table } = instantiate(store);
    expect([3, 5, 2, 1, 0].map((delta) => growMemory(delta))).toEqual([0, 3, 8, -1, 10]);
    expect([2, 1, 2, 1, 0].map((delta) => growTable(delta))).toEqual([0, 2, 3, -1, 5]);
    expect([memory.size, table.size]).toEqual([10, 5]);
    expect([growMemory(-1), growTable(-1)]).toEqual([-1, -1]);
  });

  test("bound the host's own growth, of exports and of what it makes", () => {
    const store = newStore();
    store.setLimits({ memorySize: 10 * page, tableElements: 5 });
    const { memory, table } = instantiate(store);
    for (const each of [memory, new Memory(store, { minimum: 0 })]) {
      expect([3, 5, 2].map((delta) => each.grow(delta))).toEqual([0, 3, 8]);
      expect(() => each.grow(1)).toThrow(LimitError);
      expect(() => each.grow(1)).toThrow("failed to grow memory by `1`");
      expect(each.grow(0)).toBe(10);
    }
    for (const each of [table, new Table(store, { element: "funcref", minimum: 0 }, null)]) {
      expect([2, 1, 2].map((delta) => each.grow(delta, null))).toEqual([0, 2, 3]);
      expect(() => each.grow(1, null)).toThrow("failed to grow table by `1`");
      expect(each.grow(0, null)).toBe(5);
    }
  });

  test("leave alone what they do not name", () => {
    const store = newStore();
    const ownMemory = new Memory(store, { minimum: 0 });
    const ownTable = new Table(store, { element: "funcref", minimum: 0 }, null);
    store.setLimits({ memorySize: page });
    const { growMemory, growTable, memory, table } = instantiate(store);
    expect([growMemory(2), growTable(100), table.grow(50, null)]).toEqual([-1, 0, 100]);
    for (const each of [memory, ownMemory])
      expect(() => each.grow(2)).toThrow("failed to grow memory by `2`");
    expect(ownTable.grow(150, null)).toBe(0);
    store.setLimits({ tableElements: 150 });
    expect([growMemory(2), growTable(1), memory.grow(1)]).toEqual([0, -1, 2]);
    for (const each of [table, ownTable])
      expect(() => each.grow(1, null)).toThrow("failed to grow table by `1`");
    expect(ownMemory.grow(3)).toBe(0);
  });

  test("round down to whole pages", () => {
    const store = newStore();
    store.setLimits({ memorySize: 2 * page - 1 });
    const { growMemory } = instantiate(store);
    expect([growMemory(2), growMemory(1), growMemory(1)]).toEqual([-1, 0, -1]);
  });

  test("hold for each memory and table of a module", (context) => {
    requires(context, "multiMemory");
    const store = newStore();
    store.setLimits({ memorySize: page });
    const { both } = instantiate(
      store,
      `(module (memory $a 0) (memory $b 1) (func (export "both") (result i32 i32 i32)
        (memory.grow $a (i32.const 1)) (memory.grow $b (i32.const 1)) (memory.grow $a (i32.const 1))))`,
    );
    expect(both()).toEqual([0, -1, -1]);
  });

  test("forbid instances for any of their memories, and allow others afterwards", (context) => {
    requires(context, "multiMemory");
    const store = newStore();
    store.setLimits({ memorySize: 3 * page });
    expect(() => instantiate(store, "(module (memory 2) (memory 5))")).toThrow(
      "memory minimum size of 5 pages exceeds memory limits",
    );
    instantiate(store, "(module (memory 2))");
  });

  test("hold for 64-bit memories", (context) => {
    requires(context, "memory64");
    const store = newStore();
    store.setLimits({ memorySize: 2 * page });
    const { grow } = instantiate(
      store,
      '(module (memory i64 1) (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0))))',
    );
    expect([grow(2n), grow(-1n), grow(1n), grow(1n), grow(0n)]).toEqual([-1n, -1n, 1n, -1n, 2n]);
  });

  test("hold for growth through an import", () => {
    const store = newStore();
    store.setLimits({ memorySize: 2 * page, tableElements: 2 });
    const linker = new Linker(engine);
    linker.defineInstance(store, "owner", new Instance(store, new Module(engine, growing), []));
    const { grow } = linker.instantiate(
      store,
      new Module(
        engine,
        `(module (import "owner" "memory" (memory 0)) (import "owner" "table" (table 0 funcref))
           (func (export "grow") (result i32 i32)
             (memory.grow (i32.const 2)) (table.grow (ref.null func) (i32.const 3))))`,
      ),
    ).exports;
    expect(grow()).toEqual([0, -1]);
    expect(grow()).toEqual([-1, -1]);
  });

  test("forbid memories and tables that begin larger", () => {
    const store = newStore();
    store.setLimits({ memorySize: 10 * page, tableElements: 4 });
    const memory = thrownBy(() => instantiate(store, "(module (memory 11))"));
    expect(memory).toBeInstanceOf(LimitError);
    expect(memory.message).toBe("memory minimum size of 11 pages exceeds memory limits");
    expect(() => new Memory(store, { minimum: 25 })).toThrow(
      "memory minimum size of 25 pages exceeds memory limits",
    );
    expect(() => instantiate(store, "(module (table 23 funcref))")).toThrow(
      "table minimum size of 23 elements exceeds table limits",
    );
    expect(() => new Table(store, { element: "funcref", minimum: 99 }, null)).toThrow(
      "table minimum size of 99 elements exceeds table limits",
    );
    instantiate(store, "(module (memory 10) (table 4 funcref))");
  });

  test("may make a refusal a failure that the guest does not see", () => {
    const store = newStore();
    store.setLimits({ memorySize: page, tableElements: 1, trapOnGrowFailure: true });
    const { growMemory, growTable, memory, table } = instantiate(store);
    expect([growMemory(1), growTable(1)]).toEqual([0, 0]);
    const error = thrownBy(() => growMemory(1));
    expect(error).toBeInstanceOf(LimitError);
    expect(error.message).toContain("forcing trap when growing memory to 131072 bytes");
    expect(error.message).toContain("error while executing at wasm backtrace");
    expect(() => growTable(1)).toThrow("forcing trap when growing table to 2 elements");
    const ownMemory = new Memory(store, { minimum: 1 });
    const ownTable = new Table(store, { element: "funcref", minimum: 1 }, null);
    for (const each of [memory, ownMemory])
      expect(() => each.grow(1)).toThrow("forcing trap when growing memory to 131072 bytes");
    for (const each of [table, ownTable])
      expect(() => each.grow(1, null)).toThrow("forcing trap when growing table to 2 elements");
    expect([growMemory(0), memory.size]).toEqual([1, 1]);
  });

  test("may make the engine's own refusal a failure, too", () => {
    const store = newStore();
    store.setLimits({ trapOnGrowFailure: true });
    const { growMemory, growTable } = instantiate(
      store,
      growing.replace('"memory") 0', '"memory") 0 1').replace('"table") 0', '"table") 0 1'),
    );
    expect(() => growMemory(2)).toThrow(
      /forcing a memory growth failure to be a trap\n(.|\n)*Memory maximum size exceeded/,
    );
    expect(() => growTable(2)).toThrow(
      /forcing a table growth failure to be a trap\n(.|\n)*Table maximum size exceeded/,
    );
    expect([growMemory(1), growTable(1)]).toEqual([0, 0]);
  });

  test("that trap are not caught by the guest", (context) => {
    requires(context, "legacyExceptions");
    const store = newStore();
    store.setLimits({ memorySize: 0, trapOnGrowFailure: true });
    const { run } = instantiate(
      store,
      '(module (memory 0) (func (export "run") try (drop (memory.grow (i32.const 1))) catch_all end))',
    );
    expect(run).toThrow("forcing trap when growing memory to 65536 bytes");
  });

  test("a limiter is asked about creation and each growth but those by nothing", () => {
    const store = newStore();
    const asked: unknown[] = [];
    const limiter: ResourceLimiter = {
      memoryGrowing: (...question) => {
        asked.push(["memory", ...question]);
        return question[1] <= 2 * page;
      },
      tableGrowing: (...question) => {
        asked.push(["table", ...question]);
        return question[1] <= 2;
      },
    };
    store.setLimiter(limiter);
    const bounded = growing.replace('"memory") 0', '"memory") 1 9');
    const { growMemory, growTable, memory, table } = instantiate(store, bounded);
    expect(asked.splice(0)).toEqual([
      ["memory", 0, page, 9 * page],
      ["table", 0, 0, undefined],
    ]);
    expect([growMemory(0), growMemory(1), growMemory(1)]).toEqual([1, 1, -1]);
    expect([growTable(0), growTable(2), growTable(1)]).toEqual([0, 0, -1]);
    expect(asked.splice(0)).toEqual([
      ["memory", page, 2 * page, 9 * page],
      ["memory", 2 * page, 3 * page, 9 * page],
      ["table", 0, 2, undefined],
      ["table", 2, 3, undefined],
    ]);
    expect(() => memory.grow(7)).toThrow("failed to grow memory by `7`");
    expect(() => table.grow(1, null)).toThrow("failed to grow table by `1`");
    expect(asked.splice(0)).toEqual([
      ["memory", 2 * page, 9 * page, 9 * page],
      ["table", 2, 3, undefined],
    ]);
  });

  test("a limiter is asked about growth beyond the maximum, which fails all the same", () => {
    const store = newStore();
    const asked: string[] = [];
    const allow = (current: number, desired: number) => asked.push(`${current} to ${desired}`) > 0;
    store.setLimiter({
      memoryGrowing: (current, desired) => allow(current / page, desired / page),
      tableGrowing: (current, desired) => allow(current, desired),
    });
    const { growMemory, growTable, memory, table } = instantiate(
      store,
      growing.replace('"memory") 0', '"memory") 0 10').replace('"table") 0', '"table") 0 10'),
    );
    asked.length = 0;
    expect([memory.grow(10), growMemory(1)]).toEqual([0, -1]);
    expect(() => memory.grow(1)).toThrow("failed to grow memory by `1`");
    expect(asked.splice(0)).toEqual(["0 to 10", "10 to 11", "10 to 11"]);
    expect([table.grow(10, null), growTable(1)]).toEqual([0, -1]);
    expect(() => table.grow(1, null)).toThrow("failed to grow table by `1`");
    expect(asked).toEqual(["0 to 10", "10 to 11", "10 to 11"]);
  });

  test("what a limiter throws reaches the host as it is", (context) => {
    const error = new Error("no more");
    const limiter: ResourceLimiter = {
      memoryGrowing: (current) => {
        if (current > 0) throw error;
        return true;
      },
      tableGrowing: (current) => {
        if (current > 0) throw error;
        return true;
      },
    };
    const store = newStore();
    store.setLimiter(limiter);
    const { growMemory, growTable, memory, table } = instantiate(
      store,
      growing.replace('"memory") 0', '"memory") 1').replace('"table") 0', '"table") 1'),
    );
    for (const grow of [
      () => growMemory(1),
      () => growTable(1),
      () => memory.grow(1),
      () => table.grow(1, null),
    ])
      expect(thrownBy(grow)).toBe(error);
    requires(context, "legacyExceptions");
    const { run } = instantiate(
      store,
      '(module (memory 1) (func (export "run") try (drop (memory.grow (i32.const 1))) catch_all end))',
    );
    expect(thrownBy(run)).toBe(error);
  });

  test("a limiter may count the host's memory together with the guest's", () => {
    const most = 16 * page;
    const used = { host: 0, guest: 0, refused: 0 };
    const store = newStore();
    const type = { params: ["i32"], results: ["i32"] } as const;
    const allocate = new Func(store, type, (size) => {
      const fits = used.host + used.guest + size <= most;
      if (fits) used.host += size;
      else used.refused++;
      return Number(fits);
    });
    store.setLimiter({
      memoryGrowing: (current, desired) => {
        expect(current).toBe(used.guest);
        if (used.host + desired > most) {
          used.refused++;
          return false;
        }
        used.guest = desired;
        return true;
      },
    });
    const text = `(module (import "" "allocate" (func $allocate (param i32) (result i32)))
      (memory (export "memory") 0)
      (func (export "growMemory") (param i32) (result i32) (memory.grow (local.get 0)))
      (func (export "allocate") (param i32) (result i32) (call $allocate (local.get 0))))`;
    const guest = new Instance(store, new Module(engine, text), [allocate]).exports as any;
    expect([guest.growMemory(3), guest.memory.grow(5), guest.growMemory(2)]).toEqual([0, 3, 8]);
    expect([1, 3, 2].map((pages) => guest.allocate(pages * page))).toEqual([1, 1, 1]);
    expect(used.refused).toBe(0);
    expect(guest.growMemory(1)).toBe(-1);
    expect(() => guest.memory.grow(1)).toThrow("failed to grow memory by `1`");
    expect(guest.allocate(1)).toBe(0);
    expect(used).toEqual({ host: 6 * page, guest: 10 * page, refused: 3 });
  });
});

describe("limits on counts", () => {
  const engine = new Engine();
  const plain = new Module(engine, "(module (memory 0) (table 0 funcref))");

  test("count instances, and the memories and tables they define", () => {
    for (const [limits, message] of [
      [{ instances: 1 }, "resource limit exceeded: instance count too high at 2"],
      [{ memories: 1 }, "resource limit exceeded: memory count too high at 2"],
      [{ tables: 1 }, "resource limit exceeded: table count too high at 2"],
    ] as const) {
      const store = new Store(engine);
      store.setLimits(limits);
      new Instance(store, plain, []);
      const error = thrownBy(() => new Instance(store, plain, []));
      expect(error).toBeInstanceOf(LimitError);
      expect(error.message).toBe(message);
    }
  });

  test("count what failed, and what was there before they were set", () => {
    const store = new Store(engine);
    const failing = new Module(engine, "(module (func unreachable) (start 0))");
    expect(() => new Instance(store, failing, [])).toThrow("unreachable");
    new Instance(store, plain, []);
    store.setLimits({ instances: 2 });
    expect(() => new Instance(store, plain, [])).toThrow("instance count too high at 3");
    // The refused one counts for nothing.
    expect(() => new Instance(store, plain, [])).toThrow("instance count too high at 3");
    store.setLimits({ instances: 3 });
    new Instance(store, plain, []);
  });

  test("do not count imports, nor what the host makes", () => {
    const store = new Store(engine);
    store.setLimits({ memories: 1, tables: 0 });
    const memory = new Memory(store, { minimum: 0 });
    new Table(store, { element: "funcref", minimum: 0 }, null);
    new Instance(store, new Module(engine, '(module (import "" "" (memory 0)))'), [memory]);
    new Instance(store, new Module(engine, "(module (memory 0))"), []);
  });

  test("are 10,000 until they are set", () => {
    const store = new Store(engine);
    const empty = new Module(engine, "(module)");
    for (let count = 0; count < 10_000; count++) new Instance(store, empty, []);
    expect(() => new Instance(store, empty, [])).toThrow("instance count too high at 10001");
    store.setLimits({});
    new Instance(store, empty, []);
  });
});

test("limits are checked when they are set", () => {
  const store = new Store();
  expect(() => store.setLimits({ memory: 1 } as any)).toThrow(TypeError);
  for (const value of ["1", null, 1n])
    expect(() => store.setLimits({ memorySize: value as any })).toThrow(TypeError);
  for (const value of [-1, 1.5, Number.NaN, 2 ** 53])
    expect(() => store.setLimits({ tables: value })).toThrow(RangeError);
  expect(() => store.setLimits({ trapOnGrowFailure: 1 as any })).toThrow(TypeError);
  expect(() => store.setLimits(undefined as any)).toThrow(TypeError);
  expect(() => store.setLimiter(undefined as any)).toThrow(TypeError);
  store.setLimits({ memorySize: undefined });
});
