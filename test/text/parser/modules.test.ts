import { describe, expect, it } from "vitest";
import { binary, mistake } from "./assemble.ts";

describe("definitions", () => {
  it("may be imported and exported where they are defined", () => {
    for (const [kind, type] of [
      ["func", "(param i32)"],
      ["table", "1 2 funcref"],
      ["memory", "1 2"],
      ["global", "(mut i32)"],
      ["tag", "(param i32)"],
    ]) {
      expect(binary(`(${kind} $x (export "a") (export "b") (import "m" "n") ${type})`)).toBe(
        binary(`(import "m" "n" (${kind} $x ${type})) (export "a" (${kind} $x)) (export "b" (${kind} 0))`),
      );
    }
  });

  it("may be used in front of where they are", () => {
    expect(mistake('(export "f" (func $f)) (start $f) (func $f (call $g)) (func $g)')).toBe("none");
  });

  it("of tables and memories may hold what fills them", () => {
    expect(binary('(memory (data "abc" "d"))')).toBe(binary('(memory 1 1) (data (i32.const 0) "abcd")'));
    expect(binary('(memory i64 (pagesize 1) (data "abc"))')).toBe(
      binary('(memory i64 3 3 (pagesize 1)) (data (i64.const 0) "abc")'),
    );
    expect(binary("(table funcref (elem $f $f)) (func $f)")).toBe(
      binary("(table 2 2 funcref) (elem (table 0) (i32.const 0) func $f $f) (func $f)"),
    );
    expect(binary("(table i64 (ref null func) (elem (ref.null func)))")).toBe(
      binary("(table i64 1 1 funcref) (elem (table 0) (i64.const 0) funcref (ref.null func))"),
    );
    expect(binary("(type $t (func)) (table (ref null $t) (elem $f)) (func $f)")).toBe(
      binary(
        "(type $t (func)) (table 1 1 (ref null $t)) (elem (table 0) (i32.const 0) (ref null $t) (ref.func $f)) (func $f)",
      ),
    );
  });

  it("of tables may have an initial value", () => {
    expect(binary("(table 1 funcref (ref.null func))")).toContain("0409014000700001d0700b");
  });

  it("keep runs of locals together", () => {
    expect(binary("(func (local i32 i32) (local $a i32) (local i64))")).toContain(
      "0a0801060203" + "7f017e0b",
    );
    expect(binary("(func (param $p i32) (local $l i32) local.get $l local.get $p local.get 0)")).toContain(
      "200120002000",
    );
  });

  it("have limits of their address type", () => {
    expect(binary("(memory i32 1)")).toBe(binary("(memory 1)"));
    expect(binary("(memory i64 1 0xffff_ffff_ffff_ffff shared)")).toContain(`0701${"ff".repeat(9)}01`);
    expect(binary("(table i64 1 2 externref)")).toContain("016f050102");
    expect(mistake("(memory 1 (pagesize 3))")).toBe("1:21 invalid custom page size: 3");
  });
});

describe("types", () => {
  it("that are used by signature come behind the others, in the order of the instructions", () => {
    expect(binary("(func (result i64) (block (result i32 i32))) (type (func (param f32)))")).toBe(
      binary(
        "(type (func (param f32))) (type (func (result i64))) (type (func (result i32 i32))) (func (type 1) (block (type 2)))",
      ),
    );
  });

  it("that are used by signature are the first of that signature", () => {
    expect(binary("(type $a (func (param i32))) (type $b (func (param i32))) (func (param i32))")).toBe(
      binary("(type $a (func (param i32))) (type $b (func (param i32))) (func (type $a))"),
    );
  });

  it("must be as the signature says where there is one", () => {
    expect(mistake("(type $t (func (param i32))) (func (type $t) (param i32))")).toBe("none");
    expect(mistake("(type $t (func (param i32))) (func (type $t) (param i64))")).toBe(
      "1:42 inline function type doesn't match type reference",
    );
    expect(mistake("(type $t (struct)) (func (type $t) (param i64))")).toBe(
      "1:32 invalid type: not a function type",
    );
    expect(mistake("(func (type 5) (param i64))")).toBe("1:13 unknown type: type index out of bounds");
  });

  it("form groups and hierarchies", () => {
    expect(
      binary(
        "(rec (type $a (sub (struct (field (ref null $b))))) (type $b (sub final $a (struct (field (ref null $b))))))",
      ),
    ).toContain("01" + "4e02" + "50005f01630100" + "4f01005f01630100");
    expect(binary("(rec (type (func)))")).toContain("01" + "4e01" + "600000");
    expect(binary("(type (sub final (func)))")).toBe(binary("(type (func))"));
  });

  it("have packed and mutable fields, and descriptors", () => {
    expect(
      binary("(type (struct (field i8 (mut i16)) (field $x (mut (ref any))))) (type (array (mut i8)))"),
    ).toContain("5f03" + "7800" + "7701" + "646e01" + "5e7801");
    expect(binary("(rec (type $a (descriptor $b) (struct)) (type $b (describes $a) (struct)))")).toContain(
      "4e02" + "4d015f00" + "4c005f00",
    );
    expect(
      binary(
        '(type $t (func)) (import "m" "f" (func (exact (type $t)))) (global (ref null (exact 0)) (ref.null 0))',
      ),
    ).toContain("016d016620" + "00");
  });

  it("are shortened where the binary has a short form", () => {
    expect(binary("(global (ref null func) (ref.null func))")).toContain("067000d0700b".slice(2));
    expect(binary("(global (ref func) unreachable)")).toContain("647000");
  });
});

