import { describe, expect, test } from "vitest";
import {
  type Caller,
  Engine,
  ExitTrap,
  Func,
  Instance,
  Linker,
  Module,
  Store,
  Trap,
  WasiConfig,
  WasmlinkError,
} from "../../src/index.ts";
import { instantiate, requires, thrownBy } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;

describe("a trap", () => {
  test("has wasmtime's code, frames and text", () => {
    const { exports } = instantiate(
      '(module $hello_mod (func (export "run") (call $hello)) (func $hello (unreachable)))',
    );
    const error = thrownBy(exports["run"]);
    expect(error).toBeInstanceOf(Trap);
    expect(error).toBeInstanceOf(WasmlinkError);
    expect([error.name, error.code, error.trapCode]).toEqual(["Trap", "ERR_TRAP", "UNREACHABLE"]);
    expect(error.frames).toEqual([
      { funcIndex: 1, funcName: "hello", moduleName: "hello_mod", moduleOffset: 0x26, funcOffset: 1 },
      { funcIndex: 0, funcName: undefined, moduleName: "hello_mod", moduleOffset: 0x21, funcOffset: 1 },
    ]);
    expect(error.message).toBe(
      "error while executing at wasm backtrace:\n" +
        "    0:     0x26 - hello_mod!hello\n" +
        "    1:     0x21 - hello_mod!<wasm function 0>\n\n" +
        "Caused by:\n    wasm trap: wasm `unreachable` instruction executed\n",
    );
  });

  test("shows the frames of every module it passed", () => {
    const store = new Store();
    const a = instantiate(
      `(module $a (func $die unreachable) (func call $die) (func $foo call 1) (func (export "bar") call $foo))`,
      [],
      store,
    );
    const b = instantiate(
      '(module $b (import "" "" (func $bar)) (func $middle call $bar) (func (export "bar2") call $middle))',
      [a.exports["bar"]],
      store,
    );
    expect(thrownBy(b.exports["bar2"]).message).toBe(
      "error while executing at wasm backtrace:\n" +
        "    0:     0x23 - a!die\n    1:     0x27 - a!<wasm function 1>\n    2:     0x2c - a!foo\n" +
        "    3:     0x31 - a!<wasm function 3>\n    4:     0x29 - b!middle\n    5:     0x2e - b!<wasm function 2>\n\n" +
        "Caused by:\n    wasm trap: wasm `unreachable` instruction executed\n",
    );
  });

  test("in a module without names", () => {
    const error = thrownBy(instantiate('(module (func (export "init") unreachable))').exports["init"]);
    expect(error.frames).toHaveLength(1);
    expect(error.frames[0]).toMatchObject({ funcIndex: 0, funcName: undefined, moduleName: undefined });
    expect(error.message).toContain("<unknown>!<wasm function 0>");
  });

  test("keeps the frames below host functions", () => {
    const store = new Store();
    const calling = (name: string) =>
      new Func(store, nothing, (caller: Caller) => caller.getFunc(name)!(), { accessCaller: true });
    const instance = instantiate(
      `(module $hello_mod (import "" "" (func $host_func_a)) (import "" "" (func $host_func_b))
        (func $a (export "a") call $host_func_a) (func $b (export "b") call $host_func_b) (func $c (export "c") unreachable))`,
      [calling("b"), calling("c")],
      store,
    );
    const error = thrownBy(instance.exports["a"]);
    expect(error.frames.map((frame: { funcName: string }) => frame.funcName)).toEqual(["c", "b", "a"]);
  });

  test("keeps only the frames of its store", () => {
    const engine = new Engine();
    const module = new Module(
      engine,
      '(module $m (import "" "" (func $host)) (func $outer (export "outer") call $host) (func $inner (export "inner") unreachable))',
    );
    const [first, second] = [new Store(engine), new Store(engine)];
    const inner = new Instance(second, module, [new Func(second, nothing, () => {})]).exports["inner"];
    const outer = new Instance(first, module, [new Func(first, nothing, () => inner())]).exports["outer"];
    const error = thrownBy(outer);
    expect(error).toBeInstanceOf(Trap);
    expect(error.frames.map((frame: { funcName: string }) => frame.funcName)).toEqual(["inner"]);
  });

  test("may be caught by a host function, and wasm goes on", () => {
    const store = new Store();
    const trapping = instantiate('(module (func (export "f") unreachable))', [], store).exports["f"];
    const catching = new Func(store, { params: [], results: ["i32"] }, () => {
      try {
        trapping();
        return 0;
      } catch (error) {
        return (error as Trap).trapCode === "UNREACHABLE" ? 1 : 2;
      }
    });
    const { exports } = instantiate(
      '(module (import "" "" (func $f (result i32))) (func (export "run") (result i32) (i32.add (call $f) (call $f))))',
      [catching],
      store,
    );
    expect(exports["run"]()).toBe(2);
  });

  test("outlives its module, and leaves the instance usable", () => {
    const { exports } = instantiate(
      '(module (func (export "trap") unreachable) (func (export "fine") (result i32) i32.const 3))',
    );
    const errors = [1, 2].map(() => thrownBy(exports["trap"]));
    expect(errors[0]).not.toBe(errors[1]);
    expect(errors[0].message).toBe(errors[1].message);
    expect(exports["fine"]()).toBe(3);
  });
});

