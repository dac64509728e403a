import { describe, expect, test } from "vitest";
import {
  CrossStoreError,
  DuplicateDefinitionError,
  Engine,
  Func,
  Global,
  Linker,
  Memory,
  Module,
  Store,
  Table,
  Tag,
  WasmlinkError,
} from "../../src/index.ts";
import { instantiate, thrownBy } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;

/** One item of each kind. */
function items(store: Store<any>) {
  return {
    func: new Func(store, nothing, () => {}),
    global: new Global(store, { content: "i32" }, 0),
    memory: new Memory(store, { minimum: 1 }),
    table: new Table(store, { element: "funcref", minimum: 1 }, null),
    tag: new Tag(store, { params: [] }),
  };
}

describe("a name", () => {
  test("is defined once, whatever the kind of the item", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    for (const [kind, item] of Object.entries(items(store))) {
      linker.define(store, kind, "x", item);
      const error = thrownBy(() => linker.define(store, kind, "x", item));
      expect(error).toBeInstanceOf(DuplicateDefinitionError);
      expect(error.message).toBe(`import of \`${kind}::x\` defined twice`);
    }
  });

  test("is a pair: neither its type nor the other half make it another", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    const { func, global } = items(store);
    linker.define(store, "a", "x", func).define(store, "b", "x", func).define(store, "a", "y", func);
    expect(() => linker.define(store, "a", "x", global)).toThrow("import of `a::x` defined twice");
    expect(linker.get(store, "a", "x")).toBe(func);
  });

  test("may be empty, of any script, and hold a zero character", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    for (const name of ["", "\0", "ü 🎈", "a::b"]) {
      linker.defineFunc(name, name, nothing, () => {});
      expect(linker.has(name, name)).toBe(true);
    }
    expect(() => linker.defineFunc("ü 🎈", "ü 🎈", nothing, () => {})).toThrow(
      "import of `ü 🎈::ü 🎈` defined twice",
    );
  });

  test("is no string with half a surrogate pair", () => {
    const linker = new Linker(new Engine());
    expect(() => linker.defineFunc("\ud800", "x", nothing, () => {})).toThrow(TypeError);
    expect(() => linker.defineFunc("x", "\udc00y", nothing, () => {})).toThrow("without lone surrogates");
  });
});

describe("shadowing", () => {
  test("lets the last definition win, of any kind", () => {
    const store = new Store();
    const linker = new Linker(store.engine, { allowShadowing: true });
    for (const item of Object.values(items(store))) {
      linker.define(store, "m", "x", item);
      expect(linker.get(store, "m", "x")).toBe(item);
    }
  });

  test("is looked at when a name is defined", () => {
    const linker = new Linker(new Engine());
    expect(linker.allowShadowing).toBe(false);
    linker.defineFunc("m", "x", nothing, () => {});
    linker.allowShadowing = true;
    linker.defineFunc("m", "x", nothing, () => {});
    linker.allowShadowing = false;
    expect(() => linker.defineFunc("m", "x", nothing, () => {})).toThrow(DuplicateDefinitionError);
  });

  test("does not change what has been linked", () => {
    const engine = new Engine();
    const linker = new Linker(engine, { allowShadowing: true });
    const returning = (value: number) =>
      linker.defineFunc("m", "f", { params: [], results: ["i32"] }, () => value);
    const module = new Module(
      engine,
      `(module (import "m" "f" (func (result i32))) (func (export "run") (result i32) call 0))`,
    );
    returning(1);
    const store = new Store(engine);
    const instance = linker.instantiate(store, module);
    const pre = linker.instantiatePre(module);
    returning(2);
    expect(instance.exports["run"]()).toBe(1);
    expect(pre.instantiate(store).exports["run"]()).toBe(1);
    expect(linker.instantiate(store, module).exports["run"]()).toBe(2);
  });

  test("puts a module in front of another, again and again", () => {
    const store = new Store();
    const linker = new Linker(store.engine, { allowShadowing: true });
    let module = new Module(store.engine, '(module (func (export "green") (result i32) i32.const 7))');
    const doubling = new Module(
      store.engine,
      `(module (import "red" "green" (func (result i32)))
        (func (export "green") (result i32) (i32.mul (call 0) (i32.const 2))))`,
    );
    for (let round = 0; round < 4; round++) {
      linker.define(store, "red", "green", linker.instantiate(store, module).getFunc("green")!);
      module = doubling;
    }
    expect(linker.instantiate(store, module).exports["green"]()).toBe(112);
    for (let round = 0; round < 2; round++)
      linker.defineInstance(store, "red", linker.instantiate(store, doubling));
    expect(linker.instantiate(store, doubling).exports["green"]()).toBe(224 * 2);
  });
});

