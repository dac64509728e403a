import { expect, test } from "vitest";
import { Engine, Global, Instance, Linker, Module, Store, Table, UnsupportedError } from "../../src/index.ts";
import { requires, thrownBy } from "../support/modules.ts";

const engine = new Engine();
const refused = (name: string) => ({
  name: "TypeError",
  message: `don't know how to convert "abc" to ${name}`,
});

test("a value that is no reference of the type is refused wherever it goes in", (context) => {
  requires(context, "gc");
  const store = new Store(engine);
  const i31 = new Global(store, { content: "i31ref", mutable: true }, 5);
  const table = new Table(store, { element: "i31ref", minimum: 1 }, null);
  const instance = new Instance(
    store,
    new Module(
      engine,
      `(module
        (type $point (struct (field i32)))
        (func (export "make") (result (ref $point)) (struct.new $point (i32.const 7)))
        (func (export "read") (param (ref null $point)) (result i32) (struct.get $point 0 (local.get 0)))
        (func (export "take") (param i31ref)))`,
    ),
    [],
  );
  const { make, read, take } = instance.exports;
  for (const run of [
    () => new Global(store, { content: "i31ref" }, "abc"),
    () => {
      i31.value = "abc";
    },
    () => new Table(store, { element: "i31ref", minimum: 1 }, "abc"),
    () => table.set(0, "abc"),
    () => table.fill(0, "abc", 1),
    () => table.grow(1, "abc"),
    () => take("abc"),
  ]) {
    expect(thrownBy(run)).toMatchObject(refused("(ref null i31)"));
  }
  expect(thrownBy(() => new Global(store, { content: "nullexternref" }, "abc"))).toMatchObject(
    refused("(ref null noextern)"),
  );
  expect(thrownBy(() => read("abc"))).toMatchObject({ name: "TypeError" });
  expect(read(make())).toBe(7);
  expect(i31.value).toBe(5);
});

test("a guest cannot catch that a host function returned the wrong reference", (context) => {
  requires(context, "gc", "exceptions");
  const store = new Store(engine);
  const linker = new Linker(engine).defineFunc(
    "host",
    "f",
    { params: [], results: ["i31ref"] },
    () => "abc" as any,
  );
  const { run } = linker.instantiate(
    store,
    new Module(
      engine,
      `(module
        (import "host" "f" (func $f (result i31ref)))
        (func (export "run")
          (block $caught
            (try_table (catch_all $caught) (drop (call $f))))))`,
    ),
  ).exports;
  expect(thrownBy(run)).toMatchObject(refused("(ref null i31)"));
});

test("references to exceptions do not cross, and a guest cannot catch that", (context) => {
  requires(context, "exceptions");
  const store = new Store(engine);
  const linker = new Linker(engine).defineFunc("host", "f", { params: ["exnref"], results: [] }, () => {});
  const { take, give, run, table } = linker.instantiate(
    store,
    new Module(
      engine,
      `(module
        (import "host" "f" (func $f (param exnref)))
        (table (export "table") 1 exnref)
        (func (export "take") (param exnref))
        (func (export "give") (result exnref) (ref.null exn))
        (func (export "run")
          (block $caught
            (try_table (catch_all $caught) (call $f (ref.null exn))))))`,
    ),
  ).exports;
  const global = new Global(store, { content: "exnref", mutable: true }, null);
  for (const cross of [
    () => take(null),
    () => give(),
    () => run(),
    () => table.get(0),
    () => table.set(0, null),
    () => table.grow(1, null),
    () => global.value,
    () => {
      global.value = null;
    },
  ]) {
    const error = thrownBy(cross);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error.message).toContain(
      "references to exceptions cannot cross between WebAssembly and JavaScript",
    );
  }
});
