import { describe, expect, test } from "vitest";
import {
  Caller,
  ClosedError,
  Func,
  Instance,
  Memory,
  Module,
  Store,
  WasmlinkError,
} from "../../src/index.ts";
import { instantiate, thrownBy } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;

describe("a host function called from the host", () => {
  const store = new Store();

  test("gets its arguments and gives its results, as a way through wasm would", () => {
    const add = new Func(store, { params: ["i32", "i32"], results: ["i32"] }, (a, b) => a + b);
    expect(add(1, 2)).toBe(3);
    expect(add(2 ** 31, 0)).toBe(-(2 ** 31));
    expect(add(2 ** 31 - 1, 1)).toBe(-(2 ** 31));
    const type = { params: ["i32", "i64", "f32", "f64"], results: ["f64", "f32", "i64", "i32"] } as const;
    const reversed = new Func(store, type, (...args) => args.reverse());
    expect(reversed(1, 2, 3, 4)).toEqual([4, 3, 2n, 1]);
    expect(reversed(1.0, 2n ** 64n - 1n, 0.1, 0.1)).toEqual([0.1, Math.fround(0.1), -1n, 1]);
    expect(new Func(store, { params: [], results: ["i32", "i32"] }, () => [1, 2])()).toEqual([1, 2]);
  });

  test("gives nothing where its type has no results, whatever it returns", () => {
    expect(new Func(store, nothing, () => 5)()).toBeUndefined();
    const run = instantiate(
      '(module (import "" "" (func)) (func (export "run") call 0))',
      [new Func(store, nothing, () => [1])],
      store,
    );
    expect(run.exports["run"]()).toBeUndefined();
  });

  test("checks the number of arguments, then their types", () => {
    const func = new Func(store, { params: ["i32"], results: [] }, () => {});
    expect(() => func()).toThrow(new WasmlinkError("too few parameters provided: given 0, expected 1"));
    expect(() => func("x", "y")).toThrow("too many parameters provided: given 2, expected 1");
    expect(() => func("x")).toThrow(TypeError);
    expect(() => func("x")).toThrow('don\'t know how to convert "x" to i32');
    expect(() => func(3.5)).toThrow("don't know how to convert `3.5` (number) to i32");
    expect(() => func(undefined)).toThrow(TypeError);
    expect(() => func(3n)).toThrow("don't know how to convert `3n` to i32");
    expect(() => func(true)).toThrow(TypeError);
  });

  test("is made of a store, a type and a function", () => {
    expect(() => new Func(1 as never, nothing, () => {})).toThrow("Expected a Store, got `1` (number)");
    expect(() => new Func(store, 1 as never, () => {})).toThrow("Expected a function type");
    expect(() => new Func(store, { params: "i32" } as never, () => {})).toThrow(
      "Expected `params` to be an array",
    );
    expect(() => new Func(store, nothing, 1 as never)).toThrow("Expected a function, got `1` (number)");
  });

  test("is a function like others", () => {
    const func = new Func(store, { params: ["i32"], results: ["i32"] }, (x) => x + 1);
    expect(func).toBeInstanceOf(Func);
    expect(func).toBeInstanceOf(Function);
    expect(func.call(null, 1)).toBe(2);
    expect(func.apply(null, [1])).toBe(2);
    expect([1, 2].map((x) => func(x))).toEqual([2, 3]);
    expect(func.store).toBe(store);
    expect(() => Func.prototype.type).toThrow("Expected a Func");
  });
});

