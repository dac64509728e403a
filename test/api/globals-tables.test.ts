import { describe, expect, test } from "vitest";
import { CrossStoreError, Engine, Func, Global, LimitError, Store, Table, Trap } from "../../src/index.ts";
import { instantiate, requires, thrownBy } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;

describe("a Global", () => {
  test("has a type, and a value that can be set when it is mutable", () => {
    const store = new Store();
    const global = new Global(store, { content: "i32", mutable: true }, 1);
    expect(global.type).toEqual({ kind: "global", content: "i32", mutable: true });
    expect(global.store).toBe(store);
    global.value = 2;
    expect(global.value).toBe(2);
    expect(new Global(store, { content: "i64", mutable: true }, 0n).value).toBe(0n);
    const constant = new Global(store, { content: "i32" }, 1);
    expect(constant.type.mutable).toBe(false);
    expect(() => {
      constant.value = 2;
    }).toThrow("immutable global cannot be set");
    expect(constant.value).toBe(1);
  });

  test("refuses values, types and stores that are none", () => {
    const store = new Store();
    expect(() => new Global(store, { content: "i32" }, store)).toThrow(
      "don't know how to convert an object (Store) to i32",
    );
    expect(() => new Global(store, 1 as never, 1)).toThrow("Expected a global type, got `1` (number)");
    expect(() => new Global(store, { content: "int" as never }, 1)).toThrow(
      'Expected a value type, got "int"',
    );
    expect(() => new Global(store, { content: "i32", mutable: 1 as never }, 1)).toThrow(
      "Expected `mutable` to be a boolean",
    );
    expect(() => new Global(1 as never, { content: "i32" }, 1)).toThrow("Expected a Store, got `1` (number)");
    const global = new Global(store, { content: "i32", mutable: true }, 1);
    for (const value of [global, 1n, 0.5, null]) {
      expect(() => {
        global.value = value;
      }).toThrow(TypeError);
    }
    expect(global.value).toBe(1);
  });

  test("holds references and keeps their identity", () => {
    const store = new Store();
    const external = new Global(store, { content: "externref", mutable: true }, null);
    expect(external.value).toBeNull();
    const object = {};
    external.value = object;
    expect(external.value).toBe(object);
    const func = new Func(store, nothing, () => {});
    const functional = new Global(store, { content: "funcref", mutable: true }, null);
    functional.value = func;
    expect(functional.value).toBe(func);
    expect(new Global(store, { content: "funcref" }, func).value).toBe(func);
  });

  test("takes no function of another store", () => {
    const engine = new Engine();
    const store = new Store(engine);
    const foreign = new Func(new Store(engine), nothing, () => {});
    const created = thrownBy(() => new Global(store, { content: "funcref" }, foreign));
    expect(created).toBeInstanceOf(CrossStoreError);
    expect(created.message).toBe(
      "type mismatch: initial value provided does not match the type of this global\n\n" +
        "Caused by:\n    value used with wrong store\n",
    );
    const global = new Global(store, { content: "funcref", mutable: true }, null);
    const assigned = thrownBy(() => {
      global.value = foreign;
    });
    expect(assigned.message).toBe(
      "type mismatch: attempt to set global to value of wrong type\n\n" +
        "Caused by:\n    value used with wrong store\n",
    );
  });

  test("is shared with wasm", () => {
    const store = new Store();
    const global = new Global(store, { content: "f64", mutable: true }, 0.5);
    const { exports } = instantiate(
      `(module (import "" "" (global (mut f64))) (func (export "double") (global.set 0 (f64.mul (global.get 0) (f64.const 2)))))`,
      [global],
      store,
    );
    exports["double"]();
    expect(global.value).toBe(1);
  });

  test("holds vectors", (context) => {
    requires(context, "simd");
    const bytes = Uint8Array.from({ length: 16 }, (_, index) => 255 - index);
    const store = new Store();
    const global = new Global(store, { content: "v128", mutable: true }, bytes);
    expect(global.value).toEqual(bytes);
    global.value = bytes.toReversed();
    expect(global.value).toEqual(bytes.toReversed());
    expect(() => {
      global.value = bytes.subarray(1);
    }).toThrow(TypeError);
    const { exports } = instantiate(
      '(module (import "" "" (global (mut v128))) (func (export "lane") (result i32) (i8x16.extract_lane_u 0 (global.get 0))))',
      [global],
      store,
    );
    expect(exports["lane"]()).toBe(240);
    expect(new Global(store, { content: "v128" }, bytes).value).toEqual(bytes);
  });
});

