import { expect, test } from "vitest";
import { Engine, Instance, Module, Store, Trap } from "../../src/index.ts";

test("engine.startEpochTicker stops a guest without end, and ticks no more once it is disposed of", async () => {
  const engine = new Engine({ epochInterruption: true });
  const store = new Store(engine);
  const { spin } = new Instance(store, new Module(engine, '(module (func (export "spin") (loop br 0)))'), [])
    .exports;
  const ticker = engine.startEpochTicker({ intervalMs: 1 });
  await ticker.started;
  store.setEpochDeadline(3);
  expect(spin).toThrow(Trap);
  ticker[Symbol.dispose]();
  await ticker.started;
});

test("a ticker that is stopped before it has started keeps nobody waiting", async () => {
  const ticker = new Engine().startEpochTicker({ intervalMs: 1 });
  ticker[Symbol.dispose]();
  await ticker.started;
});

test("engine.startEpochTicker refuses an interval that is none", () => {
  const engine = new Engine();
  expect(() => engine.startEpochTicker({} as any)).toThrow(TypeError);
  for (const intervalMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => engine.startEpochTicker({ intervalMs })).toThrow(RangeError);
});
