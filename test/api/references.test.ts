import { describe, expect, test } from "vitest";
import { CrossStoreError, Func, Global, Instance, Linker, Module, Store, Table } from "../../src/index.ts";
import { instantiate, requires, thrownBy } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;
const returnsI32 = { params: [], results: ["i32"] } as const;

describe("an externref", () => {
  const wat = `(module (table $t (export "table") 10 externref) (global $g (export "global") (mut externref) (ref.null extern))
    (global (export "null") externref (ref.null extern))
    (func (export "set") (param externref) (global.set $g (local.get 0)))
    (func (export "get") (result externref) (global.get $g))
    (func (export "is-null") (param externref) (result i32) (ref.is_null (local.get 0)))
    (func (export "put") (param i32 externref) (table.set $t (local.get 0) (local.get 1)))
    (func (export "grow") (param i32 externref) (result i32) (table.grow $t (local.get 1) (local.get 0))))`;

  test("is null only when it is null", () => {
    const { exports } = instantiate(wat);
    for (const value of [undefined, 0, "", false, Number.NaN, {}]) {
      expect(exports["is-null"](value), String(value)).toBe(0);
      exports["set"](value);
      expect(exports["get"](), String(value)).toBe(value);
    }
    expect(exports["is-null"](null)).toBe(1);
    expect(exports["null"].value).toBeNull();
  });

  test("in a global or a table is the same to wasm and the host", () => {
    const { exports } = instantiate(wat);
    const [first, second] = [{ id: 1 }, { id: 2 }];
    exports["set"](first);
    expect(exports["global"].value).toBe(first);
    exports["global"].value = second;
    expect(exports["get"]()).toBe(second);

    const table: Table = exports["table"];
    exports["put"](0, first);
    expect([table.get(0), table.get(1)]).toEqual([first, null]);
    expect(exports["grow"](2, second)).toBe(10);
    expect([table.size, table.get(11)]).toEqual([12, second]);
    table.fill(1, first, 3);
    expect(table.get(3)).toBe(first);
  });

  test("may be an item of this library, which stays what it is", () => {
    const { exports, store } = instantiate(wat);
    for (const item of [exports["get"], new Global(store, { content: "i32" }, 1), exports["table"], store]) {
      exports["set"](item);
      expect(exports["get"]()).toBe(item);
    }
  });
});

