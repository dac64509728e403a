import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  readBlockType,
  readBranchCast,
  readCatchClauses,
  readLabelTable,
  readMemArg,
} from "../../src/binary/immediates.ts";
import { ByteReader } from "../../src/binary/reader.ts";
import { writeValType } from "../../src/binary/type-writer.ts";
import { ByteWriter } from "../../src/binary/writer.ts";
import { valType } from "./arbitraries.ts";

const read = <T>(decode: (reader: ByteReader) => T, ...bytes: number[]): T => {
  const reader = new ByteReader(Uint8Array.from(bytes));
  const value = decode(reader);
  expect(reader.done).toBe(true);
  return value;
};

describe("readBlockType", () => {
  test("tells the three forms apart", () => {
    expect(read(readBlockType, 0x40)).toEqual({ kind: "empty" });
    expect(read(readBlockType, 0x7f)).toEqual({ kind: "result", type: "i32" });
    expect(read(readBlockType, 0x3f)).toEqual({ kind: "type", typeIndex: 63 });
    expect(read(readBlockType, 0xff, 0x00)).toEqual({ kind: "type", typeIndex: 127 });
    expect(read(readBlockType, 0x80, 0x80, 0x00)).toEqual({ kind: "type", typeIndex: 0 });
  });

  test("reads any value type", () => {
    fc.assert(
      fc.property(valType, (type) => {
        const writer = new ByteWriter();
        writeValType(writer, type);
        expect(read(readBlockType, ...writer.finish())).toEqual({ kind: "result", type });
      }),
    );
  });

  test("refuses a negative number in more than one byte", () => {
    expect(() => read(readBlockType, 0xff, 0x7f)).toThrow("invalid function type (at offset 0x2)");
  });
});

describe("readMemArg", () => {
  test("reads alignment, memory and offset", () => {
    expect(read(readMemArg, 2, 8)).toEqual({ align: 2, memory: 0, offset: 8n });
    expect(read(readMemArg, 0x43, 5, 8)).toEqual({ align: 3, memory: 5, offset: 8n });
    const largest = [...Array(9).fill(0xff), 0x01];
    expect(read(readMemArg, 0, ...largest).offset).toBe(2n ** 64n - 1n);
  });

  test("refuses more alignment than fits", () => {
    const complaint = "malformed memop alignment: alignment too large (at offset 0x0)";
    expect(() => read(readMemArg, 0x80, 0x01, 0)).toThrow(complaint);
    expect(() => read(readMemArg, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0)).toThrow(complaint);
  });
});

test("readLabelTable puts the default last", () => {
  expect(read(readLabelTable, 2, 5, 6, 7)).toEqual([5, 6, 7]);
  expect(read(readLabelTable, 0, 7)).toEqual([7]);
});

test("readCatchClauses reads the four kinds", () => {
  expect(read(readCatchClauses, 4, 0, 1, 2, 1, 3, 4, 2, 5, 3, 6)).toEqual([
    { tag: 1, label: 2, withRef: false },
    { tag: 3, label: 4, withRef: true },
    { label: 5, withRef: false },
    { label: 6, withRef: true },
  ]);
  expect(() => read(readCatchClauses, 1, 4)).toThrow("invalid leading byte (0x4) for catch (at offset 0x1)");
});

test("readBranchCast reads nullability from the flags", () => {
  expect(read(readBranchCast, 1, 9, 0x6e, 3)).toEqual({
    label: 9,
    source: "anyref",
    target: { ref: { typeIndex: 3 }, nullable: false },
  });
  expect(read(readBranchCast, 2, 0, 0x6e, 0x6d)).toEqual({
    label: 0,
    source: { ref: "any", nullable: false },
    target: "eqref",
  });
  expect(() => read(readBranchCast, 5, 0, 0x6e, 0x6d)).toThrow(
    "invalid cast flags: 00000101 (at offset 0x0)",
  );
});
