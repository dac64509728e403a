import { describe, expect, test } from "vitest";
import {
  CrossEngineError,
  Engine,
  ExitTrap,
  type Func,
  LinkError,
  Linker,
  Module,
  Store,
  Trap,
  WasiConfig,
  WasmlinkError,
} from "../../src/index.ts";
import { thrownBy } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;

function setUp() {
  const store = new Store();
  const linker = new Linker(store.engine);
  return {
    store,
    linker,
    define: (wat: string) => linker.defineModule(store, "m", new Module(store.engine, wat)),
  };
}

describe("a reactor", () => {
  test("without `_initialize` is one instance that everybody shares", () => {
    const { store, linker, define } = setUp();
    define(`(module (global $n (mut i32) (i32.const 0)) (memory (export "memory") 1)
      (func (export "count") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) global.get $n))`);
    const count = linker.get(store, "m", "count") as Func;
    expect([count(), count()]).toEqual([1, 2]);
    const user = new Module(
      store.engine,
      '(module (import "m" "count" (func (result i32))) (import "m" "memory" (memory 1)) (func (export "run") (result i32) call 0))',
    );
    expect(linker.instantiate(store, user).exports["run"]()).toBe(3);
    expect(linker.instantiate(store, user).exports["run"]()).toBe(4);
  });

  test("is initialised once, before its exports are defined", () => {
    const { store, linker, define } = setUp();
    const calls: string[] = [];
    linker.defineFunc("host", "note", nothing, () => {
      calls.push(linker.has("m", "f") ? "defined" : "not yet");
    });
    define('(module (import "host" "note" (func)) (func (export "_initialize") call 0) (func (export "f")))');
    expect(calls).toEqual(["not yet"]);
    expect(linker.has("m", "_initialize")).toBe(true);
    (linker.get(store, "m", "f") as Func)();
    expect(calls).toHaveLength(1);
  });

  test("with an `_initialize` that takes or gives something is refused", () => {
    for (const [signature, words] of [
      ["(param i32)", "type mismatch with parameters\n    1: expected 0 types, found 1"],
      [
        "(result i32 i32) i32.const 1 i32.const 1",
        "type mismatch with results\n    1: expected 0 types, found 2",
      ],
    ]) {
      const { define } = setUp();
      expect(() => define(`(module (func (export "_initialize") ${signature}))`)).toThrow(
        new WasmlinkError(`calling the Reactor initialization function\n\nCaused by:\n    0: ${words}\n`),
      );
    }
  });

  test("keeps what `_initialize` failed with as the cause", () => {
    const { linker, define } = setUp();
    const trapping = thrownBy(() => define('(module $r (func $i (export "_initialize") unreachable))'));
    expect(trapping.message).toBe(
      "calling the Reactor initialization function\n\nCaused by:\n" +
        "    0: error while executing at wasm backtrace:\n    0:     0x28 - r!i\n" +
        "    1: wasm trap: wasm `unreachable` instruction executed\n",
    );
    expect(trapping.cause).toBeInstanceOf(Trap);
    expect(trapping.cause.trapCode).toBe("UNREACHABLE");
    const thrown = new RangeError("out of luck");
    linker.defineFunc("host", "f", nothing, () => {
      throw thrown;
    });
    const failing = thrownBy(() =>
      define('(module (import "host" "f" (func)) (export "_initialize" (func 0)))'),
    );
    expect(failing.cause).toBe(thrown);
    expect([...linker].map(({ module }) => module)).toEqual(["host"]);
  });

  test("whose start function traps is not defined", () => {
    const { linker, define } = setUp();
    expect(() => define('(module (func $start unreachable) (start $start) (func (export "f")))')).toThrow(
      "wasm trap: wasm `unreachable` instruction executed",
    );
    expect([...linker]).toEqual([]);
  });
});

