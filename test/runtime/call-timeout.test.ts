import { expect, test } from "vitest";
import { Engine, Instance, Module, Store, Trap } from "../../src/index.ts";

const engine = new Engine({ epochInterruption: true });
const module = new Module(engine, '(module (func (export "spin") (loop br 0)) (func (export "nop")))');

const trapCodeOf = (call: () => void) => {
  try {
    call();
  } catch (error) {
    if (error instanceof Trap) return error.trapCode;
    throw error;
  }
  return undefined;
};

test("store.setCallTimeout stops a loop, and needs no epoch deadline beside it", () => {
  const store = new Store(engine);
  store.setCallTimeout(20);
  const { spin, nop } = new Instance(store, module, []).exports;
  expect(trapCodeOf(nop)).toBeUndefined();
  expect(trapCodeOf(spin)).toBe("INTERRUPT");
  expect(trapCodeOf(nop)).toBeUndefined();
});

test("store.setCallTimeout stops instances made before it, in a store without an epoch deadline", () => {
  const store = new Store(engine);
  const { spin, nop } = new Instance(store, module, []).exports;
  store.setCallTimeout(20);
  expect(trapCodeOf(nop)).toBeUndefined();
  expect(trapCodeOf(spin)).toBe("INTERRUPT");
});

test("store.setCallTimeout leaves a deadline that was set in force", () => {
  const store = new Store(engine);
  store.setCallTimeout(60_000);
  store.setEpochDeadline(1);
  const { spin, nop } = new Instance(store, module, []).exports;
  expect(trapCodeOf(nop)).toBeUndefined();
  engine.incrementEpoch();
  expect(trapCodeOf(spin)).toBe("INTERRUPT");
});

test("a store with neither deadline nor timeout stops at once", () => {
  const { nop } = new Instance(new Store(engine), module, []).exports;
  expect(trapCodeOf(nop)).toBe("INTERRUPT");
});

test("store.setCallTimeout can be changed and taken away", () => {
  const store = new Store(engine);
  store.setCallTimeout(60_000);
  const { nop, spin } = new Instance(store, module, []).exports;
  expect(trapCodeOf(nop)).toBeUndefined();
  store.setCallTimeout(undefined);
  expect(trapCodeOf(nop)).toBe("INTERRUPT");
  store.setCallTimeout(20);
  expect(trapCodeOf(nop)).toBeUndefined();
  expect(trapCodeOf(spin)).toBe("INTERRUPT");
});

test("store.setCallTimeout either stops an instance that was there before or refuses", () => {
  const store = new Store(engine);
  store.setEpochDeadline(1_000);
  const { spin } = new Instance(store, module, []).exports;
  expect(() => {
    store.setCallTimeout(20);
    spin();
  }).toThrow(/interrupt|set the call timeout before the first instance/);
});