describe("a trap whose operands can be known", () => {
  /** The code and the last lines of the trap of `run`. */
  function trapOfRun(wat: string, ...args: unknown[]): string[] {
    const error = thrownBy(() => instantiate(wat).exports["run"](...args));
    return [error.trapCode, error.message.split("Caused by:\n")[1]];
  }

  test("tells a NaN from a number too large", () => {
    const wat = `(module (func $truncate (param i32 f64) (result i32) local.get 1 i32.trunc_f64_s)
      (func (export "run") (param f64) (result i32) i32.const 0 local.get 0 call $truncate))`;
    expect(trapOfRun(wat, Number.NaN)[0]).toBe("BAD_CONVERSION_TO_INTEGER");
    expect(trapOfRun(wat, 1e300)[0]).toBe("INTEGER_OVERFLOW");
    const constant = '(module (func (export "run") f32.const nan i64.trunc_f32_u drop))';
    expect(trapOfRun(constant)[0]).toBe("BAD_CONVERSION_TO_INTEGER");
  });

  test("tells a null from a function of another type", () => {
    for (const exported of ["", '(export "table")']) {
      const wat = `(module (table ${exported} 3 funcref) (func $callee) (elem (i32.const 1) $callee)
        (func (export "run") (param i32) (result i32) local.get 0 call_indirect (result i32)))`;
      expect(trapOfRun(wat, 0)[0]).toBe("INDIRECT_CALL_TO_NULL");
      expect(trapOfRun(wat, 1)[0]).toBe("BAD_SIGNATURE");
      expect(trapOfRun(wat, 3)[0]).toBe("TABLE_OUT_OF_BOUNDS");
    }
  });

  test("names the address of an access out of bounds", () => {
    const wat = `(module (memory 1) (func (export "run") (param i32) local.get 0 i32.const 7 i32.store offset=4))`;
    const lines = (address: string) =>
      `    0: memory fault at wasm address ${address} in linear memory of size 0x10000\n    1: wasm trap: out of bounds memory access\n`;
    expect(trapOfRun(wat, 65_536)).toEqual(["MEMORY_OUT_OF_BOUNDS", lines("0x10004")]);
    expect(trapOfRun(wat, 65_530)).toEqual(["MEMORY_OUT_OF_BOUNDS", lines("0x10000")]);
    expect(trapOfRun(wat, -1)).toEqual(["MEMORY_OUT_OF_BOUNDS", lines("0x100000003")]);
  });

  test("claims nothing of operands that are computed or written", () => {
    const wat = `(module (func (export "run") (param f64) (result i32)
      (local.set 0 (f64.mul (local.get 0) (f64.const 2))) local.get 0 i32.trunc_f64_s))`;
    expect(trapOfRun(wat, Number.NaN)[0]).toBe("INTEGER_OVERFLOW");
    const growing = `(module (memory 1) (func (export "grow") (drop (memory.grow (i32.const 1))))
      (func (export "run") (param i32) (result i32) local.get 0 i32.load))`;
    expect(trapOfRun(growing, 65_536)[1]).toBe("    wasm trap: out of bounds memory access\n");
  });
});

describe("the number of frames", () => {
  const wat = '(module $rec_mod (func $run (export "run") (call $run)))';

  test("is 20 unless the engine is told otherwise", () => {
    for (const [options, count] of [
      [{}, 20],
      [{ maxBacktraceFrames: 32 }, 32],
      [{ maxBacktraceFrames: 3 }, 3],
    ] as const) {
      const error = thrownBy(instantiate(wat, [], new Store(new Engine(options))).exports["run"]);
      expect(error.trapCode).toBe("STACK_OVERFLOW");
      expect(error.frames).toHaveLength(count);
      for (const frame of error.frames)
        expect(frame).toMatchObject({ funcIndex: 0, funcName: "run", moduleName: "rec_mod" });
      expect([error.frames[0].moduleOffset, error.frames[1].moduleOffset]).toEqual([undefined, 0x20]);
      expect(error.message).toContain("    0: rec_mod!run\n    1:     0x20 - rec_mod!run\n");
      expect(error.message).toMatch(/Caused by:\n {4}wasm trap: call stack exhausted\n$/);
    }
  });

  test("may be none at all, then the text has no backtrace", () => {
    const store = new Store(new Engine({ maxBacktraceFrames: 0 }));
    const error = thrownBy(
      instantiate('(module (func (export "run") unreachable))', [], store).exports["run"],
    );
    expect(error.frames).toEqual([]);
    expect(error.message).toBe("wasm trap: wasm `unreachable` instruction executed");
  });
});

