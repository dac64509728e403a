import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  InstructionCursor,
  operatorKey,
  operatorKeys,
  operatorWithKey,
  readConstExpr,
} from "../../src/binary/instructions.ts";
import { ByteReader } from "../../src/binary/reader.ts";
import { ByteWriter } from "../../src/binary/writer.ts";
import { CompileError } from "../../src/errors.ts";
import { instruction, operators, writeOpcode } from "./arbitrary-instructions.ts";

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