describe("a funcref", () => {
  const wat = `(module (import "" "take" (func $take (param funcref) (result funcref)))
    (func $own (export "own") (result i32) i32.const 42) (elem declare func $own)
    (func (export "null") (result funcref) ref.null func)
    (func (export "make") (result funcref) ref.func $own)
    (func (export "pass") (param funcref) (result funcref) local.get 0 call $take))`;

  test("is the same Func on every way", () => {
    const store = new Store();
    const taken: unknown[] = [];
    const take = new Func(store, { params: ["funcref"], results: ["funcref"] }, (func) => {
      taken.push(func);
      return func;
    });
    const { exports } = instantiate(wat, [take], store);
    const host = new Func(store, returnsI32, () => 7);
    const funcs = [host, exports["own"], exports["make"](), take, null];
    for (const func of funcs) expect(exports["pass"](func)).toBe(func);
    expect(taken).toEqual(funcs);
    expect(exports["make"]()).toBe(exports["own"]);
    expect(exports["make"]()()).toBe(42);
    expect(exports["null"]()).toBeNull();
  });

  test("is called through tables and references, whoever made it", () => {
    const store = new Store();
    const table = new Table(store, { element: "funcref", minimum: 2 }, null);
    const { exports } = instantiate(
      `(module (import "" "" (table 2 funcref)) (func (export "call") (param i32) (result i32)
        (call_indirect (result i32) (local.get 0))))`,
      [table],
      store,
    );
    let calls = 0;
    table.set(0, new Func(store, returnsI32, () => ++calls));
    table.set(
      1,
      instantiate('(module (func (export "f") (result i32) i32.const 5))', [], store).exports["f"],
    );
    expect([exports["call"](0), exports["call"](1), exports["call"](0)]).toEqual([1, 5, 2]);
    table.set(1, new Func(store, nothing, () => {}));
    // Most engines have one text for null and for another type.
    expect(["BAD_SIGNATURE", "INDIRECT_CALL_TO_NULL"]).toContain(thrownBy(() => exports["call"](1)).trapCode);
    expect(table.get(0)()).toBe(3);
  });

  test("of another store goes nowhere", () => {
    const store = new Store();
    const take = new Func(store, { params: ["funcref"], results: ["funcref"] }, (func) => func);
    const { exports } = instantiate(wat, [take], store);
    const foreign = new Func(new Store(store.engine), returnsI32, () => 1);
    const mismatch = "argument type mismatch\n\nCaused by:\n    value used with wrong store\n";
    for (const call of [exports["pass"], take])
      expect(() => call(foreign)).toThrow(new CrossStoreError(mismatch));

    const returning = new Func(store, { params: [], results: ["funcref"] }, () => foreign);
    expect(returning).toThrow(
      new CrossStoreError(
        "function attempted to return an incompatible value\n\nCaused by:\n    value used with wrong store\n",
      ),
    );
    const through = instantiate(
      '(module (import "" "" (func (result funcref))) (func (export "run") (drop (call 0))))',
      [returning],
      store,
    );
    const error = thrownBy(through.exports["run"]);
    expect(error).toBeInstanceOf(CrossStoreError);
    expect(error.message).toBe(
      "error while executing at wasm backtrace:\n    0:     0x2b - <unknown>!<wasm function 1>\n\n" +
        "Caused by:\n    0: function attempted to return an incompatible value\n    1: value used with wrong store\n",
    );
  });
});

describe("a reference to functions of one type", () => {
  test("is checked by its type", (context) => {
    requires(context, "functionReferences");
    const store = new Store();
    const { exports } = instantiate(
      `(module (type $f (func (param i32) (result i32)))
        (func (export "call") (param (ref $f) i32) (result i32) (call_ref $f (local.get 1) (local.get 0)))
        (func (export "maybe") (param (ref null $f)) (result i32) (ref.is_null (local.get 0))))`,
      [],
      store,
    );
    const double = new Func(store, { params: ["i32"], results: ["i32"] }, (value) => 2 * value);
    expect(exports["call"](double, 21)).toBe(42);
    expect([exports["maybe"](double), exports["maybe"](null)]).toEqual([0, 1]);
    for (const value of [null, new Func(store, nothing, () => {})])
      expect(() => exports["call"](value, 1)).toThrow(
        /^argument type mismatch\n\nCaused by:\n {4}type mismatch: /,
      );
    expect(() => exports["call"](() => 1, 1)).toThrow(TypeError);
  });

  test("links modules that agree on the type", (context) => {
    requires(context, "functionReferences");
    const store = new Store();
    const linker = new Linker(store.engine);
    const define = (name: string, wat: string) =>
      linker.defineInstance(store, name, linker.instantiate(store, new Module(store.engine, wat)));
    define(
      "a",
      `(module (type $f (func (result i32))) (type $g (func (param (ref $f)) (result i32)))
        (func (export "f") (type $f) i32.const 9) (func (export "g") (type $g) (call_ref $f (local.get 0))))`,
    );
    define(
      "b",
      `(module (type $f (func (result i32))) (import "a" "f" (func $f (type $f)))
        (import "a" "g" (func $g (param (ref $f)) (result i32))) (elem declare func $f)
        (func (export "run") (result i32) (call $g (ref.func $f))))`,
    );
    expect((linker.get(store, "b", "run") as Func)()).toBe(9);
    expect(() =>
      define(
        "c",
        '(module (type $h (func (result i64))) (import "a" "g" (func (param (ref $h)) (result i32))))',
      ),
    ).toThrow("incompatible import type for `a::g`");
  });
});

