import { describe, expect, it } from "vitest";
import { WatSyntaxError } from "../../../src/errors.ts";
import { wat2wasm } from "../../../src/text/wat2wasm.ts";
import { mistake } from "./assemble.ts";

function thrown(text: string): WatSyntaxError {
  try {
    wat2wasm(text);
  } catch (error) {
    if (error instanceof WatSyntaxError) return error;
    throw error;
  }
  throw new Error("the text is correct");
}

describe("a mistake", () => {
  // Words and places are those of wasmtime 49.
  it.each([
    ["(module (func foo))", "1:15 unknown operator or unexpected token"],
    ["(module (func", "1:14 expected `)`"],
    ["(module (func (block)", "1:22 expected `)`"],
    ["(module (func call $x))", "1:20 unknown func: failed to find name `$x`"],
    ["(module (func local.get $x))", "1:25 unknown local: failed to find name `$x`"],
    ["(module (func br $x))", "1:18 unknown label: failed to find name `$x`"],
    ["(module (func global.get $g))", "1:26 unknown global: failed to find name `$g`"],
    ["(module (func table.get $t))", "1:25 unknown table: failed to find name `$t`"],
    ["(module (func i32.load $m))", "1:24 unknown memory: failed to find name `$m`"],
    ["(module (func throw $e))", "1:21 unknown tag: failed to find name `$e`"],
    ["(module (func memory.init $d))", "1:27 unknown data: failed to find name `$d`"],
    ["(module (func elem.drop $e))", "1:25 unknown elem: failed to find name `$e`"],
    ["(module (func call_indirect (type $t)))", "1:35 unknown type: failed to find name `$t`"],
    ["(module (start $f))", "1:16 unknown func: failed to find name `$f`"],
    ["(module (func $a) (func $a))", "1:25 duplicate func identifier"],
    ["(module (func (param $x i32) (local $x i32)))", "1:37 duplicate local identifier"],
    [
      "(module (type $t (struct (field $a i32) (field $a i32))))",
      "1:48 duplicate identifier: duplicate field named `a`",
    ],
    [
      "(module (type $t (struct (field $a i32))) (func struct.get $t $b))",
      "1:63 unknown field: failed to find name `$b`",
    ],
    [
      "(module (type $t (struct)) (func struct.get $t $b))",
      "1:48 accessing a named field `b` in a struct without named fields, type index 0",
    ],
    ["(module (func i32.const))", "1:24 expected a i32"],
    ["(module (func i32.const 0x))", "1:25 expected a i32"],
    ["(module (func i32.const 4294967296))", "1:25 invalid i32 number: constant out of range"],
    ["(module (func i64.const 18446744073709551616))", "1:25 invalid i64 number: constant out of range"],
    ["(module (func (f32.const x)))", "1:26 expected a float"],
    ["(module (func (f32.const 1e99)))", "1:26 invalid float value: constant out of range"],
    ["(module (func (f32.const nan:0xfffffff)))", "1:26 invalid float value: constant out of range"],
    ["(module (func v128.const i8x16 1))", "1:33 expected a i8"],
    [
      "(module (func v128.const i8 1))",
      "1:26 unexpected token, expected one of: `i8x16`, `i16x8`, `i32x4`, `i64x2`, `f32x4`, `f64x2`",
    ],
    ["(module (func i32x4.extract_lane 256))", "1:34 malformed lane index"],
    ["(module (func i32x4.extract_lane))", "1:33 expected a lane index"],
    ["(module (func i32.load align=3))", "1:31 alignment must be a power of two"],
    ["(module (func i32.load offset=-1))", "1:24 u64 constant out of range"],
    ["(module (func i32.load offset=x))", "1:24 expected u64 integer constant"],
    ["(module (func i32.load offset=18446744073709551616))", "1:24 u64 constant out of range"],
    ["(module (func br_table))", "1:23 unexpected token, expected an index or an identifier"],
    [
      "(module (func ref.null foo))",
      "1:24 unexpected token, expected one of: an index, left paren, absheaptype",
    ],
    ["(module (func (1)))", "1:16 expected an instruction"],
    ["(module (func (if (i32.const 1))))", "1:33 previous `if` had no `then`"],
    ["(module (func (if i32.const 1)))", "1:19 expected `(`"],
    [
      "(module (func (if (i32.const 1) (then) (else) (else))))",
      "1:48 unexpected token: too many payloads inside of `(if)`",
    ],
    [
      "(module (func (result i32) (param i32)))",
      "1:29 result before parameter (or unexpected token): cannot list params after results",
    ],
    ["(module (memory))", "1:16 unexpected token, expected one of: left paren, u32, `i32`, `i64`"],
    ["(module (memory 1 (pagesize 3)))", "1:29 invalid custom page size: 3"],
    [
      "(module (type (struct (field (foo)))))",
      "1:30 unexpected token, expected one of: `i8`, `i16`, valtype",
    ],
    [
      '(module (export "a" (foo 0)))',
      "1:22 unexpected token, expected one of: `func`, `table`, `memory`, `global`, `tag`",
    ],
    ["(module (export a (func 0)))", "1:17 expected a string"],
    ["(module (elem (i32.const 0) 1.5))", "1:29 unexpected token, expected an index or an identifier"],
    ['(module "a")', "1:9 expected `(`"],
    ["(modul", "1:2 expected valid module field"],
    ["(component)", "1:2 expected a WebAssembly module but was given a WebAssembly component"],
    ["", "1:1 expected at least one module field"],
    [")", "1:1 extra tokens remaining after parse"],
  ])("in %j is reported as wasmtime reports it", (text, message) => {
    expect(mistake(text)).toBe(message);
  });

  // wasmtime passes these on to its validator, which knows no line and column.
  it.each([
    ["(func block)", "1:12 unexpected token, expected `end`"],
    ["(func end)", "1:7 unexpected token `end`"],
    ["(func else)", "1:7 unexpected token `else`"],
    ["(func block else end)", "1:13 unexpected token `else`"],
    ["(func if else else end)", "1:15 unexpected token `else`"],
    ["(func (block (end)))", "1:15 unexpected token `end`"],
    ["(func (nop block))", "1:17 unexpected token, expected `end`"],
    ["(tag) (func try catch_all catch 0 end)", "1:27 unexpected token `catch`"],
    ["(func (try (do) (catch_all) (catch_all)))", "1:29 expected `)`"],
    ["(func (try))", "1:11 previous `try` had no `do`"],
    ["(func (try (catch_all)))", "1:13 expected keyword `do`"],
  ])("in %j is one of structure", (text, message) => {
    expect(mistake(text)).toBe(message);
  });

  it("is shown below its line", () => {
    expect(thrown("(module (func (result i32) foo))").message).toBe(
      [
        "unknown operator or unexpected token",
        "     --> <anon>:1:28",
        "      |",
        "    1 | (module (func (result i32) foo))",
        "      |                            ^",
      ].join("\n"),
    );
  });

  it("has its line and column, tabs being one column wide and shown as four", () => {
    const error = thrown(`${"\n".repeat(9999)}\t(func foo)\r\n`);
    expect(error).toMatchObject({ line: 10000, column: 8, code: "ERR_WAT_SYNTAX" });
    expect(error.message).toBe(
      [
        "unknown operator or unexpected token",
        "     --> <anon>:10000:8",
        "      |",
        " 10000 |     (func foo)",
        "      |        ^",
      ].join("\n"),
    );
  });

  it("has its column counted in code points", () => {
    expect(mistake('(func (export "😀é") foo)')).toBe("1:21 unknown operator or unexpected token");
  });

  it("is not shown far to the right, nor where it would turn the text around", () => {
    expect(thrown(`(func ${" ".repeat(600)}foo)`).message).toBe(
      "unknown operator or unexpected token at <anon>:1:607",
    );
    expect(thrown("(func (;\u202e;) foo)").message).toContain("    1 | (func (;;) foo)");
  });
});
