import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteReader } from "../../src/binary/reader.ts";
import {
  readGlobalType,
  readHeapType,
  readMemoryType,
  readRecursionGroup,
  readRefType,
  readTableType,
  readValType,
} from "../../src/binary/type-reader.ts";
import {
  writeGlobalType,
  writeHeapType,
  writeMemoryType,
  writeRecursionGroup,
  writeRefType,
  writeTableType,
  writeValType,
} from "../../src/binary/type-writer.ts";
import { ByteWriter } from "../../src/binary/writer.ts";
import { anyRefType, globalType, heapType, memoryType, subType, tableType, valType } from "./arbitraries.ts";

describe("types are read as they were written", () => {
  test.each<
    [string, fc.Arbitrary<any>, (writer: ByteWriter, type: any) => void, (reader: ByteReader) => unknown]
  >([
    ["heap types", heapType, writeHeapType, readHeapType],
    ["reference types", anyRefType, writeRefType, readRefType],
    ["value types", valType, writeValType, readValType],
    ["global types", globalType, writeGlobalType, readGlobalType],
    ["table types", tableType, writeTableType, readTableType],
    ["memory types", memoryType, writeMemoryType, readMemoryType],
    ["recursion groups", fc.array(subType), writeRecursionGroup, readRecursionGroup],
  ])("%s", (_, types, write, read) => {
    fc.assert(
      fc.property(types, (type) => {
        const writer = new ByteWriter();
        write(writer, type);
        const reader = new ByteReader(writer.finish());
        expect(read(reader)).toEqual(type);
        expect(reader.done).toBe(true);
      }),
    );
  });
});

test("types take the shortest form there is", () => {
  const writer = new ByteWriter();
  writeValType(writer, { ref: "func", nullable: true });
  writeValType(writer, "anyref");
  writeRecursionGroup(writer, [
    { composite: { kind: "func", params: [], results: [] }, final: true, supertypes: [] },
  ]);
  expect(writer.finish()).toEqual(Uint8Array.of(0x70, 0x6e, 0x60, 0, 0));
});

describe("type readers complain in wasmparser's words", () => {
  test.each<[string, number[], (reader: ByteReader) => unknown, string]>([
    ["an unknown value type", [0x41], readValType, "invalid value type (at offset 0x0)"],
    ["an unknown heap type in a value type", [0x63, 0x41], readValType, "invalid value type (at offset 0x1)"],
    ["an unknown heap type", [0x41], readHeapType, "invalid heap type (at offset 0x0)"],
    ["an unknown reference type", [0x7f], readRefType, "malformed reference type (at offset 0x0)"],
    ["an exact type out of place", [0x62, 0], readRefType, "unexpected exact type (at offset 0x0)"],
    [
      "a shared reference",
      [0x64, 0x65, 0x70],
      readValType,
      "shared reference types require the shared-everything-threads proposal (at offset 0x1)",
    ],
    [
      "a continuation",
      [0x68],
      readValType,
      "continuation refs not supported without the stack switching feature (at offset 0x0)",
    ],
    ["flags of a table", [0x70, 8, 0], readTableType, "invalid table resizable limits flags (at offset 0x1)"],
    [
      "a shared table",
      [0x70, 3, 0, 0],
      readTableType,
      "shared tables require the shared-everything-threads proposal (at offset 0x1)",
    ],
    ["flags of a memory", [0x10, 0], readMemoryType, "invalid memory limits flags (at offset 0x0)"],
    ["a page size", [0x08, 0, 12], readMemoryType, "invalid custom page size (at offset 0x0)"],
    ["flags of a global", [0x7f, 4], readGlobalType, "malformed global flags (at offset 0x1)"],
    [
      "a shared global",
      [0x7f, 2],
      readGlobalType,
      "shared globals require the shared-everything-threads proposal (at offset 0x1)",
    ],
    ["a composite type", [0x61], readRecursionGroup, "invalid leading byte (0x61) for type (at offset 0x0)"],
    [
      "a shared composite type",
      [0x65, 0x60, 0, 0],
      readRecursionGroup,
      "shared composite types require the shared-everything-threads proposal (at offset 0x0)",
    ],
    [
      "a continuation type",
      [0x5d, 0],
      readRecursionGroup,
      "cannot define continuation types when stack switching is disabled (at offset 0x0)",
    ],
    [
      "two supertypes",
      [0x50, 2, 0, 0, 0x60, 0, 0],
      readRecursionGroup,
      "supertype idxs size is out of bounds (at offset 0x1)",
    ],
    [
      "mutability of a field",
      [0x5e, 0x78, 2],
      readRecursionGroup,
      "malformed mutability byte for field type (at offset 0x3)",
    ],
    [
      "too many parameters",
      [0x60, 0xe9, 0x07],
      readRecursionGroup,
      "function params size is out of bounds (at offset 0x1)",
    ],
  ])("about %s", (_, bytes, read, message) => {
    expect(() => read(new ByteReader(Uint8Array.from(bytes)))).toThrow(message);
  });
});