describe("a command", () => {
  const counting = `(module (global $n (mut i32) (i32.const 0)) (func (export "_start"))
    (func (export "count") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) global.get $n))`;

  test("gets an instance of its own for every call", () => {
    const { store, linker, define } = setUp();
    define(counting);
    const count = linker.get(store, "m", "count") as Func;
    expect([count(), count()]).toEqual([1, 1]);
    expect(count.type).toEqual({ kind: "func", params: [], results: ["i32"] });
    linker.getDefault(store, "m")();
  });

  test("runs its start function on every call", () => {
    const { store, linker, define } = setUp();
    let starts = 0;
    linker.defineFunc("host", "started", nothing, () => {
      starts++;
    });
    define('(module (import "host" "started" (func)) (start 0) (func (export "_start")) (func (export "f")))');
    expect(starts).toBe(0);
    (linker.get(store, "m", "f") as Func)();
    linker.getDefault(store, "m")();
    expect(starts).toBe(2);
  });

  test("takes arguments and gives results, also several", () => {
    const { store, linker, define } = setUp();
    define(`(module (func (export "_start") (param i32))
      (func (export "swap") (param i32 i64) (result i64 i32) local.get 1 local.get 0))`);
    expect((linker.get(store, "m", "swap") as Func)(1, 2n)).toEqual([2n, 1]);
    expect(() => linker.getDefault(store, "m")()).toThrow("too few parameters provided: given 0, expected 1");
  });

  test("keeps what its imports were when it was defined", () => {
    const { store, linker } = setUp();
    linker.allowShadowing = true;
    const returning = (value: number) =>
      linker.defineFunc("host", "f", { params: [], results: ["i32"] }, () => value);
    returning(1).defineModule(
      store,
      "m",
      new Module(
        store.engine,
        '(module (import "host" "f" (func (result i32))) (func (export "_start")) (func (export "run") (result i32) call 0))',
      ),
    );
    returning(2);
    expect((linker.get(store, "m", "run") as Func)()).toBe(1);
  });

  test("has the trap of its call come out as it is", () => {
    const { store, linker, define } = setUp();
    define('(module $c (func $s (export "_start") unreachable))');
    const error = thrownBy(() => linker.getDefault(store, "m")());
    expect(error).toBeInstanceOf(Trap);
    expect(error.frames).toHaveLength(1);
    expect(error.frames[0]).toMatchObject({ funcName: "s", moduleName: "c" });
  });

  test("may export what toolchains export beside functions; that is not defined", () => {
    const { linker, define } = setUp();
    define(`(module (func (export "_start")) (memory (export "memory") 1)
      (table (export "table") 0 funcref) (table (export "__indirect_function_table") 0 funcref)
      ${["__data_end", "__heap_base", "__dso_handle", "__rtti_base"]
        .map((name) => `(global (export "${name}") i32 (i32.const 0))`)
        .join(" ")})`);
    expect([...linker].map(({ name }) => name)).toEqual(["_start"]);
  });

  test("may not export anything else, unless unknown exports are allowed", () => {
    const wat =
      '(module (func (export "_start")) (global (export "g") i32 (i32.const 0)) (func (export "f")))';
    const { linker, define } = setUp();
    expect(() => define(wat)).toThrow(new LinkError("command export 'g' is not a function"));
    expect(linker.has("m", "_start")).toBe(true);
    expect(linker.has("m", "f")).toBe(false);
    const wrongKind = '(module (func (export "_start")) (global (export "memory") i32 (i32.const 0)))';
    expect(() => setUp().define(wrongKind)).toThrow("command export 'memory' is not a function");

    const { store, linker: lenient } = setUp();
    lenient.allowUnknownExports = true;
    lenient.defineModule(store, "m", new Module(store.engine, wat));
    expect([...lenient].map(({ name }) => name)).toEqual(["_start", "f"]);
  });

  test("re-exports what it imports", () => {
    const { store, linker } = setUp();
    let hits = 0;
    linker.defineFunc("host", "hit", nothing, () => {
      hits++;
    });
    const module = new Module(
      store.engine,
      '(module (import "host" "hit" (func)) (export "_start" (func 0)))',
    );
    linker.defineModule(store, "m", module).getDefault(store, "m")();
    expect(hits).toBe(1);
  });

  test("counts as an instance on every call", () => {
    const { store, linker, define } = setUp();
    define('(module (func (export "_start")))');
    store.setLimits({ instances: 2 });
    linker.getDefault(store, "m")();
    linker.getDefault(store, "m")();
    expect(() => linker.getDefault(store, "m")()).toThrow(
      "resource limit exceeded: instance count too high at 3",
    );
  });

  test("of WASI exits with an ExitTrap", () => {
    const { store, linker } = setUp();
    store.setWasi(new WasiConfig());
    linker.defineWasi().defineModule(
      store,
      "m",
      new Module(
        store.engine,
        `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 0) (func (export "_start") i32.const 123 call $exit))`,
      ),
    );
    const error = thrownBy(() => linker.getDefault(store, "m")());
    expect(error).toBeInstanceOf(ExitTrap);
    expect(error.exitCode).toBe(123);
  });
});

describe("linker.defineModule", () => {
  test("refuses a module that is both, and entry points that are no functions", () => {
    const both = '(module (func (export "_start")) (func (export "_initialize")))';
    expect(() => setUp().define(both)).toThrow(
      new LinkError("Program cannot be both a Command and a Reactor"),
    );
    for (const name of ["_start", "_initialize"]) {
      expect(() => setUp().define(`(module (memory (export "${name}") 1))`)).toThrow(
        new LinkError(`\`${name}\` must be a function`),
      );
    }
  });

  test("wants imports that are defined", () => {
    const wat = (entry: string) => `(module (import "a" "b" (func)) (func (export "${entry}")))`;
    for (const entry of ["_start", "_initialize", "f"]) {
      expect(() => setUp().define(wat(entry))).toThrow("unknown import: `a::b` has not been defined");
    }
  });

  test("wants store and module of the linker's engine", () => {
    const { linker, store } = setUp();
    const module = new Module(store.engine, "(module)");
    expect(() => linker.defineModule(new Store(), "m", module)).toThrow(
      new CrossEngineError("different engines for this linker and the store provided"),
    );
    for (const name of ["f", "_start"]) {
      const foreign = new Module(new Engine(), `(module (func (export "${name}")))`);
      expect(() => linker.defineModule(store, "m", foreign)).toThrow(
        new CrossEngineError("cross-`Engine` instantiation is not currently supported"),
      );
    }
    expect(() => linker.defineModule(store, "m", "(module)" as never)).toThrow(TypeError);
    expect(() => linker.defineModule({} as never, "m", module)).toThrow(TypeError);
  });
});
