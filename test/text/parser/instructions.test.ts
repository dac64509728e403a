import { describe, expect, it } from "vitest";
import { bodies, code, mistake } from "./assemble.ts";

describe("folded instructions", () => {
  it("come behind their operands", () => {
    expect(code("(i32.add (i32.const 1) (i32.const 2)) (drop)")).toBe(
      code("i32.const 1 i32.const 2 i32.add drop"),
    );
    expect(code("(i32.load offset=4 (i32.const 1)) drop", "(memory 1)")).toBe(
      code("i32.const 1 i32.load offset=4 drop", "(memory 1)"),
    );
  });

  it("may have flat instructions among their operands", () => {
    expect(code("(ref.i31 i32.const 1) drop")).toBe(code("i32.const 1 ref.i31 drop"));
    expect(code("(i32.add block (result i32) i32.const 1 end (i32.const 2)) drop")).toBe(
      code("block (result i32) i32.const 1 end i32.const 2 i32.add drop"),
    );
  });

  it("are blocks, loops and conditions", () => {
    expect(code("(block $a (br $a)) (loop (nop))")).toBe(code("block $a br $a end loop nop end"));
    expect(code("(if (i32.const 1) (then nop) (else (drop (i32.const 2))))")).toBe(
      code("i32.const 1 if nop else i32.const 2 drop end"),
    );
    expect(code("(if $l (i32.const 1) (i32.const 2) (then (br $l)))")).toBe(
      code("i32.const 1 i32.const 2 if $l br $l end"),
    );
  });

  it("define the types of their operands before their own", () => {
    const [folded] = bodies(
      "(func (call_indirect (param f32) (call_indirect (param f64) (i32.const 0)))) (table 0 funcref)",
    );
    // Types: 0 of the function, 1 of the inner call, 2 of the outer one.
    expect(folded).toBe("00410011010011020" + "0");
    const [condition] = bodies(
      "(func (if (param i32) (call_indirect (param f64) (i32.const 0)) (then unreachable))) (table 0 funcref)",
    );
    expect(condition).toBe("00410011010004" + "02000b");
  });

  it("handle legacy exceptions", () => {
    const tag = "(tag $e)";
    expect(code("(try (do nop) (catch $e nop) (catch_all nop))", tag)).toBe(
      code("try nop catch $e nop catch_all nop end", tag),
    );
    expect(code("(try $l (do (try (do nop) (delegate $l))))", tag)).toBe(
      code("try $l try nop delegate $l end", tag),
    );
    expect(code("(try (do nop))", tag)).toBe(code("try nop end", tag));
  });

  it("nest as deep as the text likes", () => {
    const depth = 100_000;
    const open = (text: string) => `(func ${text.repeat(depth)}${")".repeat(depth)})`;
    expect(mistake(open("(block "))).toBe("none");
    expect(mistake(open("(block $l (br $l) "))).toBe("none");
    expect(mistake(open("(drop "))).toBe("none");
    expect(mistake(`(func ${"(if (nop) (then ".repeat(depth)}${"))".repeat(depth)})`)).toBe("none");
    expect(mistake(`(func ${"block ".repeat(depth)}${"end ".repeat(depth)})`)).toBe("none");
  });
});

describe("labels", () => {
  it("count from the innermost block", () => {
    expect(code("block $a block $b br $a br $b br 1 end end")).toBe("024002400c010c000c010b0b");
    expect(code("block $a block $a br $a end br $a end")).toBe("024002400c000b0c000b");
  });

  it("of a try_table are not in scope of its clauses", () => {
    const tag = "(tag $e)";
    expect(code("block $l (try_table $l (catch $e $l) (catch_all_ref 0) (br $l)) end", tag)).toBe(
      "0240" + "1f40" + "02" + "000000" + "0300" + "0c00" + "0b0b",
    );
  });

  it("may be repeated at else and end, and must be the same", () => {
    expect(mistake("(func i32.const 1 if $l else $l end $l)")).toBe("none");
    expect(mistake("(func block $a end $b)")).toBe("1:20 mismatching labels between end and block");
    expect(mistake("(func block end $b)")).toBe("1:17 mismatching labels between end and block");
  });
});

