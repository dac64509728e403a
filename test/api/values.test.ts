import { describe, expect, test } from "vitest";
import { Engine, Func, Global, Instance, Module, Store, type ValType } from "../../src/index.ts";
import { instantiate, requires } from "../support/modules.ts";

/** Ways of a value through the API: each gives back what it was given, as wasm had it. */
function ways(type: ValType): Record<string, (value: unknown) => unknown> {
  const store = new Store();
  const host = new Func(store, { params: [type], results: [type] }, (value) => value);
  const { exports } = instantiate(
    `(module (import "" "" (func $host (param ${type}) (result ${type})))
      (func (export "wasm") (param ${type}) (result ${type}) local.get 0)
      (func (export "through") (param ${type}) (result ${type}) local.get 0 call $host)
      (func (export "five") (param i32 i32 i32 i32 ${type}) (result i32 ${type}) i32.const 1 local.get 4))`,
    [host],
    store,
  );
  return {
    "a wasm function": exports["wasm"],
    "a host function": host,
    "wasm and a host function": exports["through"],
    "many parameters and results": (value) => exports["five"](0, 0, 0, 0, value)[1],
    "a new global": (value) => new Global(store, { content: type }, value).value,
    "an assignment": (value) => {
      const global = new Global(store, { content: type, mutable: true }, exports["wasm"](value));
      global.value = value;
      return global.value;
    },
  };
}

function check(type: ValType, values: readonly (readonly [given: unknown, read: unknown])[]): void {
  for (const [way, pass] of Object.entries(ways(type)))
    test(`by ${way}`, () => {
      for (const [given, read] of values) expect(pass(given), String(given)).toBe(read);
    });
}

