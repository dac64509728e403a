import { describe, expect, test } from "vitest";
import {
  CrossEngineError,
  Engine,
  Func,
  Global,
  Instance,
  LinkError,
  Linker,
  Memory,
  Module,
  Store,
  WasmlinkError,
} from "../../src/index.ts";
import { instantiate } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;

describe("linker.get", () => {
  test("throws when the item is not defined", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    expect(() => linker.get(store, "foo", "bar")).toThrow(new WasmlinkError("item not defined in linker"));
    linker.defineModule(store, "foo", new Module(store.engine, '(module (func (export "f")))'));
    expect(linker.get(store, "foo", "f")).toBeInstanceOf(Func);
    expect(() => linker.get(store, "foo", "bar")).toThrow("item not defined in linker");
  });

  test("gives the same item every time, and another for each store", () => {
    const engine = new Engine();
    const [store, other] = [new Store(engine), new Store(engine)];
    const linker = new Linker(engine).defineFunc("", "f", nothing, () => {});
    const func = linker.get(store, "", "f") as Func;
    expect(linker.get(store, "", "f")).toBe(func);
    expect(func.store).toBe(store);
    expect(linker.get(other, "", "f")).not.toBe(func);
    expect((linker.get(other, "", "f") as Func).store).toBe(other);
  });

  test("gives an item of another store as it is", () => {
    const engine = new Engine();
    const store = new Store(engine);
    const global = new Global(store, { content: "i32" }, 1);
    const linker = new Linker(engine).define(store, "", "g", global);
    expect(linker.get(new Store(engine), "", "g")).toBe(global);
  });

  test("makes no function for a store of another engine", () => {
    const linker = new Linker(new Engine()).defineFunc("", "f", nothing, () => {});
    expect(() => linker.get(new Store(), "", "f")).toThrow(
      new CrossEngineError("cannot use a store with a different engine than a linker was created with"),
    );
  });
});

describe("linker.getByImport", () => {
  test("goes by the name alone", () => {
    const store = new Store();
    const module = new Module(
      store.engine,
      '(module (import "mod" "f" (func)) (import "mod" "f" (global i32)) (import "mod" "g" (func)))',
    );
    const linker = new Linker(store.engine).defineFunc("mod", "f", nothing, () => {});
    const [f, wronglyTyped, g] = module.imports;
    expect(linker.getByImport(store, f!)).toBeInstanceOf(Func);
    expect(linker.getByImport(store, wronglyTyped!)).toBe(linker.getByImport(store, f!));
    expect(linker.getByImport(store, g!)).toBeUndefined();
  });
});

describe("linker.getDefault", () => {
  const calls: string[] = [];
  const noting = (name: string) => () => {
    calls.push(name);
  };

  test("is a function that does nothing for a module without definitions", () => {
    const store = new Store();
    const func = new Linker(store.engine).getDefault(store, "foo");
    expect(func.type).toEqual({ kind: "func", ...nothing });
    expect(func()).toBeUndefined();
  });

  test("is the definition with the empty name, or else `_start`", () => {
    const store = new Store();
    const linker = new Linker(store.engine).defineFunc("m", "_start", nothing, noting("start"));
    linker.getDefault(store, "m")();
    linker.defineFunc("m", "", nothing, noting("empty"));
    linker.getDefault(store, "m")();
    expect(calls).toEqual(["start", "empty"]);
    expect(linker.getDefault(store, "m")).toBe(linker.get(store, "m", ""));
  });

  test("is no item of another kind", () => {
    const store = new Store();
    const linker = new Linker(store.engine, { allowShadowing: true });
    const memory = new Memory(store, { minimum: 0 });
    linker.define(store, "m", "_start", memory);
    expect(() => linker.getDefault(store, "m")).toThrow(new LinkError("`_start` in 'm' is not a function"));
    linker.define(store, "m", "", memory).defineFunc("m", "_start", nothing, noting("start"));
    expect(() => linker.getDefault(store, "m")).toThrow(
      new LinkError("default export in 'm' is not a function"),
    );
  });
});