describe("function types with supertypes", () => {
  test("let subtypes into globals, tables and calls, and nothing else", (context) => {
    requires(context, "gc", "functionReferences");
    const store = new Store();
    // $a <: $b <: $c
    const instance = instantiate(
      `(module (rec (type $c (sub (func (result funcref)))) (type $b (sub $c (func (result nullfuncref)))) (type $a (sub $b (func (result nullfuncref)))))
        (func $a (export "a") (type $a) ref.null nofunc) (func $b (export "b") (type $b) ref.null nofunc)
        (func $c (export "c") (type $c) ref.null func)
        (global (export "ga") (mut (ref null $a)) (ref.null $a)) (global (export "gb") (mut (ref null $b)) (ref.null $b))
        (global (export "gc") (mut (ref null $c)) (ref.null $c))
        (table (export "ta") 1 (ref null $a)) (table (export "tb") 1 (ref null $b)) (table (export "tc") 1 (ref null $c))
        (func (export "fa") (param (ref null $a))) (func (export "fb") (param (ref null $b))) (func (export "fc") (param (ref null $c))))`,
      [],
      store,
    );
    const { exports } = instance;
    for (const [name, allowed] of Object.entries({ a: "abc", b: "bc", c: "c" })) {
      const func = exports[name];
      for (const target of "abc") {
        const runs = [
          () => {
            exports[`g${target}`].value = func;
          },
          () => new Global(store, exports[`g${target}`].type, func),
          () => exports[`t${target}`].set(0, func),
          () => exports[`t${target}`].fill(0, func, 1),
          () => exports[`f${target}`](func),
        ];
        for (const run of runs) {
          if (allowed.includes(target)) run();
          else expect(run).toThrow("type mismatch");
        }
      }
    }
    expect(exports["gc"].value).toBe(exports["c"]);
    expect(exports["ta"].get(0)).toBe(exports["a"]);
  });
});

test("noextern has no value but null", (context) => {
  requires(context, "gc");
  const { exports } = instantiate(
    '(module (func (export "f") (param nullexternref) (result nullexternref) local.get 0))',
  );
  expect(exports["f"](null)).toBeNull();
  expect(() => exports["f"]({})).toThrow(
    new TypeError("don't know how to convert an object (Object) to (ref null noextern)"),
  );
});

test("references the host carries keep to the types they are stored in", (context) => {
  requires(context, "gc");
  const store = new Store();
  const module = new Module(
    store.engine,
    `(module (type $s (struct (field i32))) (global (export "g") (mut structref) (ref.null struct))
      (table (export "t") 1 eqref)
      (func (export "make") (param i32) (result (ref $s)) (struct.new $s (local.get 0)))
      (func (export "read") (result i32) (struct.get $s 0 (ref.cast (ref $s) (global.get 0)))))`,
  );
  const { exports } = new Instance(store, module, []);
  const struct = exports["make"](11);
  exports["g"].value = struct;
  expect(exports["g"].value).toBe(struct);
  expect(exports["read"]()).toBe(11);
  exports["t"].set(0, struct);
  expect(exports["t"].get(0)).toBe(struct);
  const table = new Table(store, { element: "structref", minimum: 1 }, struct);
  for (const use of [
    () => {
      exports["g"].value = "no struct";
    },
    () => exports["t"].set(0, "no struct"),
    () => table.grow(1, "no struct"),
    () => new Table(store, { element: "structref", minimum: 1 }, "no struct"),
    () => new Global(store, { content: "structref" }, 5),
    () => new Global(store, { content: "i31ref" }, 2 ** 31),
  ])
    expect(use).toThrow(TypeError);
  expect([exports["t"].get(0), table.get(0), table.size]).toEqual([struct, struct, 1]);
  expect(new Global(store, { content: "i31ref" }, -5).value).toBe(-5);
});

test("an exception is no value that the host could store", (context) => {
  requires(context, "exceptions");
  const store = new Store();
  const type = { content: "exnref", mutable: true } as const;
  new Global(store, type, null);
  expect(() => new Global(store, type, {})).toThrow(
    new TypeError("don't know how to convert an object (Object) to (ref null exn)"),
  );
});
