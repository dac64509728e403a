import { describe, expect, test } from "vitest";
import {
  CrossEngineError,
  CrossStoreError,
  Engine,
  Func,
  Global,
  IncompatibleImportError,
  Instance,
  LinkError,
  Memory,
  Module,
  Store,
  Table,
  Trap,
} from "../../src/index.ts";
import { instantiate, requires, thrownBy } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;

describe("exports", () => {
  const wat = `(module (func (export "a")) (func (export "")) (global (export "g") (mut i32) (i32.const 3))
    (memory (export "m") 1 2) (table (export "t") 1 funcref) (export "again" (func 0)))`;

  test("are items of the types the module declares, in its order", () => {
    const { exports } = instantiate(wat);
    expect(Object.keys(exports)).toEqual(["a", "", "g", "m", "t", "again"]);
    expect(exports["a"]).toBeInstanceOf(Func);
    expect(exports[""].type).toEqual({ kind: "func", ...nothing });
    expect(exports["g"]).toBeInstanceOf(Global);
    expect(exports["g"].type).toEqual({ kind: "global", content: "i32", mutable: true });
    expect(exports["g"].value).toBe(3);
    expect(exports["m"]).toBeInstanceOf(Memory);
    expect(exports["m"].size).toBe(1);
    expect(exports["t"]).toBeInstanceOf(Table);
    expect(exports["t"].size).toBe(1);
  });

  test("are frozen, without a prototype, and the same on every read", () => {
    const instance = instantiate(wat);
    const { exports } = instance;
    expect(instance.exports).toBe(exports);
    expect(Object.isFrozen(exports)).toBe(true);
    expect(Object.getPrototypeOf(exports)).toBeNull();
    expect(exports["x"]).toBeUndefined();
    expect(exports["toString"]).toBeUndefined();
    expect(exports["a"]).toBe(instance.getExport("a"));
    expect(exports["again"]).toBe(exports["a"]);
  });

  test("are looked up by name and kind", () => {
    const instance = instantiate(wat);
    expect(instance.getFunc("a")).toBe(instance.exports["a"]);
    expect(instance.getGlobal("g")).toBe(instance.exports["g"]);
    expect(instance.getMemory("m")).toBe(instance.exports["m"]);
    expect(instance.getTable("t")).toBe(instance.exports["t"]);
    for (const get of ["getFunc", "getGlobal", "getMemory", "getTable", "getTag"] as const) {
      expect(instance[get]("none")).toBeUndefined();
      expect(instance[get](get === "getFunc" ? "m" : "a")).toBeUndefined();
    }
    expect(instance.getExport("none")).toBeUndefined();
    expect(() => instance.getExport(0 as never)).toThrow("Expected `name` to be a string, got `0` (number)");
  });

  test("are there for any number and any name", () => {
    const names = Array.from({ length: 300 }, (_, index) => `f${index}`);
    const special = ["__proto__", "constructor", "0", "ü"];
    const { exports } = instantiate(
      `(module ${[...names, ...special].map((name) => `(func (export "${name}"))`).join("\n")})`,
    );
    expect(new Set(Object.keys(exports))).toEqual(new Set([...names, ...special]));
    for (const name of [...names, ...special]) expect(exports[name]).toBeInstanceOf(Func);
    expect(exports["f7"]).toBe(exports["f7"]);
  });

  test("that are imports are the items that were imported", () => {
    const store = new Store();
    const items = [
      new Func(store, nothing, () => {}),
      new Global(store, { content: "i32" }, 1),
      new Memory(store, { minimum: 1 }),
      new Table(store, { element: "externref", minimum: 1 }, null),
    ];
    const { exports } = instantiate(
      `(module (import "" "" (func)) (import "" "" (global i32)) (import "" "" (memory 1)) (import "" "" (table 1 externref))
        (export "0" (func 0)) (export "1" (global 0)) (export "2" (memory 0)) (export "3" (table 0)))`,
      items,
      store,
    );
    expect(Object.values(exports)).toEqual(items);
    items.forEach((item, index) => {
      expect(exports[index]).toBe(item);
    });
  });

  test("of an instance's exports are those", () => {
    const store = new Store();
    const first = instantiate(
      '(module (func (export "f")) (global (export "g") (mut i64) (i64.const 1)))',
      [],
      store,
    );
    const second = instantiate(
      '(module (import "" "f" (func)) (import "" "g" (global (mut i64))) (export "f" (func 0)) (export "g" (global 0)))',
      [first.exports["f"], first.exports["g"]],
      store,
    );
    expect(second.exports).toEqual(first.exports);
    expect(second.exports["f"]).toBe(first.exports["f"]);
    expect(second.exports["g"]).toBe(first.exports["g"]);
  });
});