describe("linker.define", () => {
  test("refuses what is no item, no store and no name", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    const { func } = items(store);
    expect(() => linker.define(store, "", "", 2 as never)).toThrow(
      "Expected a Func, Global, Memory, SharedMemory, Tag, or Table, got `2` (number)",
    );
    expect(() => linker.define(2 as never, "", "", func)).toThrow("Expected a Store, got `2` (number)");
    expect(() => linker.define(store, 2 as never, "", func)).toThrow(TypeError);
    expect(() => linker.define(store, "", 2 as never, func)).toThrow(
      "Expected a name to be a string, got `2` (number)",
    );
    expect(() => linker.define(store, "", "", (() => {}) as never)).toThrow(TypeError);
  });

  test("refuses the item of another store", () => {
    const engine = new Engine();
    const store = new Store(engine);
    const linker = new Linker(engine);
    for (const item of Object.values(items(new Store(engine)))) {
      const error = thrownBy(() => linker.define(store, "", "", item));
      expect(error).toBeInstanceOf(CrossStoreError);
      expect(error.message).toBe("object used with the wrong store");
    }
    expect([...linker]).toEqual([]);
  });
});

describe("linker.defineFunc", () => {
  test("serves every store of the engine", () => {
    const engine = new Engine();
    const linker = new Linker(engine);
    let hits = 0;
    linker.defineFunc("a", "b", nothing, () => {
      hits++;
    });
    const module = new Module(engine, '(module (import "a" "b" (func)) (start 0))');
    expect(hits).toBe(0);
    linker.instantiate(new Store(engine), module);
    expect(hits).toBe(1);
    linker.instantiate(new Store(engine), module);
    expect(hits).toBe(2);
  });

  test("gives functions of their signature", () => {
    const engine = new Engine();
    const store = new Store(engine);
    const linker = new Linker(engine);
    const type = {
      params: ["f32", "f64", "i32", "i64", "i32", "externref", "funcref"],
      results: ["f64"],
    } as const;
    linker.defineFunc("", "f", type, () => 0);
    const func = linker.get(store, "", "f") as Func;
    expect(func).toBeInstanceOf(Func);
    expect(func.type).toEqual({ kind: "func", ...type });
  });

  test("refuses what is no function type and no function", () => {
    const linker = new Linker(new Engine());
    expect(() => linker.defineFunc("", "", 2 as never, (() => {}) as never)).toThrow(
      "Expected a function type, got `2` (number)",
    );
    expect(() => linker.defineFunc("", "", { params: ["int"] as never, results: [] }, () => {})).toThrow(
      'Expected a value type, got "int"',
    );
    expect(() => linker.defineFunc("", "", nothing, undefined as never)).toThrow(
      "Expected a function, got `undefined`",
    );
    expect(() => linker.defineFunc("", "", nothing, "f" as never)).toThrow(TypeError);
  });
});

describe("linker.defineInstance", () => {
  test("defines every export, up to the first name that is taken", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    const instance = instantiate(
      '(module (func (export "a")) (memory (export "b") 1) (global (export "c") i32 (i32.const 1)))',
      [],
      store,
    );
    linker.defineFunc("m", "b", nothing, () => {});
    expect(() => linker.defineInstance(store, "m", instance)).toThrow("import of `m::b` defined twice");
    expect(linker.get(store, "m", "a")).toBe(instance.exports["a"]);
    expect(linker.has("m", "c")).toBe(false);
    linker.allowShadowing = true;
    linker.defineInstance(store, "m", instance);
    expect(linker.get(store, "m", "b")).toBe(instance.exports["b"]);
    expect(linker.get(store, "m", "c")).toBe(instance.exports["c"]);
  });

  test("defines nothing for an instance without exports", () => {
    const store = new Store();
    const linker = new Linker(store.engine).defineInstance(store, "m", instantiate("(module)", [], store));
    expect([...linker]).toEqual([]);
  });

  test("refuses what is no instance, and the instance of another store", () => {
    const engine = new Engine();
    const store = new Store(engine);
    const linker = new Linker(engine);
    expect(() => linker.defineInstance(store, "x", 2 as never)).toThrow("Expected an Instance, got `2`");
    const other = instantiate("(module)", [], new Store(engine));
    expect(() => linker.defineInstance(store, "x", other)).toThrow(CrossStoreError);
  });
});

describe("a Linker", () => {
  test("wants an engine", () => {
    expect(() => new Linker(2 as never)).toThrow("Expected an Engine, got `2` (number)");
    const engine = new Engine();
    expect(new Linker(engine).engine).toBe(engine);
  });

  test("returns itself from what defines", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    const module = new Module(store.engine, "(module)");
    expect(linker.defineFunc("", "", nothing, () => {})).toBe(linker);
    expect(linker.alias("", "", "x", "y")).toBe(linker);
    expect(linker.aliasModule("x", "z")).toBe(linker);
    expect(linker.defineModule(store, "m", module)).toBe(linker);
    expect(linker.defineUnknownImportsAsTraps(module)).toBe(linker);
    expect(linker.defineUnknownImportsAsDefaultValues(store, module)).toBe(linker);
    expect(linker.defineWasi()).toBe(linker);
  });

  test("defines WASI once", () => {
    const linker = new Linker(new Engine()).defineWasi();
    expect(linker.has("wasi_snapshot_preview1", "fd_write")).toBe(true);
    const error = thrownBy(() => linker.defineWasi());
    expect(error).toBeInstanceOf(WasmlinkError);
    expect(error.message).toMatch(/^import of `wasi_snapshot_preview1::\w+` defined twice$/);
  });
});
