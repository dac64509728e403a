import { describe, expect, it } from "vitest";
import { decodeModule } from "../../../src/binary/decode.ts";
import { Names } from "../../../src/binary/names.ts";
import { wat2wasm } from "../../../src/text/wat2wasm.ts";
import { binary, mistake } from "./assemble.ts";

function names(text: string): Names {
  return new Names(decodeModule(wat2wasm(text)));
}

describe("name section", () => {
  it("holds the identifiers of everything", () => {
    const found = names(`
      (module $m
        (type $t (struct (field $x i32) (field i32) (field $y i32)))
        (import "a" "b" (func $f0 (param $ignored i32)))
        (func $f1 (param $p i32) (local i64) (local $l i64) (block (block $b)))
        (table $tab 1 funcref) (memory $mem 1) (global $g i32 (i32.const 0)) (tag $e)
        (elem $el func) (data $d ""))`);
    expect(found.module).toBe("m");
    expect([...found.functions]).toEqual([
      [0, "f0"],
      [1, "f1"],
    ]);
    expect([...found.locals]).toEqual([
      [
        1,
        new Map([
          [0, "p"],
          [2, "l"],
        ]),
      ],
    ]);
    expect([...found.labels]).toEqual([[1, new Map([[1, "b"]])]]);
    expect([...found.types]).toEqual([[0, "t"]]);
    expect([...found.fields]).toEqual([
      [
        0,
        new Map([
          [0, "x"],
          [2, "y"],
        ]),
      ],
    ]);
    expect([...found.tables]).toEqual([[0, "tab"]]);
    expect([...found.memories]).toEqual([[0, "mem"]]);
    expect([...found.globals]).toEqual([[0, "g"]]);
    expect([...found.tags]).toEqual([[0, "e"]]);
    expect([...found.elements]).toEqual([[0, "el"]]);
    expect([...found.data]).toEqual([[0, "d"]]);
  });

  it("prefers the names of annotations", () => {
    const found = names(
      `(module $m (@name "M") (func $f (@name "F 1") (param $p (@name "P") i32) (block $b (@name "B"))))`,
    );
    expect(found.module).toBe("M");
    expect(found.functions.get(0)).toBe("F 1");
    expect(found.locals.get(0)?.get(0)).toBe("P");
    expect(found.labels.get(0)?.get(0)).toBe("B");
  });

  it("takes quoted identifiers for what they say", () => {
    expect(names(String.raw`(func $"a b\u{e9}")`).functions.get(0)).toBe("a bé");
    expect(mistake('(func $"f" (call $f)) (func (call $"\\66"))')).toBe("none");
    expect(mistake('(func $f) (func $"f")')).toBe("1:17 duplicate func identifier");
  });

  it("is not there without names", () => {
    expect(binary("(module (func (param i32)))")).not.toContain(Buffer.from("name").toString("hex"));
  });

  it("is the text's own where it gives one", () => {
    expect(binary('(module $m (@custom "name" "x"))')).toBe("0061736d01000000" + "0006046e616d6578");
  });
});

describe("custom sections", () => {
  const custom = (name: string, content: string) => {
    const hex = Buffer.from(name + content).toString("hex");
    return `00${(1 + hex.length / 2).toString(16).padStart(2, "0")}${name.length.toString(16).padStart(2, "0")}${hex}`;
  };

  it("stand where they are told to", () => {
    expect(
      binary(`(@custom "a" "1" "2") (@custom "b" (before first) "") (func) (@custom "c" (after func) "x")
        (@custom "d" (before func))`),
    ).toBe(
      `0061736d01000000${custom("b", "")}010401600000${custom("d", "")}03020100${custom("c", "x")}` +
        `0a040102000b${custom("a", "12")}`,
    );
  });

  it("have words of their own for producers and dynamic libraries", () => {
    expect(binary('(@producers (language "C" "11") (sdk "x" "1") (language "D" "2"))')).toBe(
      `0061736d01000000${custom("producers", "\x02\x08language\x02\x01C\x0211\x01D\x012\x03sdk\x01\x01x\x011")}`,
    );
    expect(
      binary(
        '(@dylink.0 (mem-info (memory 3 2)) (needed "a" "b") (export-info "e" tls 1) (import-info "m" "i" binding-weak undefined))',
      ),
    ).toBe(
      "0061736d01000000" +
        "0025" +
        `08${Buffer.from("dylink.0").toString("hex")}` +
        "010403020000" +
        "0205020161" +
        "0162" +
        "03050101658102" +
        "04060101" +
        "6d016911",
    );
  });

  it("of dynamic libraries put neighbouring symbols together", () => {
    expect(
      binary('(@dylink.0 (export-info "a" 1) (export-info "b" 2 tls) (runtime-path) (export-info "c"))'),
    ).toContain("0308020161010162820205010003040101" + "6300");
  });

  it("carry branch hints in front of the code", () => {
    const hinted = binary(String.raw`(func (@metadata.code.branch_hint "\01") (if (i32.const 1) (then))
      i32.const 0 (@metadata.code.branch_hint "\00") br_if 0)`);
    const section = "metadata.code.branch_hint";
    const content = "\x01\x00\x02\x03\x01\x01\x08\x01\x00";
    expect(hinted).toContain(`${custom(section, content)}0a`);
  });

  it.each([
    ['(@custom 1 "a")', "1:10 expected a string"],
    ['(@custom "a" (before last))', "1:22 expected a valid section name"],
    ['(@custom "a" (during first))', "1:15 unexpected token, expected `before` or `after`"],
    ['(func (@custom "a"))', "1:8 expected an instruction"],
    ['(func (@metadata.code.branch_hint "\\02") nop)', "1:40 invalid value for branch hint"],
    [
      '(func (@metadata.code.branch_hint "\\01"))',
      "1:41 @metadata.code.branch_hint annotation: must precede an instruction",
    ],
    ['(@name "x")', "1:2 expected valid module field"],
  ])("%s is refused", (text, message) => {
    expect(mistake(text)).toBe(message);
  });
});