describe("linker.alias", () => {
  test("gives a definition a second name", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    expect(() => linker.alias("a", "b", "c", "d")).toThrow(new LinkError("no item named `a::b` defined"));
    linker.defineFunc("a", "b", nothing, () => {}).alias("a", "b", "c", "d");
    expect(linker.get(store, "c", "d")).toBe(linker.get(store, "a", "b"));
    expect(() => linker.alias("a", "b", "c", "d")).toThrow("import of `c::d` defined twice");
    linker.allowShadowing = true;
    linker.alias("a", "b", "c", "d");
  });

  test("keeps the size a memory had when it was defined", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    const memory = new Memory(store, { minimum: 1 });
    linker.define(store, "a", "m", memory);
    memory.grow(1);
    linker.alias("a", "m", "b", "m").define(store, "c", "m", memory);
    const wanting = (name: string) => new Module(store.engine, `(module (import "${name}" "m" (memory 2)))`);
    expect(() => linker.instantiatePre(wanting("b"))).toThrow(
      "expected memory limits (min: 2, max: none) doesn't match provided memory limits (min: 1, max: none)",
    );
    linker.instantiatePre(wanting("c"));
    linker.instantiate(store, wanting("b"));
  });

  test("of a whole module copies what is there now, up to a name that is taken", () => {
    const store = new Store();
    const linker = new Linker(store.engine);
    for (const name of ["x", "y", "z"]) linker.defineFunc("a", name, nothing, () => {});
    linker.aliasModule("a", "b").aliasModule("nobody", "c");
    linker.defineFunc("a", "late", nothing, () => {});
    expect([...linker].map(({ module, name }) => `${module}::${name}`)).toEqual([
      ...["a::x", "a::y", "a::z", "a::late"],
      ...["b::x", "b::y", "b::z"],
    ]);
    linker.defineFunc("d", "y", nothing, () => {});
    expect(() => linker.aliasModule("a", "d")).toThrow("import of `d::y` defined twice");
    expect(linker.has("d", "x")).toBe(true);
    expect(linker.has("d", "z")).toBe(false);
  });

  test("of a module by its own name needs shadowing", () => {
    const linker = new Linker(new Engine()).defineFunc("a", "x", nothing, () => {});
    expect(() => linker.aliasModule("a", "a")).toThrow("import of `a::x` defined twice");
    linker.allowShadowing = true;
    linker.aliasModule("a", "a");
  });
});

describe("iteration", () => {
  test("gives names and types", () => {
    const store = new Store();
    const linker = new Linker(store.engine)
      .defineFunc("host", "f", { params: ["i32"], results: [] }, () => {})
      .define(store, "host", "m", new Memory(store, { minimum: 1, maximum: 3 }));
    expect([...linker]).toEqual([
      { module: "host", name: "f", type: { kind: "func", params: ["i32"], results: [] } },
      {
        module: "host",
        name: "m",
        type: { kind: "memory", minimum: 1, maximum: 3, shared: false, address: "i32", pageSize: 65536 },
      },
    ]);
  });
});

describe("linker.clone", () => {
  test("is independent of its original, and keeps its flags", () => {
    const engine = new Engine();
    const linker = new Linker(engine, { allowUnknownExports: true });
    linker.defineFunc("a", "f", { params: [], results: ["i32"] }, () => 42);
    const copy = linker.clone();
    expect(copy.engine).toBe(engine);
    expect([copy.allowShadowing, copy.allowUnknownExports]).toEqual([false, true]);
    copy.allowShadowing = true;
    copy
      .defineFunc("a", "f", { params: [], results: ["i32"] }, () => 43)
      .defineFunc("b", "g", nothing, () => {});
    expect(linker.allowShadowing).toBe(false);
    expect(linker.has("b", "g")).toBe(false);
    const module = new Module(
      engine,
      '(module (import "a" "f" (func (result i32))) (func (export "run") (result i32) call 0))',
    );
    expect(linker.instantiate(new Store(engine), module).exports["run"]()).toBe(42);
    expect(copy.instantiate(new Store(engine), module).exports["run"]()).toBe(43);
  });
});

describe("linker.missingImports", () => {
  test("lists what instantiate would not find, in the module's order", () => {
    const engine = new Engine();
    const module = new Module(
      engine,
      `(module (import "a" "x" (func)) (import "a" "y" (memory 1)) (import "b" "x" (func (param i32)))
        (import "a" "y" (global i32)))`,
    );
    const linker = new Linker(engine).defineFunc("b", "x", nothing, () => {});
    expect(linker.missingImports(module)).toEqual([0, 1, 3].map((index) => module.imports[index]));
    expect(new Linker(engine).missingImports(new Module(engine, "(module)"))).toEqual([]);
    expect(() => linker.missingImports("(module)" as never)).toThrow(TypeError);
  });
});

test("definitions of a linker are items for Instance as well", () => {
  const store = new Store();
  const linker = new Linker(store.engine).defineFunc("", "f", { params: [], results: ["i32"] }, () => 5);
  const module = new Module(
    store.engine,
    '(module (import "" "f" (func (result i32))) (func (export "run") (result i32) call 0) (export "f" (func 0)))',
  );
  const func = linker.get(store, "", "f");
  const instance = new Instance(store, module, [func]);
  expect(instance.exports["run"]()).toBe(5);
  expect(instance.exports["f"]).toBe(func);
  expect(instantiate("(module)", [], store).exports).toEqual({});
});