describe("a host function's results", () => {
  /** Calls through wasm and directly. */
  function bothWays(results: readonly ("i32" | "i64" | "f32" | "externref" | "funcref")[], returns: unknown) {
    const store = new Store();
    const func = new Func(store, { params: [], results }, () => returns);
    const { run } = instantiate(
      `(module (import "" "" (func $f (result ${results.join(" ")}))) (func (export "run") (result ${results.join(" ")}) call $f))`,
      [func],
      store,
    ).exports as Record<string, Func>;
    return [func, run!];
  }

  test("of wrong types are refused as wrong arguments are", () => {
    for (const call of bothWays(["i32"], "x")) {
      expect(() => call()).toThrow(TypeError);
      expect(() => call()).toThrow('don\'t know how to convert "x" to i32');
    }
    for (const call of bothWays(["i32"], undefined)) expect(() => call()).toThrow(TypeError);
    for (const call of bothWays(["funcref"], () => {})) expect(() => call()).toThrow(TypeError);
  });

  test("are an array of the right length where there are several", () => {
    for (const call of bothWays(["i32", "i32"], 1)) {
      expect(() => call()).toThrow(TypeError);
      expect(() => call()).toThrow(
        "Expected the host function to return an array of 2 results, got `1` (number)",
      );
    }
    for (const length of [0, 1, 3]) {
      for (const call of bothWays(["i32", "i32"], Array(length).fill(1)))
        expect(() => call()).toThrow(new WasmlinkError("callback produced wrong number of results"));
    }
  });

  test("are no promise", () => {
    for (const results of [[], ["i32"], ["i32", "i32"]] as const) {
      for (const call of bothWays(results, Promise.resolve(1))) {
        expect(() => call()).toThrow(TypeError);
        expect(() => call()).toThrow("returned a promise");
      }
    }
  });
});

describe("an exception of a host function", () => {
  test("reaches the host as the same object, of any kind", () => {
    const store = new Store();
    let thrown: unknown;
    const func = new Func(store, nothing, () => {
      throw thrown;
    });
    const { run } = instantiate(
      '(module (import "" "" (func)) (func $f call 0) (func (export "run") call $f))',
      [func],
      store,
    ).exports as Record<string, () => void>;
    const kinds = [
      new Error("hello"),
      new RangeError(),
      Object.freeze({}),
      null,
      undefined,
      7,
      "text",
      Symbol("s"),
    ];
    for (thrown of [...kinds, new WebAssemblyError("made by hand")]) {
      expect(thrownValue(func)).toBe(thrown);
      expect(thrownValue(run!)).toBe(thrown);
    }
  });

  test("passes the host functions between, who may catch it", () => {
    const store = new Store();
    const failing = new Func(store, nothing, () => {
      throw new Error("inner");
    });
    const caught: unknown[] = [];
    let inner: (() => void) | undefined;
    const catching = new Func(store, nothing, () => {
      try {
        inner!();
      } catch (error) {
        caught.push(error);
      }
    });
    const module = new Module(store.engine, '(module (import "" "" (func)) (func (export "run") call 0))');
    inner = new Instance(store, module, [failing]).exports["run"];
    new Instance(store, module, [catching]).exports["run"]();
    expect(caught).toEqual([new Error("inner")]);
  });

  test("ends instantiation when the start function meets it", () => {
    const store = new Store();
    const error = new Error("foo");
    const func = new Func(store, nothing, () => {
      throw error;
    });
    expect(thrownBy(() => instantiate('(module (import "" "" (func)) (start 0))', [func], store))).toBe(
      error,
    );
  });
});

const { RuntimeError: WebAssemblyError } = (globalThis as any).WebAssembly;

