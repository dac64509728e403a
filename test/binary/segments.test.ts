import { describe, expect, test } from "vitest";
import { decodeModule } from "../../src/binary/decode.ts";
import { declaredFunctions, escapingImports } from "../../src/binary/references.ts";
import {
  bodyAt,
  functionBodies,
  readDataSegments,
  readElementSegments,
  readLocals,
} from "../../src/binary/segments.ts";
import { modulePreamble } from "../../src/binary/writer.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";

const decoded = (text: string) => decodeModule(wat2wasm(text));
const moduleOf = (...bytes: number[]) => decodeModule(Uint8Array.of(...modulePreamble, ...bytes));

test("readElementSegments reads the eight forms", () => {
  const offset = [0x41, 0, 0x0b];
  const expr = [0xd2, 0, 0x0b];
  const forms = [
    [0, ...offset, 1, 0],
    [1, 0, 1, 0],
    [2, 1, ...offset, 0, 1, 0],
    [3, 0, 1, 0],
    [4, ...offset, 1, ...expr],
    [5, 0x70, 1, ...expr],
    [6, 1, ...offset, 0x70, 1, ...expr],
    [7, 0x64, 0x70, 1, ...expr],
  ];
  const content = [forms.length, ...forms.flat()];
  const segments = readElementSegments(moduleOf(9, content.length, ...content));
  expect(segments.map(({ flags, mode, table }) => ({ flags, mode, table }))).toEqual([
    { flags: 0, mode: "active", table: 0 },
    { flags: 1, mode: "passive", table: undefined },
    { flags: 2, mode: "active", table: 1 },
    { flags: 3, mode: "declarative", table: undefined },
    { flags: 4, mode: "active", table: 0 },
    { flags: 5, mode: "passive", table: undefined },
    { flags: 6, mode: "active", table: 1 },
    { flags: 7, mode: "declarative", table: undefined },
  ]);
  const nonNull = { ref: "func", nullable: false };
  expect(segments.map(({ type }) => type)).toEqual([
    nonNull,
    nonNull,
    nonNull,
    nonNull,
    "funcref",
    "funcref",
    "funcref",
    nonNull,
  ]);
  expect(segments[0]?.items).toEqual({ kind: "functions", indices: [0], start: 16 });
  expect(segments[0]?.start).toBe(11);
  expect(segments[0]?.offset).toEqual({ start: 12, end: 15 });
  const [expression] = segments[5]?.items.kind === "expressions" ? segments[5].items.expressions : [];
  expect(expression!.end - expression!.start).toBe(expr.length);
});

test.each([
  [[9, 2, 1, 8], "invalid flags byte in element segment (at offset 0xb)"],
  [[9, 4, 1, 1, 1, 0], "only the function external type is supported in elem segment (at offset 0xc)"],
  [[9, 4, 1, 1, 0, 2], "unexpected end-of-file (at offset 0xe)"],
])("readElementSegments refuses %j", (bytes, message) => {
  expect(() => readElementSegments(moduleOf(...bytes))).toThrow(message);
});

test("readDataSegments reads active and passive segments", () => {
  const info = decoded(`(module (memory 1) (memory 1)
    (data "ab") (data (i32.const 1) "c") (data (memory 1) (i32.const 2) ""))`);
  const segments = readDataSegments(info);
  expect(segments.map(({ mode, memory }) => [mode, memory])).toEqual([
    ["passive", undefined],
    ["active", 0],
    ["active", 1],
  ]);
  const contents = segments.map(({ content }) => info.bytes.slice(content.start, content.end));
  expect(contents.map((bytes) => String.fromCharCode(...bytes))).toEqual(["ab", "c", ""]);
});

test("readDataSegments refuses unknown flags", () => {
  expect(() => readDataSegments(moduleOf(11, 3, 1, 3, 0))).toThrow(
    "invalid flags byte in data segment (at offset 0xb)",
  );
});

describe("function bodies", () => {
  const info = decoded(`(module
    (func (import "" "f"))
    (func (local i32 i32 i64) nop)
    (func (drop (i32.const 0))))`);
  const bodies = functionBodies(info);

  test("start at the count of locals", () => {
    expect(bodies.length).toBe(2);
    const { groups, code } = readLocals(info.bytes, bodies[0]!);
    expect(groups.map(({ count, type }) => [count, type])).toEqual([
      [2, "i32"],
      [1, "i64"],
    ]);
    expect(code - bodies[0]!.start).toBe(5);
    expect(info.bytes[code]).toBe(0x01);
  });

  test("are found by an offset of the module", () => {
    const [first, second] = bodies;
    expect(bodyAt(bodies, first!.start - 1)).toBe(-1);
    expect(bodyAt(bodies, first!.start)).toBe(0);
    expect(bodyAt(bodies, first!.end - 1)).toBe(0);
    // The size of the second body stands between the two.
    expect(bodyAt(bodies, first!.end)).toBe(-1);
    expect(bodyAt(bodies, second!.end - 1)).toBe(1);
    expect(bodyAt(bodies, second!.end)).toBe(-1);
  });

  test("hold at most 2^32 - 1 locals", () => {
    const groups = [2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 1, 0x7f];
    const body = { start: 0, end: groups.length };
    expect(() => readLocals(Uint8Array.from(groups), body)).toThrow("too many locals (at offset 0x8)");
  });
});

describe("references to functions", () => {
  const info = decoded(`(module
    (import "" "a" (func $a)) (import "" "b" (func $b)) (import "" "c" (func $c)) (import "" "d" (func $d))
    (func $exported (export "e")) (func $called) (func $f)
    (export "a" (func $a))
    (table 1 funcref (ref.func $f))
    (global funcref (ref.func $b))
    (elem declare func $c)
    (elem funcref (ref.null func) (ref.func $c))
    (start $called))`);

  test("declaredFunctions are those in exports, elements and constant expressions", () => {
    expect([...declaredFunctions(info)].sort()).toEqual([0, 1, 2, 4, 6]);
  });

  test("escapingImports are the imported ones among them", () => {
    expect(escapingImports(info).sort()).toEqual([0, 1, 2]);
    expect(escapingImports(decoded("(module (func))"))).toEqual([]);
  });
});