describe("imports by position", () => {
  test("call a function from the start function, once for each instance", () => {
    const store = new Store();
    let hits = 0;
    const func = new Func(store, nothing, () => {
      hits++;
    });
    const module = new Module(store.engine, '(module (import "" "" (func)) (start 0))');
    new Instance(store, module, [func]);
    new Instance(store, module, [func]);
    expect(hits).toBe(2);
  });

  test("share a global between instances and the host", () => {
    const store = new Store();
    const module = new Module(
      store.engine,
      `(module (import "" "" (global (mut i32))) (func (export "get") (result i32) global.get 0)
        (func (export "update") i32.const 5 global.set 0))`,
    );
    const global = new Global(store, { content: "i32", mutable: true }, 2);
    const first = new Instance(store, module, [global]);
    expect(first.exports["get"]()).toBe(2);
    global.value = 4;
    const second = new Instance(store, module, [global]);
    expect([first.exports["get"](), second.exports["get"]()]).toEqual([4, 4]);
    first.exports["update"]();
    expect([global.value, second.exports["get"]()]).toEqual([5, 5]);
  });

  test("are counted", () => {
    const store = new Store();
    const func = new Func(store, nothing, () => {});
    const module = new Module(store.engine, '(module (import "" "" (func)))');
    expect(() => new Instance(store, module, [])).toThrow(new LinkError("expected 1 imports, found 0"));
    expect(() => new Instance(store, module, [func, func])).toThrow("expected 1 imports, found 2");
    expect(() => instantiate("(module)", [func], store)).toThrow("expected 0 imports, found 1");
  });

  test("are type-checked in order, without the name that is missing", () => {
    const store = new Store();
    const func = new Func(store, nothing, () => {});
    const module = new Module(store.engine, '(module (import "" "" (func)) (import "a" "b" (global i32)))');
    const error = thrownBy(() => new Instance(store, module, [func, func]));
    expect(error).toBeInstanceOf(IncompatibleImportError);
    expect(error.message).toBe(
      "incompatible import type for `a::b`\n\nCaused by:\n    expected global, but found function\n",
    );
  });

  test("are items of the store", () => {
    const engine = new Engine();
    const [store, other] = [new Store(engine), new Store(engine)];
    const module = new Module(engine, '(module (import "" "" (global i32)))');
    const func = new Func(other, nothing, () => {});
    // Before their number and types are looked at.
    for (const items of [[func], [func, func]])
      expect(() => new Instance(store, module, items)).toThrow(
        new CrossStoreError("cross-`Store` instantiation is not currently supported"),
      );
  });

  test("are items, in an array", () => {
    const store = new Store();
    const module = new Module(store.engine, '(module (import "" "" (func)))');
    expect(() => new Instance(store, module, [1 as never])).toThrow(
      "Expected a Func, Global, Memory, SharedMemory, Tag, or Table, got `1` (number)",
    );
    expect(() => new Instance(store, module, {} as never)).toThrow("Expected `imports` to be an array");
    expect(() => new Instance(store, 1 as never, [])).toThrow("Expected a Module, got `1` (number)");
    expect(() => new Instance(1 as never, module, [])).toThrow("Expected a Store, got `1` (number)");
  });

  test("and module are of the store's engine", () => {
    const store = new Store();
    expect(() => new Instance(store, new Module(new Engine(), "(module)"), [])).toThrow(
      new CrossEngineError("cross-`Engine` instantiation is not currently supported"),
    );
  });
});