function thrownValue(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("a Caller", () => {
  const wat = `(module (import "" "" (func $host)) (memory (export "foo") 1) (data (i32.const 0) "foo")
    (global (export "g") (mut i32) (i32.const 7)) (table (export "t") 1 funcref) (func (export "f") (result i32) i32.const 9)
    (func (export "run") call $host)`;

  test("has no exports when the host calls", () => {
    const store = new Store(undefined, { data: 5 });
    new Func(
      store,
      nothing,
      (caller: Caller<number>) => {
        expect(caller).toBeInstanceOf(Caller);
        expect([caller.getExport(""), caller.getExport("x"), caller.getMemory("y")]).toEqual([
          undefined,
          undefined,
          undefined,
        ]);
        expect(caller.store).toBe(store);
        caller.data += 1;
      },
      { accessCaller: true },
    )();
    expect(store.data).toBe(6);
  });

  test("shows the exports of the instance that calls, also to its start function", () => {
    const store = new Store();
    const seen: unknown[] = [];
    const func = new Func(
      store,
      nothing,
      (caller: Caller) => {
        const memory = caller.getMemory("foo") as Memory;
        seen.push(new TextDecoder().decode(memory.data().subarray(0, 3)));
        expect(caller.getExport("bar")).toBeUndefined();
        expect(caller.getExport("foo")).toBe(memory);
        expect(caller.getGlobal("g")!.value).toBe(7);
        expect(caller.getTable("t")!.size).toBe(1);
        expect(caller.getFunc("f")!()).toBe(9);
        expect([
          caller.getFunc("g"),
          caller.getGlobal("f"),
          caller.getTable("g"),
          caller.getMemory("f"),
        ]).toEqual(Array(4).fill(undefined));
      },
      { accessCaller: true },
    );
    const instance = instantiate(`${wat} (start $host))`, [func], store);
    expect(seen).toEqual(["foo"]);
    instance.exports["run"]();
    expect(seen).toEqual(["foo", "foo"]);
  });

  test("comes in front of the arguments, however many they are", () => {
    const store = new Store();
    for (let count = 0; count < 8; count++) {
      const params = Array(count).fill("i32");
      const func = new Func(
        store,
        { params, results: ["i32"] },
        (caller: Caller, ...args: number[]) => {
          expect(caller.getExport("run")).toBeInstanceOf(Func);
          return args.reduce((sum, value) => sum + value, args.length);
        },
        { accessCaller: true },
      );
      const gets = params.map((_, index) => `local.get ${index}`).join(" ");
      const type = count === 0 ? "" : `(param ${params.join(" ")})`;
      const { run } = instantiate(
        `(module (import "" "" (func $f ${type} (result i32))) (func (export "run") ${type} (result i32) ${gets} call $f))`,
        [func],
        store,
      ).exports as Record<string, (...args: number[]) => number>;
      expect(run!(...params.map((_, index) => index))).toBe(count + (count * (count - 1)) / 2);
    }
  });

  test("is over when the call is, also by an exception", () => {
    const store = new Store();
    const callers: Caller[] = [];
    const error = new Error("foo");
    const func = new Func(
      store,
      nothing,
      (caller: Caller) => {
        callers.push(caller);
        if (callers.length === 2) throw error;
      },
      { accessCaller: true },
    );
    const instance = instantiate(`${wat})`, [func], store);
    instance.exports["run"]();
    expect(thrownBy(() => instance.exports["run"]())).toBe(error);
    for (const caller of callers) {
      expect(caller.getExport("foo")).toBeUndefined();
      expect(caller.getMemory("foo")).toBeUndefined();
      expect(() => caller.store).toThrow(new ClosedError("caller is no longer valid"));
      expect(() => caller.data).toThrow(ClosedError);
      expect(() => new Memory(caller as never, { minimum: 1 })).toThrow("caller is no longer valid");
    }
  });

  test("stands for its store while the call lasts, and lets it call back in", () => {
    const store = new Store();
    let depth = 0;
    const func = new Func(
      store,
      nothing,
      (caller: Caller) => {
        expect(new Memory(caller as never, { minimum: 1 }).store).toBe(store);
        expect(new Func(caller, nothing, () => {}).store).toBe(store);
        if (++depth < 4) caller.getFunc("run")!();
        // The inner call has returned, this one has not.
        expect(caller.getExport("foo")).toBeDefined();
      },
      { accessCaller: true },
    );
    instantiate(`${wat})`, [func], store).exports["run"]();
    expect(depth).toBe(4);
  });

  test("is each importing instance's own", () => {
    const store = new Store();
    const values: number[] = [];
    const func = new Func(
      store,
      nothing,
      (caller: Caller) => {
        values.push(caller.getGlobal("g")!.value);
      },
      { accessCaller: true },
    );
    const instanceWith = (value: number) =>
      instantiate(
        `(module (import "" "" (func $f)) (global (export "g") i32 (i32.const ${value})) (func (export "run") call $f))`,
        [func],
        store,
      );
    const [first, second] = [instanceWith(1), instanceWith(2)];
    for (const instance of [first, second, first]) instance.exports["run"]();
    expect(values).toEqual([1, 2, 1]);
  });
});
