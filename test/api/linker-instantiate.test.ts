import { describe, expect, test } from "vitest";
import {
  CrossEngineError,
  CrossStoreError,
  Engine,
  Func,
  Global,
  IncompatibleImportError,
  InstancePre,
  Linker,
  Memory,
  Module,
  Store,
  Table,
  Trap,
  UnknownImportError,
  WasmlinkError,
} from "../../src/index.ts";
import { instantiate, requires, thrownBy } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;
const crossStore = "cross-`Store` instantiation is not currently supported";

describe("linker.instantiate", () => {
  test("finds every import by its name", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    linker.defineInstance(store, "x", instantiate('(module (func (export "foo")))', [], store));
    linker.define(store, "y", "z", new Func(store, nothing, () => {}));
    linker.instantiate(
      store,
      new Module(store.engine, '(module (import "x" "foo" (func)) (import "y" "z" (func)))'),
    );
    linker.instantiate(store, new Module(store.engine, "(module)"));
  });

  test("names the first import that is not defined, and lists all of them", () => {
    const store = new Store();
    const module = new Module(
      store.engine,
      `(module (import "env" "there" (func)) (import "env" "a" (func (param i32)))
        (import "env" "b" (global i64)) (import "env" "c" (memory 1)) (import "env" "d" (table 1 funcref)))`,
    );
    const linker = new Linker(store.engine).defineFunc("env", "there", nothing, () => {});
    for (const run of [() => linker.instantiate(store, module), () => linker.instantiatePre(module)]) {
      const error = thrownBy(run);
      expect(error).toBeInstanceOf(UnknownImportError);
      expect(error.message).toBe("unknown import: `env::a` has not been defined");
      expect([error.importModule, error.importName]).toEqual(["env", "a"]);
      expect(error.type).toEqual({ kind: "func", params: ["i32"], results: [] });
      expect(error.missing).toEqual(module.imports.slice(1));
    }
  });

  test("looks every name up before it looks at any type", () => {
    const store = new Store();
    const module = new Module(
      store.engine,
      '(module (import "" "f" (func (param i32))) (import "" "g" (func)))',
    );
    const linker = new Linker(store.engine).defineFunc("", "f", nothing, () => {});
    expect(() => linker.instantiate(store, module)).toThrow(UnknownImportError);
    linker.defineFunc("", "g", nothing, () => {});
    const error = thrownBy(() => linker.instantiate(store, module));
    expect(error).toBeInstanceOf(IncompatibleImportError);
    expect(error.message).toBe(
      "incompatible import type for `::f`\n\nCaused by:\n" +
        "    types incompatible: expected type `(func (param i32))`, found type `(func)`\n",
    );
    expect(error.expected).toEqual({ kind: "func", params: ["i32"], results: [] });
    expect(error.actual).toEqual({ kind: "func", ...nothing });
    expect(error.cause.message).toBe(
      "types incompatible: expected type `(func (param i32))`, found type `(func)`",
    );
  });

  test("gives no function where a global is wanted", () => {
    const store = new Store();
    const linker = new Linker(store.engine).defineFunc("y", "z", nothing, () => {});
    expect(() =>
      linker.instantiate(store, new Module(store.engine, '(module (import "y" "z" (global i32)))')),
    ).toThrow("incompatible import type for `y::z`\n\nCaused by:\n    expected global, but found function\n");
  });

  test("ends with the start function's trap", () => {
    const store = new Store();
    const error = thrownBy(() =>
      new Linker(store.engine).instantiate(
        store,
        new Module(store.engine, "(module (func unreachable) (start 0))"),
      ),
    );
    expect(error).toBeInstanceOf(Trap);
    expect(error.trapCode).toBe("UNREACHABLE");
  });

  test("goes by the size a memory and a table have now", () => {
    const store = new Store();
    const memory = new Memory(store, { minimum: 1 });
    const table = new Table(store, { element: "funcref", minimum: 1 }, null);
    const linker = new Linker(store.engine).define(store, "", "m", memory).define(store, "", "t", table);
    const module = new Module(
      store.engine,
      '(module (import "" "m" (memory 2)) (import "" "t" (table 3 funcref)))',
    );
    expect(() => linker.instantiate(store, module)).toThrow(
      "expected memory limits (min: 2, max: none) doesn't match provided memory limits (min: 1, max: none)",
    );
    memory.grow(1);
    expect(() => linker.instantiate(store, module)).toThrow(
      "expected table limits (min: 3, max: none) doesn't match provided table limits (min: 1, max: none)",
    );
    table.grow(2, null);
    linker.instantiate(store, module);
    expect(() => linker.instantiatePre(module)).toThrow("(min: 1, max: none)");
  });

  test("refuses what is no module and no store", () => {
    const linker = new Linker(new Engine());
    expect(() => linker.instantiate(new Store(), 3 as never)).toThrow("Expected a Module, got `3` (number)");
    expect(() => linker.instantiate(3 as never, new Module(linker.engine, "(module)"))).toThrow(
      "Expected a Store, got `3` (number)",
    );
    expect(() => linker.instantiatePre("(module)" as never)).toThrow('Expected a Module, got "(module)"');
  });
});