describe("segments", () => {
  it.each([
    ["(i32.const 0) func $f", "00" + "41000b" + "0100"],
    ["(i32.const 0) $f", "00" + "41000b" + "0100"],
    ["func $f", "01" + "00" + "0100"],
    ["(table $t) (offset i32.const 0) func $f", "02" + "00" + "41000b" + "00" + "0100"],
    ["declare func $f", "03" + "00" + "0100"],
    ["(i32.const 0) funcref (ref.func $f)", "04" + "41000b" + "01d2000b"],
    ["funcref (item ref.func $f)", "05" + "70" + "01d2000b"],
    ["(table 0) (i32.const 0) funcref (ref.func 0)", "06" + "00" + "41000b" + "70" + "01d2000b"],
    ["(i32.const 0) externref (ref.null extern)", "06" + "00" + "41000b" + "6f" + "01d06f0b"],
    ["declare funcref (ref.func $f)", "07" + "70" + "01d2000b"],
  ])("elem %s", (text, encoded) => {
    expect(binary(`(elem ${text}) (func $f) (table $t 1 funcref)`)).toContain(encoded);
  });

  it("of data are strings and numbers", () => {
    expect(binary('(memory 1) (memory 1) (data (memory 1) (i32.const 0) "a" "\\00b")')).toContain(
      "02" + "01" + "41000b" + "03610062",
    );
    expect(binary('(data "")')).toContain("0b03010100");
    expect(
      binary('(data "" (i8 1 -1) (i16 258) (f32 1) (v128 i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15))'),
    ).toContain("01ff" + "0201" + "0000803f" + "000102030405060708090a0b0c0d0e0f");
  });

  it("are counted where a function names one", () => {
    expect(binary('(data $d "a") (func (data.drop $d))')).toContain("0c0101");
    expect(binary('(data $d "a") (func)')).not.toContain("0c0101");
    expect(binary('(data $d "a") (@data_count)')).toContain("0c0101");
  });
});

describe("imports", () => {
  it("stand in front of everything else", () => {
    expect(mistake('(func) (import "a" "b" (func))')).toBe("1:9 import after function");
    expect(mistake('(memory 1) (table (import "a" "b") 1 funcref)')).toBe("1:13 import after memory");
    expect(mistake('(tag) (import "a" "b" (func))')).toBe("1:8 import after tag");
    expect(mistake('(type (func)) (export "a" (func 0)) (import "a" "b" (func))')).toBe("none");
  });
});

describe("modules", () => {
  it("may be given as bytes", () => {
    expect(binary(String.raw`(module $m binary "\00asm" "\01\00\00\00")`)).toBe("0061736d01000000");
  });

  it("are one to a text", () => {
    expect(mistake("(module) (module)")).toBe("1:10 extra tokens remaining after parse");
    expect(mistake("(module))")).toBe("1:9 extra tokens remaining after parse");
    expect(mistake(" ;; nothing")).toBe("1:12 expected at least one module field");
    expect(mistake("(@nothing)")).toBe("none");
    expect(mistake("(start 0) (start 0)")).toBe("1:12 multiple start sections found");
  });
});