describe("a Table", () => {
  const type = { element: "funcref", minimum: 1, maximum: 2 } as const;

  test("has a type, a size and elements", () => {
    const store = new Store();
    const func = new Func(store, nothing, () => {});
    const table = new Table(store, type, func);
    expect(table.type).toEqual({ kind: "table", ...type, address: "i32" });
    expect(table.store).toBe(store);
    expect([table.size, table.get(0)]).toEqual([1, func]);
    expect(table.get(0)).toBe(func);
  });

  test("tells a null element from one out of range", () => {
    const table = new Table(new Store(), type, null);
    expect(table.get(0)).toBeNull();
    for (const index of [1, -1, 0.5, 2 ** 32, 2 ** 64, Number.NaN]) expect(table.get(index)).toBeUndefined();
    expect(() => table.get("0" as never)).toThrow('Expected `index` to be a number, got "0"');
  });

  test("grows up to its maximum; its type stays", () => {
    const store = new Store();
    const table = new Table(store, type, null);
    const func = new Func(store, nothing, () => {});
    expect(table.grow(0, null)).toBe(1);
    expect(table.grow(1, func)).toBe(1);
    expect([table.size, table.get(1)]).toEqual([2, func]);
    const error = thrownBy(() => table.grow(1, null));
    expect(error).toBeInstanceOf(LimitError);
    expect(error.message).toBe("failed to grow table by `1`");
    expect(table.size).toBe(2);
    expect(table.type.minimum).toBe(1);
    expect(() => table.grow("x" as never, null)).toThrow(TypeError);
    expect(() => table.grow(-1, null)).toThrow(RangeError);
    expect(() => table.grow(0, "x")).toThrow(TypeError);
    expect(() => table.grow(2 ** 40, null)).toThrow("failed to grow table by `1099511627776`");
  });

  test("traps when it is set out of range, after the value has been looked at", () => {
    const store = new Store();
    const table = new Table(store, type, null);
    const func = new Func(store, nothing, () => {});
    table.set(0, func);
    expect(table.get(0)).toBe(func);
    const error = thrownBy(() => table.set(1, func));
    expect(error).toBeInstanceOf(Trap);
    expect([error.trapCode, error.message]).toEqual([
      "TABLE_OUT_OF_BOUNDS",
      "wasm trap: undefined element: out of bounds table access",
    ]);
    expect(() => table.set(1, 5)).toThrow(TypeError);
    expect(() => table.set(0, () => {})).toThrow(TypeError);
    expect(() => table.set(-1, null)).toThrow(RangeError);
  });

  test("of externrefs holds anything", () => {
    const table = new Table(new Store(), { element: "externref", minimum: 10 }, "init");
    expect(table.grow(2, "grown")).toBe(10);
    table.set(7, "lucky");
    table.set(8, null);
    table.set(9, undefined);
    expect(Array.from({ length: 13 }, (_, index) => table.get(index))).toEqual([
      ...Array(7).fill("init"),
      ...["lucky", null, undefined, "grown", "grown", undefined],
    ]);
  });

  test("is filled all at once or not at all", () => {
    const table = new Table(new Store(), { element: "externref", minimum: 10 }, null);
    table.fill(2, 42, 4);
    const elements = () => Array.from({ length: 10 }, (_, index) => table.get(index));
    expect(elements()).toEqual([null, null, 42, 42, 42, 42, null, null, null, null]);
    expect(thrownBy(() => table.fill(8, 1, 3)).trapCode).toBe("TABLE_OUT_OF_BOUNDS");
    expect(table.get(9)).toBeNull();
    table.fill(10, 1, 0);
    expect(() => table.fill(11, 1, 0)).toThrow(Trap);
  });

  test("is copied from another, also onto itself", () => {
    const store = new Store();
    const source = new Table(store, { element: "externref", minimum: 4 }, null);
    for (let index = 0; index < 4; index++) source.set(index, index);
    const target = new Table(store, { element: "externref", minimum: 6 }, "x");
    const elements = (table: Table) => Array.from({ length: table.size }, (_, index) => table.get(index));
    target.copy(2, source, 1, 3);
    expect(elements(target)).toEqual(["x", "x", 1, 2, 3, "x"]);
    source.copy(1, source, 0, 3);
    expect(elements(source)).toEqual([0, 0, 1, 2]);
    source.copy(0, source, 1, 3);
    expect(elements(source)).toEqual([0, 1, 2, 2]);
    for (const [to, from, count] of [
      [4, 0, 3],
      [0, 2, 3],
    ] as const)
      expect(thrownBy(() => target.copy(to, source, from, count)).trapCode).toBe("TABLE_OUT_OF_BOUNDS");
    expect(elements(target)).toEqual(["x", "x", 1, 2, 3, "x"]);
    expect(() => target.copy(0, new Table(store, type, null), 0, 1)).toThrow(
      "type mismatch: source table element type does not match destination table element type",
    );
    expect(() => target.copy(0, {} as never, 0, 1)).toThrow("Expected a Table");
    const foreign = new Table(new Store(store.engine), { element: "externref", minimum: 1 }, null);
    expect(() => target.copy(0, foreign, 0, 1)).toThrow(CrossStoreError);
  });

  test("takes no function of another store", () => {
    const engine = new Engine();
    const store = new Store(engine);
    const foreign = new Func(new Store(engine), nothing, () => {});
    const table = new Table(store, type, null);
    const message =
      "type mismatch: value does not match table element type\n\nCaused by:\n    reference used with wrong store\n";
    for (const run of [
      () => new Table(store, type, foreign),
      () => table.set(0, foreign),
      () => table.grow(0, foreign),
      () => table.fill(0, foreign, 1),
    ]) {
      const error = thrownBy(run);
      expect(error).toBeInstanceOf(CrossStoreError);
      expect(error.message).toBe(message);
    }
  });

  test("refuses types that are none", () => {
    const store = new Store();
    expect(() => new Table(store, { element: "i32" as never, minimum: 1 }, 0)).toThrow(TypeError);
    expect(() => new Table(store, { element: "funcref", minimum: -1 }, null)).toThrow(RangeError);
    expect(() => new Table(store, { element: "funcref", minimum: 1.5 }, null)).toThrow(TypeError);
    expect(() => new Table(store, 1 as never, null)).toThrow("Expected a table type, got `1` (number)");
    expect(() => new Table(store, { element: "funcref", minimum: 2, maximum: 1 }, null)).toThrow(
      "maximum table size cannot be smaller than the minimum table size",
    );
    expect(() => new Table(store, type, 5)).toThrow(TypeError);
    expect(() => new Table(1 as never, type, null)).toThrow(TypeError);
  });

  test("with 64-bit indices", (context) => {
    requires(context, "table64");
    const store = new Store();
    const table = new Table(store, { element: "externref", minimum: 1, maximum: 3, address: "i64" }, "a");
    expect(table.type.address).toBe("i64");
    expect(table.grow(1, "b")).toBe(1);
    table.set(0, "c");
    expect([table.get(0), table.get(1), table.get(2)]).toEqual(["c", "b", undefined]);
    expect(() => table.grow(2, null)).toThrow("failed to grow table by `2`");
  });

  test("calls host functions through wasm by their exact type", () => {
    const store = new Store();
    const table = new Table(store, { element: "funcref", minimum: 3 }, null);
    table.set(0, new Func(store, { params: ["i32"], results: ["i32"] }, (x) => x + 1));
    table.set(1, new Func(store, nothing, () => {}));
    const { exports } = instantiate(
      `(module (import "" "" (table 3 funcref)) (func (export "call") (param i32 i32) (result i32)
        local.get 1 local.get 0 call_indirect (param i32) (result i32)))`,
      [table],
      store,
    );
    expect(exports["call"](0, 41)).toBe(42);
    expect(thrownBy(() => exports["call"](1, 41))).toBeInstanceOf(Trap);
    expect(thrownBy(() => exports["call"](2, 41)).trapCode).toBe("INDIRECT_CALL_TO_NULL");
    expect(thrownBy(() => exports["call"](3, 41)).trapCode).toBe("TABLE_OUT_OF_BOUNDS");
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
