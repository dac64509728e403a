import { expect, test } from "vitest";
import { Engine, Func, Instance, Memory, Module, Store, Table } from "../../src/index.ts";
import { requires, thrownBy } from "../support/modules.ts";

const engine = new Engine();

test("table.fill and table.copy take counts as bigints too", () => {
  const table = new Table(new Store(engine), { element: "externref", minimum: 4 }, null);
  table.fill(1, "x", 2n as any);
  table.copy(0, table, 1, 2n as any);
  expect([0, 1, 2, 3].map((index) => table.get(index))).toEqual(["x", "x", "x", null]);
});

test("a limiter has to answer with a boolean", () => {
  const store = new Store(engine);
  store.setLimiter({
    memoryGrowing: () => undefined as any,
    tableGrowing: (() => Promise.resolve(false)) as any,
  });
  const message = (method: string) =>
    expect.stringMatching(`^Expected \`${method}\` to return a boolean, got `);
  expect(thrownBy(() => new Memory(store, { minimum: 1 }))).toMatchObject({
    name: "TypeError",
    message: message("memoryGrowing"),
  });
  expect(thrownBy(() => new Table(store, { element: "funcref", minimum: 1 }, null))).toMatchObject({
    name: "TypeError",
    message: message("tableGrowing"),
  });
});

test("a function type cannot mention a type the engine does not have", () => {
  const unknown = { ref: { typeIndex: 1_000_000 }, nullable: true };
  expect(
    thrownBy(() => new Func(new Store(engine), { params: [unknown], results: [] }, () => {})),
  ).toMatchObject({
    name: "RangeError",
    message: "Expected the index of a type of this engine, got `1000000`",
  });
});

test("types may lead to others in any number of steps", (context) => {
  requires(context, "functionReferences");
  const count = 12_000;
  const types = Array.from(
    { length: count },
    (_, index) => `(type $${index + 1} (func (param (ref null $${index}))))`,
  ).join("");
  const text = `(module (type $0 (func)) ${types} (func (export "f") (param v128 (ref null $${count}))))`;
  const instance = new Instance(new Store(engine), new Module(engine, text), []);
  expect(instance.exports["f"](new Uint8Array(16), null)).toBeUndefined();
});
