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
  const store = new Store(engine);
  const { nop } = new Instance(store, module, []).exports;
  expect(trapCodeOf(nop)).toBe("INTERRUPT");
  store.setCallTimeout(60_000);
  expect(trapCodeOf(nop)).toBeUndefined();
  store.setCallTimeout(undefined);
  expect(trapCodeOf(nop)).toBe("INTERRUPT");
});
