import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  InstructionCursor,
  operatorKey,
  operatorKeys,
  operatorWithKey,
  readConstExpr,
} from "../../src/binary/instructions.ts";
import { type Immediates, type Operator, operatorsOf } from "../../src/binary/opcodes.ts";
import { ByteReader } from "../../src/binary/reader.ts";
import { writeHeapType, writeValType } from "../../src/binary/type-writer.ts";
import { ByteWriter } from "../../src/binary/writer.ts";
import { CompileError } from "../../src/errors.ts";
import { heapType, valType } from "./arbitraries.ts";

type Part = (writer: ByteWriter) => void;

const operators = [0, 0xfb, 0xfc, 0xfd, 0xfe].flatMap((prefix) =>
  operatorsOf(prefix).filter((operator) => operator !== undefined),
);

const u32 = fc
  .oneof(fc.nat(200), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  .map<Part>((value) => (writer) => writer.u32(value));
const byte = fc.integer({ min: 0, max: 255 }).map<Part>((value) => (writer) => writer.u8(value));
const bytes = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map<Part>((value) => (writer) => writer.bytes(value));
const sequence = (...parts: fc.Arbitrary<Part>[]) =>
  fc.tuple(...parts).map<Part>((all) => (writer) => {
    for (const part of all) part(writer);
  });
const vector = (item: fc.Arbitrary<Part>) =>
  fc
    .array(item, { maxLength: 5 })
    .map<Part>((items) => (writer) => writer.vec(items, (part) => part(writer)));

const memArg = fc
  .record({
    align: fc.nat(63),
    memory: fc.option(fc.nat(300)),
    offset: fc.bigInt(0n, 2n ** 64n - 1n),
  })
  .map<Part>(({ align, memory, offset }) => (writer) => {
    writer.u32(memory === null ? align : align | 0x40);
    if (memory !== null) writer.u32(memory);
    writer.u64(offset);
  });
const heap = heapType.map<Part>((type) => (writer) => writeHeapType(writer, type));
const value = valType.map<Part>((type) => (writer) => writeValType(writer, type));
const blockType = fc.oneof(
  fc.constant<Part>((writer) => writer.u8(0x40)),
  value,
  fc.nat().map<Part>((index) => (writer) => writer.s33(index)),
);
const catchClause = fc.oneof(
  sequence(
    fc.constantFrom<Part>(
      (writer) => writer.u8(0),
      (writer) => writer.u8(1),
    ),
    u32,
    u32,
  ),
  sequence(
    fc.constantFrom<Part>(
      (writer) => writer.u8(2),
      (writer) => writer.u8(3),
    ),
    u32,
  ),
);
const pair = sequence(u32, u32);

const immediates: { readonly [I in Immediates]: fc.Arbitrary<Part> } = {
  none: fc.constant(() => {}),
  blockType,
  label: u32,
  labelTable: sequence(vector(u32), u32),
  func: u32,
  type: u32,
  callIndirect: pair,
  valTypes: vector(value),
  local: u32,
  global: u32,
  table: u32,
  memory: u32,
  tag: u32,
  data: u32,
  elem: u32,
  i32: fc.integer().map<Part>((value) => (writer) => writer.s32(value)),
  i64: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map<Part>((value) => (writer) => writer.s64(value)),
  f32: bytes(4),
  f64: bytes(8),
  v128: bytes(16),
  shuffle: bytes(16),
  lane: byte,
  memArg,
  memArgLane: sequence(memArg, byte),
  fence: byte,
  heapType: heap,
  refTest: heap,
  branchCast: sequence(byte, u32, heap, heap),
  tryTable: sequence(blockType, vector(catchClause)),
  typeField: pair,
  typeCount: pair,
  typeData: pair,
  typeElem: pair,
  typeType: pair,
  memoryData: pair,
  memoryMemory: pair,
  tableElem: pair,
  tableTable: pair,
};

const instruction = fc
  .constantFrom(...operators)
  .chain((operator) => immediates[operator.immediates].map((part) => ({ operator, part })));

function writeOpcode(writer: ByteWriter, { prefix, code }: Operator): void {
  // Single-byte opcodes from 0x80 on are bytes, not LEB128.
  if (prefix === 0) {
    writer.u8(code);
  } else {
    writer.u8(prefix);
    writer.u32(code);
  }
}

describe("InstructionCursor", () => {
  test("finds every instruction of the table with its immediates", () => {
    fc.assert(
      fc.property(fc.array(instruction, { maxLength: 30 }), fc.nat(10), (instructions, before) => {
        const writer = new ByteWriter();
        writer.bytes(new Uint8Array(before));
        const expected = instructions.map(({ operator, part }) => {
          const start = writer.length;
          writeOpcode(writer, operator);
          const immediates = writer.length;
          part(writer);
          return { operator, start, immediates, next: writer.length };
        });
        const cursor = new InstructionCursor(writer.finish(), before, writer.length);
        const found: typeof expected = [];
        while (cursor.advance()) {
          const { operator, start, immediates, next } = cursor;
          found.push({ operator, start, immediates, next });
        }
        expect(found).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("takes padded codes behind a prefix", () => {
    const cursor = new InstructionCursor(Uint8Array.of(0xfc, 0x8b, 0x80, 0x80, 0x80, 0x00, 0), 0, 7);
    expect(cursor.advance()).toBe(true);
    expect(cursor.operator.name).toBe("memory.fill");
    expect(cursor.next).toBe(7);
  });

  test.each([
    ["illegal opcode: 0x27 (at offset 0x1)", [0x01, 0x27]],
    ["unknown 0xfb subopcode: 0x50 (at offset 0x0)", [0xfb, 0x50]],
    ["unknown 0xfe subopcode: 0x150 (at offset 0x0)", [0xfe, 0xd0, 0x02]],
    ["unknown 0xfd subopcode: 0x7ffffff (at offset 0x0)", [0xfd, 0xff, 0xff, 0xff, 0x3f]],
    ["unknown 0xfc subopcode: 0x8000000b (at offset 0x0)", [0xfc, 0x8b, 0x80, 0x80, 0x80, 0x08, 0]],
    ["invalid var_u32: integer too large (at offset 0x5)", [0xfc, 0x8b, 0x80, 0x80, 0x80, 0x10, 0]],
    ["unexpected end-of-file (at offset 0x1)", [0xfd]],
    ["unexpected end-of-file (at offset 0x1)", [0x41]],
    ["unexpected end-of-file (at offset 0x3)", [0x44, 0, 0]],
    ["unexpected end-of-file (at offset 0x6)", [0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ["unexpected end-of-file (at offset 0x7)", [0x1f, 0x40, 0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])("throws %s", (message, bytes) => {
    const cursor = new InstructionCursor(Uint8Array.from(bytes), 0, bytes.length);
    const walk = () => {
      while (cursor.advance());
    };
    expect(walk).toThrow(expect.objectContaining({ message }));
    expect(walk).toThrow(CompileError);
  });

  test("throws where an instruction reaches beyond its range", () => {
    const cursor = new InstructionCursor(Uint8Array.of(0x41, 0x80, 0x00, 0x0b), 0, 2);
    expect(() => cursor.advance()).toThrow("unexpected end-of-file (at offset 0x2)");
  });
});

test("every operator has a key of its own", () => {
  const keys = operators.map(operatorKey);
  expect(new Set(keys).size).toBe(operators.length);
  expect(Math.max(...keys)).toBeLessThan(operatorKeys);
  expect(keys.map(operatorWithKey)).toEqual(operators);
});

describe("readConstExpr", () => {
  test("ends behind the first end", () => {
    const reader = new ByteReader(Uint8Array.of(0x41, 0x0b, 0x41, 1, 0x6a, 0x0b, 0x0b));
    expect(readConstExpr(reader)).toEqual({ start: 0, end: 6 });
    expect(reader.offset).toBe(6);
  });

  test("refuses blocks", () => {
    const reader = new ByteReader(Uint8Array.of(0x02, 0x40, 0x0b, 0x0b));
    expect(() => readConstExpr(reader)).toThrow("control frames remain at end of expression (at offset 0x3)");
  });
});
