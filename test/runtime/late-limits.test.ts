import { expect, test } from "vitest";
import { Engine, Instance, type Memory, Module, Store, WasmlinkError } from "../../src/index.ts";
import { thrownBy } from "../support/modules.ts";

const engine = new Engine();
const growing = new Module(
  engine,
  '(module (memory 1) (func (export "grow") (result i32) (memory.grow (i32.const 1))))',
);
const tableGrowing = new Module(
  engine,
  '(module (table 1 funcref) (func (export "grow") (result i32) (table.grow (ref.null func) (i32.const 1))))',
);
const fixed = new Module(engine, '(module (memory (export "memory") 1))');
const refusal = "the store has an instance that grows without asking: set limits before the first instance";

test("limits on growth are refused once an instance could grow in spite of them", () => {
  for (const module of [growing, tableGrowing]) {
    const store = new Store(engine);
    const { grow } = new Instance(store, module, []).exports;
    for (const set of [
      () => store.setLimits({ memorySize: 65_536 }),
      () => store.setLimits({ tableElements: 1 }),
      () => store.setLimits({ trapOnGrowFailure: true }),
      () => store.setLimiter({}),
    ]) {
      const error = thrownBy(set);
      expect(error).toBeInstanceOf(WasmlinkError);
      expect(error.message).toBe(refusal);
    }
    expect(grow()).toBe(1);
  }
});

test("counts can be limited at any time, and growth where nothing in the store grows", () => {
  const store = new Store(engine);
  new Instance(store, growing, []);
  store.setLimits({ instances: 1 });
  expect(() => new Instance(store, fixed, [])).toThrow(/instance count too high at 2/);

  const still = new Store(engine);
  const memory: Memory = new Instance(still, fixed, []).exports["memory"];
  still.setLimits({ memorySize: 65_536 });
  expect(() => memory.grow(1)).toThrow(/failed to grow memory/);
});

test("limits can be changed between instantiations, for the instances before too", () => {
  const store = new Store(engine);
  store.setLimits({});
  const { grow } = new Instance(store, growing, []).exports;
  expect(grow()).toBe(1);
  store.setLimits({ memorySize: 2 * 65_536 });
  expect(grow()).toBe(-1);
  store.setLimits({ memorySize: 3 * 65_536 });
  expect(grow()).toBe(2);
});