function checkRefused(type: ValType, values: readonly unknown[]): void {
  for (const [way, pass] of Object.entries(ways(type)))
    test(`not by ${way}`, () => {
      for (const value of values)
        expect(() => pass(value), String(value)).toThrow(/^don't know how to convert .* to /);
    });
}

describe("i32 takes integers modulo 2^32", () => {
  check("i32", [
    [0, 0],
    [-0, 0],
    [1, 1],
    [-1, -1],
    [0xffffffff, -1],
    [2 ** 31, -(2 ** 31)],
    [-(2 ** 31) - 1, 2 ** 31 - 1],
    [0x800000000, 0],
    [2 ** 53 + 2, 2],
    [-(2 ** 40) - 5, -5],
  ]);
  checkRefused("i32", [1.5, Number.NaN, Number.POSITIVE_INFINITY, "1", 1n, true, null, undefined, {}]);
});

describe("i64 takes bigints and safe integers modulo 2^64", () => {
  check("i64", [
    [0n, 0n],
    [0, 0n],
    [-0, 0n],
    [-1, -1n],
    [2n ** 63n, -(2n ** 63n)],
    [2n ** 64n - 1n, -1n],
    [2n ** 67n, 0n],
    [-(2n ** 63n) - 1n, 2n ** 63n - 1n],
    [2 ** 53 - 1, 2n ** 53n - 1n],
    [-(2 ** 53) + 1, -(2n ** 53n) + 1n],
  ]);
  checkRefused("i64", [1.5, 2 ** 53, Number.NaN, "1", true, null, undefined]);
});

describe("f32 takes numbers and rounds them", () => {
  check("f32", [
    [0, 0],
    [-0, -0],
    [1, 1],
    [0.1, Math.fround(0.1)],
    [1e300, Number.POSITIVE_INFINITY],
    [-1e-300, -0],
    [Number.NaN, Number.NaN],
    [16777217, 16777216],
  ]);
  checkRefused("f32", ["1", 1n, true, null, undefined]);
});

describe("f64 takes numbers", () => {
  check("f64", [
    [-0, -0],
    [0.1, 0.1],
    [Number.MAX_VALUE, Number.MAX_VALUE],
    [5e-324, 5e-324],
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [Number.NaN, Number.NaN],
  ]);
  checkRefused("f64", ["1", 1n, true, null, undefined]);
});

describe("externref takes anything and keeps its identity", () => {
  const symbol = Symbol("s");
  const values = [
    42,
    true,
    false,
    0,
    -0,
    Number.NaN,
    "",
    "Hello",
    { x: 1 },
    [12, 13],
    new Engine(),
    () => {},
  ];
  check(
    "externref",
    [...values, null, undefined, 5n, symbol].map((value) => [value, value]),
  );
});

describe("funcref takes functions of the store, and null", () => {
  const store = new Store();
  const host = new Func(store, { params: [], results: ["i32"] }, () => 42);
  const instance = instantiate(
    `(module (import "" "" (func $host (result i32))) (func $own (export "own") (result i32) i32.const 7)
      (func (export "same") (param funcref) (result funcref) local.get 0)
      (func (export "own-ref") (result funcref) ref.func $own) (func (export "host-ref") (result funcref) ref.func $host)
      (func $hidden (param i32 i64) (result f64) f64.const 2) (func (export "hidden-ref") (result funcref) ref.func $hidden)
      (elem declare func $own $host $hidden))`,
    [host],
    store,
  );
  const { same, own } = instance.exports as Record<string, Func>;

  test("and gives the same Func back", () => {
    for (const func of [null, host, own!, same!]) expect(same!(func)).toBe(func);
    expect(instance.exports["own-ref"]()).toBe(own);
    expect(instance.exports["host-ref"]()).toBe(host);
  });

  test("also one that no export names", () => {
    const hidden = instance.exports["hidden-ref"]();
    expect(hidden).toBeInstanceOf(Func);
    expect(hidden.type).toEqual({ kind: "func", params: ["i32", "i64"], results: ["f64"] });
    expect(hidden(1, 2n)).toBe(2);
    expect(instance.exports["hidden-ref"]()).toBe(hidden);
    expect(same!(hidden)).toBe(hidden);
  });

  test("but no other JavaScript function, and nothing else", () => {
    for (const value of [() => {}, undefined, 1, {}])
      expect(() => same!(value)).toThrow(/^don't know how to convert .* to funcref$/);
  });
});

describe("v128", () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => index * 16 + 1);

  test("is 16 bytes in parameters, results, globals and host functions", (context) => {
    requires(context, "simd");
    for (const [way, pass] of Object.entries(ways("v128"))) {
      expect(pass(bytes), way).toEqual(bytes);
      expect(pass(bytes), way).not.toBe(bytes);
    }
  });

  test("is nothing but 16 bytes", (context) => {
    requires(context, "simd");
    for (const pass of Object.values(ways("v128"))) {
      for (const value of [bytes.subarray(1), new Uint8Array(17), [...bytes], 1n, null])
        expect(() => pass(value)).toThrow(/^don't know how to convert .* to v128$/);
    }
  });
});

describe("references the host only carries", () => {
  test("come out of wasm and go back in", (context) => {
    requires(context, "gc");
    const store = new Store();
    const module = new Module(
      store.engine,
      `(module (type $p (struct (field i32)))
        (func (export "make") (param i32) (result (ref $p)) local.get 0 struct.new $p)
        (func (export "read") (param (ref null $p)) (result i32) local.get 0 struct.get $p 0)
        (func (export "any") (param anyref) (result anyref) local.get 0)
        (func (export "i31") (param i32) (result i31ref) local.get 0 ref.i31))`,
    );
    const { make, read, any, i31 } = new Instance(store, module, []).exports as Record<string, Func>;
    const struct = make!(5);
    expect(read!(struct)).toBe(5);
    expect(any!(struct)).toBe(struct);
    expect(any!(null)).toBeNull();
    expect(any!(i31!(-3))).toBe(-3);
  });
});

test("many results are an array in order", () => {
  const count = 20;
  const results = Array(count).fill("i32").join(" ");
  const consts = Array.from({ length: count }, (_, index) => `i32.const ${index}`).join(" ");
  const { exports } = instantiate(`(module (func (export "run") (result ${results}) ${consts}))`);
  expect(exports["run"]()).toEqual(Array.from({ length: count }, (_, index) => index));
});

test("calls take and give many parameters", () => {
  const store = new Store();
  const seen: number[][] = [];
  const params = Array(10).fill("i32");
  const host = new Func(store, { params, results: [] }, (...args) => {
    seen.push(args);
  });
  const args = Array.from({ length: 10 }, (_, index) => index + 1);
  const { exports } = instantiate(
    `(module (import "" "" (func $host (param ${params.join(" ")})))
      (func (export "fixed") ${args.map((value) => `i32.const ${value}`).join(" ")} call $host)
      (func (export "given") (param ${params.join(" ")}) ${args.map((value) => `local.get ${value - 1}`).join(" ")} call $host))`,
    [host],
    store,
  );
  exports["fixed"]();
  exports["given"](...args);
  expect(seen).toEqual([args, args]);
});
