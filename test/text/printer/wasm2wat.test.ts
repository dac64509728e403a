import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../../src/binary/writer.ts";
import { CompileError } from "../../../src/errors.ts";
import { wasm2wat } from "../../../src/text/wasm2wat.ts";
import { wat2wasm } from "../../../src/text/wat2wasm.ts";
import { everything } from "../everything.ts";

/** What a module in text is printed as, after a check that it is the same module. */
function printed(text: string): string {
  const bytes = wat2wasm(text);
  const print = wasm2wat(bytes);
  expect(wat2wasm(print)).toEqual(bytes);
  return print;
}

/** A module of some sections. */
function module(
  ...sections: readonly (readonly [id: number, ...payload: number[]])[]
): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writer.preamble();
  for (const [id, ...payload] of sections) writer.section(id, () => writer.bytes(Uint8Array.from(payload)));
  return writer.finish();
}

function custom(name: string, ...content: number[]): [number, ...number[]] {
  return [0, name.length, ...Buffer.from(name), ...content];
}

describe("wasm2wat", () => {
  it("prints an instruction a line, blocks indented", () => {
    expect(
      printed(`(module $m
        (func $f (export "f") (param $x i32) (result i32) (local i64)
          (block $out (br_if $out (local.get $x)) (br_if 0 (i32.const 1))) (i32.const 2)))`),
    ).toBe(`(module $m
  (type (;0;) (func (param i32) (result i32)))
  (export "f" (func $f))
  (func $f (;0;) (type 0) (param $x i32) (result i32)
    (local i64)
    block $out
      local.get $x
      br_if $out
      i32.const 1
      br_if $out
    end
    i32.const 2
  )
)
`);
  });

  it("prints whatever there is so that it reads back to the same bytes", () => {
    for (const text of everything) printed(text);
  });

  it("uses a label's number where its name means another label", () => {
    expect(printed("(func (block $a (block $a (br 0) (br 1))))")).toContain("br $a\n        br 1");
  });

  it("tells equal names apart, and keeps them", () => {
    const text = printed('(func $a (call $b)) (func $b (@name "a")) (func $c (@name "")) (func $"a#0")');
    expect(text).toContain("(func $a (;0;) (type 0)\n    call $a#1");
    expect(text).toContain('(func $a#1 (@name "a") (;1;)');
    expect(text).toContain('(func (@name "") (;2;)');
  });

  it("quotes names that are no identifiers", () => {
    expect(printed('(func $"a b" (call $"a b"))')).toContain('call $"a b"');
  });

  it("puts custom sections back into their place", () => {
    const bytes = module(
      custom("first", 1),
      [1, 1, 0x60, 0, 0],
      custom("behind types"),
      [3, 1, 0],
      [12, 0],
      custom("in front of code", 34, 0),
      [10, 1, 2, 0, 0x0b],
      custom("last"),
    );
    const text = wasm2wat(bytes);
    expect(text).toContain('(@custom "first" (before first) "\\01")');
    expect(text).toContain('(@custom "behind types" (after type) "")');
    expect(text).toContain('(@custom "in front of code" (before code) "\\"\\00")');
    expect(text).toContain('(@custom "last" (after last) "")');
    expect(wat2wasm(text)).toEqual(bytes);
  });

  it("gives the name section in its own words where it is not in its place, or says more", () => {
    const functionNames = [1, 4, 1, 0, 1, 0x66];
    const moved = module(
      [1, 1, 0x60, 0, 0],
      custom("name", ...functionNames),
      [3, 1, 0],
      [10, 1, 2, 0, 0x0b],
    );
    const beyond = module(custom("name", 1, 4, 1, 7, 1, 0x66));
    const broken = module(
      [1, 1, 0x60, 0, 0],
      [3, 1, 0],
      [10, 1, 2, 0, 0x0b],
      custom("name", ...functionNames, 2, 9),
    );
    for (const bytes of [moved, beyond, broken]) {
      const text = wasm2wat(bytes);
      expect(text).toContain('(@custom "name"');
      expect(wat2wasm(text)).toEqual(bytes);
    }
    expect(wasm2wat(moved)).toContain("(func $f (;0;)");
  });

  it("keeps a data count section that nothing needs", () => {
    const bytes = module([12, 1], [11, 1, 1, 0]);
    expect(wasm2wat(bytes)).toContain("(@data_count)");
    expect(wat2wasm(wasm2wat(bytes))).toEqual(bytes);
  });

  it("keeps groups of one type, and function types of blocks", () => {
    printed("(rec (type (func)))");
    expect(printed("(type $t (func (result i32))) (func (block (type $t) unreachable) drop)")).toContain(
      "block (type $t) (result i32)",
    );
  });

  it("does not indent without end", () => {
    const depth = 20_000;
    const text = wasm2wat(wat2wasm(`(func ${"(block ".repeat(depth)}${")".repeat(depth)})`));
    expect(text.length).toBeLessThan(depth * 250);
  });

  it("takes any view of bytes", () => {
    const bytes = wat2wasm("(module (memory 1))");
    const padded = new Uint8Array([9, ...bytes, 9]);
    const text = wasm2wat(bytes);
    expect(wasm2wat(bytes.buffer)).toBe(text);
    expect(wasm2wat(new DataView(padded.buffer, 1, bytes.length))).toBe(text);
  });

  it("throws TypeError for anything but bytes", () => {
    expect(() => wasm2wat("(module)" as never)).toThrow("expected wasm bytes, got (module)");
  });

  it("throws CompileError for what is no module", () => {
    expect(() => wasm2wat(Uint8Array.of(1, 2, 3))).toThrow(CompileError);
    expect(() => wasm2wat(module([1, 1, 0x60, 0, 0], [3, 1, 0], [10, 1, 2, 0, 0x02]))).toThrow(CompileError);
    expect(() => wasm2wat(module([1, 1, 0x60, 0, 0], [3, 1, 0], [10, 1, 3, 0, 0x0b, 0x0b]))).toThrow(
      "operators remaining after end of function",
    );
  });

  it("throws CompileError for more locals than it can print", () => {
    const count = [0xff, 0xff, 0xff, 0xff, 0x0f];
    expect(() =>
      wasm2wat(module([1, 1, 0x60, 0, 0], [3, 1, 0], [10, 1, 8, 1, ...count, 0x7f, 0x0b])),
    ).toThrow("too many locals: locals exceed maximum");
  });
});