describe("linker.instantiatePre", () => {
  test("makes instances in every store as long as only host functions are linked", () => {
    const engine = new Engine();
    const linker = new Linker(engine).defineFunc("", "", { params: [], results: ["i32"] }, () => 42);
    const module = new Module(
      engine,
      '(module (import "" "" (func (result i32))) (func (export "f") (result i32) call 0))',
    );
    const pre = linker.instantiatePre(module);
    expect(pre).toBeInstanceOf(InstancePre);
    expect(pre.module).toBe(module);
    const [first, second] = [new Store(engine), new Store(engine)];
    expect(pre.instantiate(first).exports["f"]()).toBe(42);
    expect(pre.instantiate(second).exports["f"]()).toBe(42);
    expect(pre.instantiate(second).store).toBe(second);
  });

  test("is tied to the store of an item", () => {
    const engine = new Engine();
    const store = new Store(engine);
    const linker = new Linker(engine)
      .defineFunc("", "", nothing, () => {})
      .define(store, "", "g", new Global(store, { content: "i32" }, 1));
    const pre = linker.instantiatePre(
      new Module(engine, '(module (import "" "" (func)) (import "" "g" (global i32)))'),
    );
    pre.instantiate(store);
    const error = thrownBy(() => pre.instantiate(new Store(engine)));
    expect(error).toBeInstanceOf(CrossStoreError);
    expect(error.message).toBe(crossStore);
    pre.instantiate(store);
    expect(() => pre.instantiate(new Store())).toThrow(
      new CrossEngineError("cross-`Engine` usage is not supported"),
    );
  });

  test("cannot be made from its class", () => {
    expect(() => new (InstancePre as unknown as new () => InstancePre)()).toThrow();
  });
});

describe("items of another store", () => {
  const engine = new Engine();
  const store = new Store(engine);
  const other = new Store(engine);
  const imports = {
    f: ["(func)", new Func(other, nothing, () => {})],
    g: ["(global i32)", new Global(other, { content: "i32" }, 0)],
    m: ["(memory 1)", new Memory(other, { minimum: 1 })],
    t: ["(table 1 funcref)", new Table(other, { element: "funcref", minimum: 1 }, null)],
  } as const;

  for (const [name, [type, item]] of Object.entries(imports)) {
    test(`are not linked: ${type}`, () => {
      const linker = new Linker(engine).define(other, "", name, item);
      const module = new Module(engine, `(module (import "" "${name}" ${type}))`);
      const error = thrownBy(() => linker.instantiate(store, module));
      expect(error).toBeInstanceOf(CrossStoreError);
      expect(error.message).toBe(crossStore);
      linker.instantiate(other, module);
    });
  }
});

describe("concrete function references", () => {
  test("lead through a chain of host functions", (context) => {
    requires(context, "functionReferences");
    const engine = new Engine();
    const module = new Module(
      engine,
      `(module
        (type $a (func (result i32)))
        (type $b (func (result (ref null $a))))
        (type $c (func (result (ref null $b))))
        (import "env" "f" (func $f (result (ref null $c))))
        (func (export "g") (result funcref) call $f))`,
    );
    const wanted = module.imports[0]!.type;
    if (wanted.kind !== "func") throw new Error("not a function");
    const store = new Store(engine);
    const types = new Module(
      engine,
      `(module
        (type $a (func (result i32)))
        (type $b (func (result (ref null $a))))
        (type $c (func (result (ref null $b))))
        (import "" "b" (func (type $b))) (import "" "c" (func (type $c))))`,
    ).imports.map(({ type }) => type as typeof wanted);
    const a = new Func(store, { params: [], results: ["i32"] }, () => 0x12345678);
    const b = new Func(store, types[0]!, () => a);
    const c = new Func(store, types[1]!, () => b);
    const linker = new Linker(engine).defineFunc("env", "f", wanted, (() => c) as () => never);
    const { g } = linker.instantiate(store, module).exports as Record<string, () => any>;
    expect(g!()).toBe(c);
    expect(g!()()).toBe(b);
    expect(g!()()()).toBe(a);
    expect(g!()()()()).toBe(0x12345678);
  });

  test("of the wrong type are refused on the way into wasm", (context) => {
    requires(context, "functionReferences");
    const store = new Store();
    const instance = instantiate(
      '(module (type $t (func (param i32))) (func (export "take") (param (ref null $t))))',
      [],
      store,
    );
    const take = instance.exports["take"];
    take(null);
    take(new Func(store, { params: ["i32"], results: [] }, () => {}));
    const error = thrownBy(() => take(new Func(store, nothing, () => {})));
    expect(error).toBeInstanceOf(WasmlinkError);
    expect(error.message).toMatch(
      /^argument type mismatch\n\nCaused by:\n {4}type mismatch: expected \(ref null /,
    );
  });
});