describe("imports of one name", () => {
  test("keep their types apart", () => {
    const store = new Store();
    const module = new Module(
      store.engine,
      `(module (import "" "" (func $a (result i32))) (import "" "" (func $b (result f32)))
        (import "" "" (func $c (result f64))) (import "" "" (global i32)) (import "" "" (memory 1))
        (func (export "foo") (result i32)
          (i32.add (i32.add (call $a) (i32.trunc_f32_s (call $b))) (i32.trunc_f64_s (call $c)))))`,
    );
    const returning = (type: "i32" | "f32" | "f64", value: number) =>
      new Func(store, { params: [], results: [type] }, () => value);
    const items = [
      returning("i32", 1),
      returning("f32", 2),
      returning("f64", 3),
      new Global(store, { content: "i32" }, 4),
      new Memory(store, { minimum: 1 }),
    ];
    expect(new Instance(store, module, items).exports["foo"]()).toBe(6);
    expect(module.imports.map(({ name }) => name)).toEqual(["", "", "", "", ""]);
    const swapped = [items[1]!, items[0]!, ...items.slice(2)];
    expect(() => new Instance(store, module, swapped)).toThrow(
      "types incompatible: expected type `(func (result i32))`, found type `(func (result f32))`",
    );
  });
});

describe("an instance", () => {
  test("initialises its memory, and grows it no further than declared", () => {
    const instance = instantiate(`(module (memory (export "m") 1 2)
      (func (export "grow") (param i32) (result i32) local.get 0 memory.grow)
      (func (export "size") (result i32) memory.size)
      (data (i32.const 4) "wasm") (data (i32.const 65535) "!"))`);
    const memory = instance.getMemory("m")!;
    expect(new TextDecoder().decode(memory.data().subarray(4, 8))).toBe("wasm");
    expect(memory.data()[65535]).toBe("!".charCodeAt(0));
    const { grow, size } = instance.exports as Record<string, (delta?: number) => number>;
    expect([grow!(1), size!(), grow!(1), size!()]).toEqual([1, 2, -1, 2]);
    expect(memory.size).toBe(2);
    expect(memory.type.minimum).toBe(1);
  });

  test("fails with the trap of its start function", () => {
    expect(() => instantiate("(module (func unreachable) (start 0))")).toThrow(Trap);
  });

  test("fails with the trap of a segment, without frames; what was written before stays", () => {
    const store = new Store();
    const memory = new Memory(store, { minimum: 1 });
    const error = thrownBy(() =>
      instantiate(
        `(module (import "" "" (memory 1)) (data (i32.const 0) "first") (data (i32.const 65535) "second"))`,
        [memory],
        store,
      ),
    );
    expect(error).toBeInstanceOf(Trap);
    expect(error.trapCode).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(error.message).toBe("wasm trap: out of bounds memory access");
    expect(error.frames).toEqual([]);
    expect(new TextDecoder().decode(memory.read(0, 5))).toBe("first");

    const table = new Table(store, { element: "funcref", minimum: 2 }, null);
    const inTable = thrownBy(() =>
      instantiate(
        `(module (import "" "" (table 1 funcref)) (func $f) (elem (i32.const 0) $f) (elem (i32.const 1) $f $f))`,
        [table],
        store,
      ),
    );
    expect(inTable.message).toBe("wasm trap: undefined element: out of bounds table access");
    expect(inTable.trapCode).toBe("TABLE_OUT_OF_BOUNDS");
    expect(table.get(0)).toBeInstanceOf(Func);
  });

  test("leaves the functions it put into a table behind when it fails later", () => {
    const store = new Store();
    const table = new Table(store, { element: "funcref", minimum: 1 }, null);
    expect(() =>
      instantiate(
        `(module (import "" "" (table 1 funcref)) (global $n (mut i32) (i32.const 40))
          (func $f (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) global.get $n)
          (elem (i32.const 0) $f) (func $start unreachable) (start $start))`,
        [table],
        store,
      ),
    ).toThrow(Trap);
    expect([table.get(0)(), table.get(0)()]).toEqual([41, 42]);
  });

  test("is of a module and a store, and has a native twin", () => {
    const store = new Store();
    const module = new Module(store.engine, '(module (memory (export "m") 1))');
    const instance = new Instance(store, module, []);
    expect([instance.module, instance.store]).toEqual([module, store]);
    instance.native.exports["m"].grow(1);
    expect(instance.getMemory("m")!.size).toBe(2);
  });

  test("exports tags", (context) => {
    requires(context, "tag");
    const instance = instantiate('(module (tag (export "e") (param i32)))');
    expect(instance.getTag("e")).toBe(instance.exports["e"]);
    expect(instance.getTag("e")!.type).toEqual({ kind: "tag", params: ["i32"] });
  });
});