describe("a full stack", () => {
  test("is a trap also where host functions and wasm call each other", () => {
    const store = new Store();
    const again = new Func(store, nothing, (caller: Caller) => caller.getFunc("run")!(), {
      accessCaller: true,
    });
    const { exports } = instantiate(
      '(module (import "" "" (func $again)) (func (export "run") call $again) (func (export "fine") (result i32) i32.const 1))',
      [again],
      store,
    );
    const error = thrownBy(exports["run"]);
    expect(error).toBeInstanceOf(Trap);
    expect(error.trapCode).toBe("STACK_OVERFLOW");
    expect(exports["fine"]()).toBe(1);
  });
});

describe("a Trap of a host function", () => {
  test("has a message, no code and no frames", () => {
    const trap = new Trap("x");
    expect([trap.message, trap.trapCode, trap.frames]).toEqual(["x", undefined, []]);
    expect(() => new Trap(1 as never)).toThrow(TypeError);
  });

  test("reaches the host as the same object", () => {
    const store = new Store();
    const trap = new Trap("custom");
    const func = new Func(store, nothing, () => {
      throw trap;
    });
    const { exports } = instantiate(
      '(module (import "" "" (func)) (func (export "run") call 0))',
      [func],
      store,
    );
    for (const run of [func, exports["run"]]) expect(thrownBy(run)).toBe(trap);
    expect([trap.message, trap.frames]).toEqual(["custom", []]);
  });
});

describe("catch_all in a guest", () => {
  /** Calls its import under every handler that might catch. */
  const wat = `(module (import "" "f" (func $f)) (func (export "run") (result i32)
    (block $caught (try_table (catch_all $caught) (call $f)) (return (i32.const 0))) (i32.const 1)))`;

  test("sees no trap, no exception of the host and no exit", (context) => {
    requires(context, "exceptions");
    const store = new Store();
    store.setWasi(new WasiConfig());
    const error = new Error("host");
    const linker = new Linker(store.engine).defineWasi();
    const exit = linker.instantiate(
      store,
      new Module(
        store.engine,
        `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 0)
          (func (export "f") i32.const 3 call $exit))`,
      ),
    ).exports["f"];
    const failing: [Func, (error: unknown) => void][] = [
      [
        instantiate('(module (func (export "f") unreachable))', [], store).exports["f"],
        (e) => expect(e).toBeInstanceOf(Trap),
      ],
      [
        instantiate('(module (func $f (export "f") call $f))', [], store).exports["f"],
        (e) => expect(e).toBeInstanceOf(Trap),
      ],
      [
        new Func(store, nothing, () => {
          throw error;
        }),
        (e) => expect(e).toBe(error),
      ],
      [exit, (e) => expect(e).toBeInstanceOf(ExitTrap)],
    ];
    for (const [func, check] of failing) check(thrownBy(instantiate(wat, [func], store).exports["run"]));
    const fine = new Func(store, nothing, () => {});
    expect(instantiate(wat, [fine], store).exports["run"]()).toBe(0);
  });
});

describe("an exit", () => {
  test("is an ExitTrap with its status, also 0", () => {
    const engine = new Engine();
    const store = new Store(engine);
    store.setWasi(new WasiConfig());
    const { exports } = new Linker(engine).defineWasi().instantiate(
      store,
      new Module(
        engine,
        `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 1) (func (export "exit") (param i32) local.get 0 call $exit))`,
      ),
    );
    for (const status of [0, 1, 125]) {
      const error = thrownBy(() => exports["exit"](status));
      expect(error).toBeInstanceOf(ExitTrap);
      expect(error).not.toBeInstanceOf(Trap);
      expect(error.exitCode).toBe(status);
      expect(error.message).toContain(`Exited with i32 exit status ${status}`);
    }
    for (const status of [126, -1])
      expect(() => exports["exit"](status)).toThrow("exit with invalid exit status outside of [0..126)");
  });
});
