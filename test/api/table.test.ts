import { describe, expect, test } from "vitest";
import {
  ClosedError,
  CrossStoreError,
  Func,
  Instance,
  LimitError,
  Module,
  Store,
  Table,
  Trap,
  WasmlinkError,
} from "../../src/index.ts";
import { instantiate, requires, thrownBy } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;
const outOfBounds = "wasm trap: undefined element: out of bounds table access";
const wrongStore =
  "type mismatch: value does not match table element type\n\nCaused by:\n    reference used with wrong store\n";

const newTable = (minimum: number, maximum?: number, store = new Store()) =>
  new Table(store, { element: "externref", minimum, maximum }, null);

function contents(table: Table): unknown[] {
  return Array.from({ length: table.size }, (_, index) => table.get(index));
}

describe("new Table", () => {
  test("has the declared type, and the initial value everywhere", () => {
    const store = new Store();
    const table = new Table(store, { element: "externref", minimum: 2, maximum: 4 }, "x");
    expect(table.type).toEqual({
      kind: "table",
      element: "externref",
      minimum: 2,
      maximum: 4,
      address: "i32",
    });
    expect(table.store).toBe(store);
    expect(contents(table)).toEqual(["x", "x"]);
    const func = new Func(store, nothing, () => {});
    expect(new Table(store, { element: "funcref", minimum: 1 }, func).get(0)).toBe(func);
  });

  test("refuses a first value that does not fit", () => {
    const store = new Store();
    const type = { element: "funcref", minimum: 1 } as const;
    expect(() => new Table(store, type, "x")).toThrow(
      new TypeError('don\'t know how to convert "x" to funcref'),
    );
    expect(() => new Table(store, type, undefined)).toThrow(TypeError);
    expect(() => new Table(store, type, new Func(new Store(), nothing, () => {}))).toThrow(
      new CrossStoreError(wrongStore),
    );
  });

  test.each([
    [{ element: "i32", minimum: 1 }, 'Expected `element` to be a reference type, got "i32"'],
    [{ element: "thing", minimum: 1 }, 'Expected a value type, got "thing"'],
    [{ element: "funcref" }, "Expected `minimum` to be a non-negative integer, got `undefined`"],
    [3, "Expected a table type, got `3` (number)"],
  ])("refuses what is no type: %o", (type, message) => {
    expect(() => new Table(new Store(), type as never, null)).toThrow(new TypeError(message));
  });

  test("refuses a maximum below the minimum, and more than addresses can count", () => {
    expect(() => newTable(3, 1)).toThrow(
      new WasmlinkError("maximum table size cannot be smaller than the minimum table size"),
    );
    expect(() => newTable(2 ** 32)).toThrow("minimum size is too large for this table type's index type");
    expect(() => newTable(1, 2 ** 32)).toThrow("maximum size is too large for this table type's index type");
  });

  test("fails with a LimitError where the engine has no room for the size", () => {
    expect(() => newTable(2 ** 32 - 1)).toThrow(LimitError);
  });

  test("takes 64-bit addresses", (context) => {
    requires(context, "table64");
    const table = new Table(new Store(), { element: "externref", minimum: 1, address: "i64" }, "a");
    expect([table.grow(1, "b"), ...contents(table)]).toEqual([1, "a", "b"]);
    table.set(0, "c");
    table.copy(1, table, 0, 1);
    expect(contents(table)).toEqual(["c", "c"]);
    expect(() => table.grow(2 ** 50, null)).toThrow(LimitError);
  });

  test("takes functions of one type", (context) => {
    requires(context, "functionReferences");
    const store = new Store();
    const { exports } = instantiate(
      `(module (type $f (func (result i32))) (table (export "t") 1 (ref null $f))
        (func (export "seven") (type $f) i32.const 7) (func (export "other"))
        (func (export "call") (result i32) (call_ref $f (table.get 0 (i32.const 0)))))`,
      [],
      store,
    );
    const table: Table = exports["t"];
    expect(table.get(0)).toBeNull();
    expect(() => table.set(0, exports["other"])).toThrow(
      "type mismatch: value does not match table element type",
    );
    table.set(0, exports["seven"]);
    expect(exports["call"]()).toBe(7);
    table.set(0, new Func(store, { params: [], results: ["i32"] }, () => 8));
    expect(exports["call"]()).toBe(8);
  });
});