describe("immediates", () => {
  it("leave out what is zero or natural", () => {
    const context =
      "(memory $m 1) (memory $n 1) (table $t 1 funcref) (table $u 1 funcref) (data $d) (elem $s func)";
    expect(code("memory.size", context)).toBe("3f00");
    expect(code("memory.size $n", context)).toBe("3f01");
    expect(code("memory.init $d memory.init $n $d", context)).toBe("fc080000fc080001");
    expect(code("memory.copy memory.copy $n $m", context)).toBe("fc0a0000fc0a0100");
    expect(code("table.init $s table.init $u $s", context)).toBe("fc0c0000fc0c0001");
    expect(code("table.copy table.copy $t $u", context)).toBe("fc0e0000fc0e0001");
    expect(code("table.get table.get $u", context)).toBe("25002501");
    expect(code("i32.load i64.load8_s $n offset=1 align=1", context)).toBe("280200" + "30400101");
    expect(code("i32.load offset=0xffff_ffff_ffff_ffff", context)).toBe(`2802${"ff".repeat(9)}01`);
  });

  it("of lanes are told apart from memories", () => {
    const context = "(memory 1) (memory $n 1)";
    expect(code("v128.load8_lane 3", context)).toBe("fd54000003");
    expect(code("v128.load8_lane 1 3", context)).toBe("fd5440010003");
    expect(code("v128.load8_lane $n 3", context)).toBe("fd5440010003");
    expect(code("v128.load8_lane offset=2 3", context)).toBe("fd54000203");
    expect(code("v128.load8_lane 1 offset=2 3", context)).toBe("fd5440010203");
  });

  it("are constants of every kind", () => {
    expect(code("i32.const -1 i32.const 0xffffffff i32.const 128")).toBe("417f417f418001");
    expect(code("i64.const -0x8000000000000000 i64.const 0xffffffffffffffff")).toBe(
      "42808080808080808080" + "7f427f",
    );
    expect(code("f32.const 1.5 f64.const -nan:0x1")).toBe("430000c03f44010000000000f0ff");
    expect(code("v128.const i16x8 1 2 3 4 5 6 7 -1")).toBe("fd0c010002000300040005000600" + "0700ffff");
    expect(code("v128.const f32x4 1 nan inf -0")).toBe("fd0c0000803f0000c07f0000807f00000080");
    expect(code("v128.const i64x2 -1 2")).toBe("fd0cffffffffffffffff0200000000000000");
    expect(code(`i8x16.shuffle ${[...Array(16).keys()].join(" ")}`)).toBe(
      "fd0d000102030405060708090a0b0c0d0e0f",
    );
  });

  it("name types and fields", () => {
    const context = "(type $s (struct (field $a i32) (field (mut i8)) (field $c (mut f32))))";
    expect(code("struct.get $s $c struct.get 0 1", `(type $f (func)) ${context}`).length).toBeGreaterThan(0);
    const [body] = bodies(`${context} (func struct.get $s $c struct.set 0 $a)`);
    expect(body).toBe("00fb020002fb050000");
  });

  it("cast to types that let null pass or not", () => {
    expect(code("ref.test (ref any) ref.test anyref ref.cast (ref null any)")).toBe("fb146efb156efb176e");
    expect(code("block br_on_cast 0 anyref (ref i31) end")).toBe("0240fb1801006e6c0b");
    expect(mistake("(func ref.test_null any)")).toBe("1:7 unknown operator or unexpected token");
  });

  it("of select are types, even none", () => {
    expect(code("select select (result i32) select (result) (result)")).toBe("1b1c017f1c00");
  });

  it("of call_indirect are a table and a type", () => {
    const [, body] = bodies(
      "(type $t (func (param i32))) (func) (func call_indirect 1 (type $t) call_indirect) (table 1 funcref) (table 1 funcref)",
    );
    expect(body).toBe("001100011101" + "00");
  });
});
