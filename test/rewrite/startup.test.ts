/**
 * What instantiation costs, as wasmtime 49 measures it: each row is a module and the fuel its instantiation takes.
 */
import { describe, expect, it } from "vitest";
import { Engine, Global, Linker, Memory, Module, Store, Table, UnsupportedError } from "../../src/index.ts";

/** Imports that modules have in common, and repetitions, under short names. */
const shorthand: Readonly<Record<string, string>> = {
  "@g": '(import "" "g" (global $g i32))',
  "@m": '(import "" "m" (memory 1))',
  "@t": '(import "" "t" (table 10 funcref))',
  "@f": '(import "" "f" (func $f))',
  "@refs": " $s".repeat(200),
  "@bytes": "a".repeat(200),
};

const rows: readonly (readonly [fields: string, fuel: number])[] = [
  ["", 0],
  ["(func $s) (start $s)", 3],
  ["@f(start $f)", 2],
  ["(global i32 (i32.const 1))", 0],
  ["(global i32 (i32.add (i32.const 1) (i32.const 2)))", 1],
  ["@g(global i32 (global.get $g))", 1],
  ["@g(global i32 (global.get $g)) (global i32 (global.get $g))", 1],
  ["@g(global i32 (i32.add (global.get $g) (i32.const 2)))", 1],
  ["@g(global i32 (i32.add (i32.mul (global.get $g) (i32.const 2)) (i32.const 3)))", 1],
  ["(global funcref (ref.null func))", 1],
  ["(func $a) (global funcref (ref.func $a))", 1],
  ["(type $s (struct (field i32))) (global (ref $s) (struct.new $s (i32.const 1)))", 1],
  ["(global (ref i31) (ref.i31 (i32.const 1)))", 1],
  [
    "(type $s (array i32)) (global (ref $s) (array.new_fixed $s 3 (i32.const 1) (i32.const 1) (i32.const 1)))",
    1,
  ],
  ["(type $s (array i32)) (global (ref $s) (array.new $s (i32.const 1) (i32.const 10)))", 1],
  ['(memory 1) (data (i32.const 0) "abc")', 0],
  ['@g(memory 1) (data (global.get $g) "abc")', 5],
  ['@g(memory 1) (data (global.get $g) "abc") (data (global.get $g) "abcd")', 10],
  ['@m(data (i32.const 0) "abc")', 5],
  ['@m(data (i32.const 0) "")', 2],
  ['(memory 1) (data "abc")', 0],
  ['(memory 1) (data (i32.add (i32.const 1) (i32.const 2)) "abc")', 7],
  ['@g(memory 1) (data (i32.const 0) "abc") (data (global.get $g) "abcd")', 10],
  [
    '@g(memory 1) (data (global.get $g) "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")',
    202,
  ],
  ["(table 10 funcref) (func $a) (elem (i32.const 0) $a)", 0],
  ["@t(func $a) (elem (i32.const 0) $a $a)", 1],
  ["@g(table 10 funcref) (func $a) (elem (global.get $g) $a $a)", 1],
  ["(table 10 funcref) (func $a) (elem (i32.const 0) funcref (ref.func $a) (ref.null func))", 1],
  ["(table 10 externref) (elem (i32.const 0) externref (ref.null extern))", 1],
  ["(table 10 i31ref) (elem (i32.const 0) i31ref (ref.i31 (i32.const 3)) (ref.i31 (i32.const 4)))", 1],
  ["(table 10 i31ref) (elem i31ref (ref.i31 (i32.const 3)))", 1],
  ["(func $a) (elem declare func $a)", 0],
  ["(table 10 funcref (ref.func $a)) (func $a)", 0],
  ["(table 10 funcref (ref.null func))", 1],
  ["(table 1000 (ref func) (ref.func $a)) (func $a)", 0],
  ["(table 10 i31ref (ref.i31 (i32.const 3)))", 1],
  ["@g(func $s) (start $s) (global i32 (global.get $g))", 4],
  ["@g(func $s) (start $s) (global i32 (i32.add (global.get $g) (i32.const 2)))", 6],
  ['@g(memory 1) (data (global.get $g) "abc") (func $s) (start $s)', 7],
  ['(memory 1) (data (i32.const 0) "abc") (func $s) (start $s)', 3],
  ["(func $s (loop nop)) (start $s)", 3],
  ["@g(table 10 funcref) (func $a) (elem (global.get $g) $a $a)(func $s) (start $s)", 6],
  ["@g(table 10 funcref) (func $a) (elem (global.get $g) $a $a)(func $s)", 1],
  ["(table 10 funcref) (func $a) (elem (i32.const 0) $a $a)(func $s) (start $s)", 3],
  ["(table 10 funcref) (func $a) (elem (i32.const 0) $a $a)(func $s)", 0],
  ["@t(func $a) (elem (i32.const 0) $a $a)(func $s) (start $s)", 6],
  ["@t(func $a) (elem (i32.const 0) $a $a)(func $s)", 1],
  [
    "(table 10 funcref) (func $a) (elem (i32.const 0) funcref (ref.func $a) (ref.null func))(func $s) (start $s)",
    8,
  ],
  ["(table 10 funcref) (func $a) (elem (i32.const 0) funcref (ref.func $a) (ref.null func))(func $s)", 1],
  [
    "@t(func $a) (elem (i32.const 0) funcref (ref.func $a) (ref.null func) (ref.func $a))(func $s) (start $s)",
    10,
  ],
  ["@t(func $a) (elem (i32.const 0) funcref (ref.func $a) (ref.null func) (ref.func $a))(func $s)", 1],
  ["(func $a) (elem funcref (ref.func $a) (ref.null func) (ref.func $a))(func $s) (start $s)", 6],
  ["(func $a) (elem funcref (ref.func $a) (ref.null func) (ref.func $a))(func $s)", 1],
  [
    "(table 10 i31ref) (elem (i32.const 0) i31ref (ref.i31 (i32.const 3)) (ref.i31 (i32.const 4)))(func $s) (start $s)",
    10,
  ],
  [
    "(table 10 i31ref) (elem (i32.const 0) i31ref (ref.i31 (i32.const 3)) (ref.i31 (i32.const 4)))(func $s)",
    1,
  ],
  ["(elem i31ref (ref.i31 (i32.const 3)))(func $s) (start $s)", 5],
  ["(elem i31ref (ref.i31 (i32.const 3)))(func $s)", 1],
  ["(elem externref (ref.null extern) (ref.null extern))(func $s) (start $s)", 5],
  ["(elem externref (ref.null extern) (ref.null extern))(func $s)", 1],
  [
    "@g(table 10 funcref) (func $a) (elem (global.get $g) $a $a) (elem (i32.const 1) $a)(func $s) (start $s)",
    8,
  ],
  ["@g(table 10 funcref) (func $a) (elem (global.get $g) $a $a) (elem (i32.const 1) $a)(func $s)", 1],
  ["(table 10 funcref (ref.null func))(func $s) (start $s)", 14],
  ["(table 10 funcref (ref.null func))(func $s)", 1],
  ["(table 10 funcref (ref.func $s))(func $s) (start $s)", 3],
  ["(table 10 funcref (ref.func $s))(func $s)", 0],
  ["(table 10 i31ref (ref.i31 (i32.const 3)))(func $s) (start $s)", 15],
  ["(table 10 i31ref (ref.i31 (i32.const 3)))(func $s)", 1],
  ["(table 10 externref)(func $s) (start $s)", 3],
  ["(table 10 externref)(func $s)", 0],
  ["(table 10 i31ref)(func $s) (start $s)", 3],
  ["(table 10 i31ref)(func $s)", 0],
  ["(global funcref (ref.null func))(func $s) (start $s)", 4],
  ["(global funcref (ref.null func))(func $s)", 1],
  ["(global funcref (ref.func $s))(func $s) (start $s)", 4],
  ["(global funcref (ref.func $s))(func $s)", 1],
  ["(global externref (ref.null extern))(func $s) (start $s)", 4],
  ["(global externref (ref.null extern))(func $s)", 1],
  ["(global i64 (i64.const 1))(func $s) (start $s)", 3],
  ["(global i64 (i64.const 1))(func $s)", 0],
  ["(global f32 (f32.const 1))(func $s) (start $s)", 3],
  ["(global f32 (f32.const 1))(func $s)", 0],
  ["(global f64 (f64.const 1))(func $s) (start $s)", 3],
  ["(global f64 (f64.const 1))(func $s)", 0],
  ["(global v128 (v128.const i32x4 1 2 3 4))(func $s) (start $s)", 3],
  ["(global v128 (v128.const i32x4 1 2 3 4))(func $s)", 0],
  ["(global i32 (i32.const 1)) (global i32 (i32.const 1))(func $s) (start $s)", 3],
  ["(global i32 (i32.const 1)) (global i32 (i32.const 1))(func $s)", 0],
  ["@g(global i32 (i32.const 1)) (global i32 (global.get $g))(func $s) (start $s)", 4],
  ["@g(global i32 (i32.const 1)) (global i32 (global.get $g))(func $s)", 1],
  ["(global $l i32 (i32.const 1)) (global i32 (global.get $l))(func $s) (start $s)", 4],
  ["(global $l i32 (i32.const 1)) (global i32 (global.get $l))(func $s)", 1],
  ["(type $s (struct (field i32))) (global (ref $s) (struct.new $s (i32.const 1)))(func $s) (start $s)", 5],
  ["(type $s (struct (field i32))) (global (ref $s) (struct.new $s (i32.const 1)))(func $s)", 1],
  [
    "(type $s (array i32)) (global (ref $s) (array.new_fixed $s 3 (i32.const 1) (i32.const 1) (i32.const 1)))(func $s) (start $s)",
    7,
  ],
  [
    "(type $s (array i32)) (global (ref $s) (array.new_fixed $s 3 (i32.const 1) (i32.const 1) (i32.const 1)))(func $s)",
    1,
  ],
  [
    "(type $s (array i32)) (global (ref $s) (array.new $s (i32.const 1) (i32.const 10)))(func $s) (start $s)",
    16,
  ],
  ["(type $s (array i32)) (global (ref $s) (array.new $s (i32.const 1) (i32.const 10)))(func $s)", 1],
  [
    "(type $s (array i32)) (global (ref $s) (array.new $s (i32.const 1) (i32.const 200)))(func $s) (start $s)",
    206,
  ],
  ["(type $s (array i32)) (global (ref $s) (array.new $s (i32.const 1) (i32.const 200)))(func $s)", 204],
  ['(memory 1) (data (i32.const 0) "abc")(func $s) (start $s)', 3],
  ['(memory 1) (data (i32.const 0) "abc")(func $s)', 0],
  ['@g(memory 1) (data (global.get $g) "abc")(func $s) (start $s)', 7],
  ['@g(memory 1) (data (global.get $g) "abc")(func $s)', 5],
  ['(memory 1) (data (i32.const 0) "abc") (data (i32.const 5) "abcd")(func $s) (start $s)', 3],
  ['(memory 1) (data (i32.const 0) "abc") (data (i32.const 5) "abcd")(func $s)', 0],
  ['@g(memory 1) (data "zzzz") (data (global.get $g) "abcd")(func $s) (start $s)', 8],
  ['@g(memory 1) (data "zzzz") (data (global.get $g) "abcd")(func $s)', 6],
  [
    '@g(memory 1) (table 10 funcref) (elem (global.get $g) $s $s) (data (global.get $g) "abcd")(func $s) (start $s)',
    11,
  ],
  ['@g(memory 1) (table 10 funcref) (elem (global.get $g) $s $s) (data (global.get $g) "abcd")(func $s)', 9],
  ['(memory i64 1) (data (i64.const 0) "abc")(func $s) (start $s)', 3],
  ['(memory i64 1) (data (i64.const 0) "abc")(func $s)', 0],
  ['(memory 1) (data (i32.const 65533) "abc")(func $s) (start $s)', 3],
  ['(memory 1) (data (i32.const 65533) "abc")(func $s)', 0],
  [
    '@g(memory 1) (data (global.get $g) "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")(func $s) (start $s)',
    204,
  ],
  [
    '@g(memory 1) (data (global.get $g) "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")(func $s)',
    202,
  ],
  ["@g(table 10 funcref) (elem (global.get $g) $s $s) (elem (i32.const 3) $s)(func $s) (start $s)", 8],
  ["@g(table 10 funcref) (elem (global.get $g) $s $s) (elem (i32.const 3) $s)(func $s)", 1],
  ["@g(table 10 funcref) (elem (i32.const 3) $s) (elem (global.get $g) $s $s) (func $s) (start $s)", 6],
  ["@g(table 10 funcref) (elem (i32.const 3) $s) (elem (global.get $g) $s $s) (func $s)", 1],
  [
    "(table 10 funcref) (elem (i32.const 3) funcref (ref.func $s)) (elem (i32.const 4) $s)(func $s) (start $s)",
    8,
  ],
  ["(table 10 funcref) (elem (i32.const 3) funcref (ref.func $s)) (elem (i32.const 4) $s)(func $s)", 1],
  [
    "(table 10 funcref) (table $t 10 funcref) (elem (i32.const 3) $s) (elem (table $t) (i32.const 3) func $s $s)(func $s) (start $s)",
    3,
  ],
  [
    "(table 10 funcref) (table $t 10 funcref) (elem (i32.const 3) $s) (elem (table $t) (i32.const 3) func $s $s)(func $s)",
    0,
  ],
  ["(table 10 funcref) (elem func $s $s)(func $s) (start $s)", 3],
  ["(table 10 funcref) (elem func $s $s)(func $s)", 1],
  ["(table 10 funcref) (elem func $s $s) (elem (i32.const 0) $s)(func $s) (start $s)", 3],
  ["(table 10 funcref) (elem func $s $s) (elem (i32.const 0) $s)(func $s)", 1],
  ["@g(table 300 funcref) (elem (global.get $g) @refs)(func $s) (start $s)", 204],
  ["@g(table 300 funcref) (elem (global.get $g) @refs)(func $s)", 202],
  ["(table 200 funcref (ref.null func))(func $s) (start $s)", 204],
  ["(table 200 funcref (ref.null func))(func $s)", 202],
  [
    "(table 200 i31ref (ref.i31 (i32.const 1))) (elem (i32.const 0) i31ref (ref.i31 (i32.const 3)))(func $s) (start $s)",
    209,
  ],
  [
    "(table 200 i31ref (ref.i31 (i32.const 1))) (elem (i32.const 0) i31ref (ref.i31 (i32.const 3)))(func $s)",
    203,
  ],
  ['(memory 1000) (data (i32.const 0) "a") (data (i32.const 60000000) "b")(func $s) (start $s)', 7],
  ['(memory 1000) (data (i32.const 0) "a") (data (i32.const 60000000) "b")(func $s)', 5],
  ['(memory 200) (data (i32.const 0) "a") (data (i32.const 12000000) "b")(func $s) (start $s)', 3],
  ['(memory 200) (data (i32.const 0) "a") (data (i32.const 12000000) "b")(func $s)', 0],
  ['(memory 300) (data (i32.const 0) "a") (data (i32.const 17000000) "b")(func $s) (start $s)', 7],
  ['(memory 300) (data (i32.const 0) "a") (data (i32.const 17000000) "b")(func $s)', 5],
  [
    '@g(memory 1) (memory $b 1) (data (i32.const 0) "ab") (data (memory $b) (global.get $g) "abc")(func $s) (start $s)',
    10,
  ],
  [
    '@g(memory 1) (memory $b 1) (data (i32.const 0) "ab") (data (memory $b) (global.get $g) "abc")(func $s)',
    8,
  ],
  [
    '(memory 1) (memory $b 1) (data (i32.const 0) "ab") (data (memory $b) (i32.const 0) "abc")(func $s) (start $s)',
    3,
  ],
  ['(memory 1) (memory $b 1) (data (i32.const 0) "ab") (data (memory $b) (i32.const 0) "abc")(func $s)', 0],
  [
    '@m(memory $b 1) (data (memory $b) (i32.const 0) "ab") (data (memory 0) (i32.const 0) "abc")(func $s) (start $s)',
    10,
  ],
  ['@m(memory $b 1) (data (memory $b) (i32.const 0) "ab") (data (memory 0) (i32.const 0) "abc")(func $s)', 8],
  [
    "@g(global i32 (i32.add (i32.const 1) (i32.const 2))) (table 300 funcref) (elem (global.get $g) @refs)(func $s) (start $s)",
    207,
  ],
  [
    "@g(global i32 (i32.add (i32.const 1) (i32.const 2))) (table 300 funcref) (elem (global.get $g) @refs)(func $s)",
    205,
  ],
  ["(table 2 (ref func) (ref.func $s)) (elem (i32.const 0) (ref func) (ref.func $s))(func $s) (start $s)", 6],
  ["(table 2 (ref func) (ref.func $s)) (elem (i32.const 0) (ref func) (ref.func $s))(func $s)", 1],
  ["(table 2 funcref (ref.func $s)) (elem (i32.const 0) $s)(func $s) (start $s)", 3],
  ["(table 2 funcref (ref.func $s)) (elem (i32.const 0) $s)(func $s)", 0],
  ['(memory 0) (data (i32.const 0) "")(func $s) (start $s)', 3],
  ['(memory 0) (data (i32.const 0) "")(func $s)', 0],
  ['(memory 1) (data (i32.add (i32.const 0) (i32.const 1)) "a")(func $s) (start $s)', 7],
  ['(memory 1) (data (i32.add (i32.const 0) (i32.const 1)) "a")(func $s)', 5],
  ['(memory 1) (data (i32.const 0) "a")(func $s) (start $s)', 3],
  ['(memory 1) (data (i32.const 0) "a")(func $s)', 0],
];

describe("startup fuel", () => {
  const engine = new Engine({ consumeFuel: true });

  /** Undefined where the JavaScript engine lacks a proposal the module uses. */
  function compiled(text: string): Module | undefined {
    try {
      return new Module(engine, text);
    } catch (error) {
      if (error instanceof UnsupportedError) return undefined;
      throw error;
    }
  }

  it.each(rows)("of (module %s) is %i", (fields, fuel) => {
    const text = fields.replace(/@\w+/g, (name) => shorthand[name]!);
    const store = new Store(engine);
    const linker = new Linker(engine);
    linker.define(store, "", "g", new Global(store, { content: "i32" }, 1));
    linker.define(store, "", "m", new Memory(store, { minimum: 1 }));
    linker.define(store, "", "t", new Table(store, { element: "funcref", minimum: 10 }, null));
    linker.defineFunc("", "f", { params: [], results: [] }, () => {});
    store.setFuel(1000);
    const module = compiled(`(module ${text})`);
    if (module === undefined) return;
    linker.instantiate(store, module);
    expect(1000n - store.getFuel()).toBe(BigInt(fuel));
  });
});