describe("table.get and table.set", () => {
  test("tell null elements from none", () => {
    const table = newTable(2);
    table.set(0, 0);
    expect([table.get(0), table.get(1)]).toEqual([0, null]);
    for (const index of [2, -1, 0.5, 2 ** 32, 2 ** 64, Number.NaN]) expect(table.get(index)).toBeUndefined();
    expect(() => table.get("0" as never)).toThrow(TypeError);
  });

  test("keep the identity of functions, from either side", () => {
    const { exports, store } = instantiate(
      `(module (table (export "t") 3 funcref) (func $own (export "own") (result i32) i32.const 5)
        (elem (i32.const 0) $own)
        (func (export "call") (param i32) (result i32) local.get 0 call_indirect (result i32)))`,
    );
    const table: Table = exports["t"];
    expect(table.get(0)).toBe(exports["own"]);
    const host = new Func(store, { params: [], results: ["i32"] }, () => 6);
    table.set(1, host);
    expect(table.get(1)).toBe(host);
    expect([exports["call"](0), exports["call"](1)]).toEqual([5, 6]);
    table.set(1, null);
    expect(thrownBy(() => exports["call"](1)).trapCode).toBe("INDIRECT_CALL_TO_NULL");
    expect(thrownBy(() => exports["call"](3)).trapCode).toBe("TABLE_OUT_OF_BOUNDS");
  });

  test("trap out of range", () => {
    const table = newTable(1);
    for (const index of [1, 10, 2 ** 40]) {
      const error = thrownBy(() => table.set(index, null));
      expect(error).toBeInstanceOf(Trap);
      expect(error.message).toBe(outOfBounds);
      expect(error.trapCode).toBe("TABLE_OUT_OF_BOUNDS");
    }
    expect(() => table.set(-1, null)).toThrow(RangeError);
  });

  test("refuse values that do not fit", () => {
    const table = new Table(new Store(), { element: "funcref", minimum: 1 }, null);
    for (const value of ["x", 1, undefined, () => {}]) {
      expect(() => table.set(0, value)).toThrow(TypeError);
      expect(() => table.grow(1, value)).toThrow(TypeError);
      expect(() => table.fill(0, value, 1)).toThrow(TypeError);
      // Also where the range would be refused.
      expect(() => table.set(9, value)).toThrow(TypeError);
    }
    const foreign = new Func(new Store(), nothing, () => {});
    expect(() => table.set(0, foreign)).toThrow(new CrossStoreError(wrongStore));
    expect(() => table.grow(1, foreign)).toThrow(wrongStore);
    expect(() => table.fill(0, foreign, 1)).toThrow(wrongStore);
    expect(contents(table)).toEqual([null]);
  });
});

describe("table.grow", () => {
  test("gives the size before, and leaves the declared type as it was", () => {
    const table = newTable(1, 4);
    expect([table.grow(0, "a"), table.grow(2, "b"), table.grow(1, "c")]).toEqual([1, 1, 3]);
    expect(contents(table)).toEqual([null, "b", "b", "c"]);
    expect(table.type.minimum).toBe(1);
  });

  test("fails beyond the maximum, and changes nothing", () => {
    const table = newTable(1, 2);
    expect(() => table.grow(2, null)).toThrow(new LimitError("failed to grow table by `2`"));
    expect(() => table.grow(2 ** 40, null)).toThrow(LimitError);
    expect(() => table.grow(-1, null)).toThrow(RangeError);
    expect(() => table.grow("1" as never, null)).toThrow(TypeError);
    expect(table.size).toBe(1);
  });
});

describe("table.fill", () => {
  test("writes a run", () => {
    const table = newTable(4);
    table.fill(1, "x", 2);
    table.fill(4, "y", 0);
    expect(contents(table)).toEqual([null, "x", "x", null]);
  });

  test("writes nothing when the run is not inside", () => {
    const table = newTable(2);
    for (const [start, count] of [
      [1, 2],
      [3, 0],
      [0, 2 ** 40],
    ] as const)
      expect(() => table.fill(start, "x", count)).toThrow(outOfBounds);
    expect(contents(table)).toEqual([null, null]);
  });
});

describe("table.copy", () => {
  const lettered = (store = new Store()) => {
    const table = newTable(4, undefined, store);
    [..."abcd"].forEach((letter, index) => {
      table.set(index, letter);
    });
    return table;
  };

  test("copies from another table and within one, also where the runs overlap", () => {
    const store = new Store();
    const source = lettered(store);
    const target = newTable(3, undefined, store);
    target.copy(1, source, 2, 2);
    expect(contents(target)).toEqual([null, "c", "d"]);
    const upwards = lettered();
    upwards.copy(1, upwards, 0, 3);
    expect(contents(upwards).join("")).toBe("aabc");
    const downwards = lettered();
    downwards.copy(0, downwards, 1, 3);
    expect(contents(downwards).join("")).toBe("bcdd");
  });

  test("writes nothing when a run is not inside", () => {
    const table = lettered();
    for (const [to, from, count] of [
      [0, 3, 2],
      [3, 0, 2],
      [5, 0, 0],
      [0, 5, 0],
    ] as const)
      expect(() => table.copy(to, table, from, count)).toThrow(outOfBounds);
    expect(contents(table).join("")).toBe("abcd");
  });

  test("needs elements that fit, of the same store", () => {
    const store = new Store();
    const functions = new Table(store, { element: "funcref", minimum: 1 }, null);
    expect(() => functions.copy(0, newTable(1, undefined, store), 0, 1)).toThrow(
      new WasmlinkError(
        "type mismatch: source table element type does not match destination table element type",
      ),
    );
    expect(() => newTable(1).copy(0, newTable(1), 0, 1)).toThrow(CrossStoreError);
    expect(() => functions.copy(0, {} as never, 0, 1)).toThrow(TypeError);
  });
});

test("null in an element segment clears an element of an imported table", () => {
  const store = new Store();
  const func = new Func(store, nothing, () => {});
  const table = new Table(store, { element: "funcref", minimum: 3 }, func);
  const module = new Module(
    store.engine,
    `(module (import "" "" (table 3 funcref)) (elem (i32.const 0) funcref (ref.null func) (ref.null func)))`,
  );
  new Instance(store, module, [table]);
  expect(contents(table)).toEqual([null, null, func]);
});

test("a table of a closed store is closed", () => {
  const table = newTable(1);
  table.store.close();
  for (const use of [
    () => table.size,
    () => table.get(0),
    () => table.set(0, null),
    () => table.grow(1, null),
    () => table.fill(0, null, 1),
    () => table.copy(0, table, 0, 1),
  ])
    expect(use).toThrow(ClosedError);
});
