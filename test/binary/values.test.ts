import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteReader } from "../../src/binary/reader.ts";
import { ByteWriter, lengthOfU32 } from "../../src/binary/writer.ts";
import { CompileError } from "../../src/errors.ts";

function written(write: (writer: ByteWriter) => void): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(1);
  write(writer);
  return writer.finish();
}

function failure(
  bytes: readonly number[],
  read: (reader: ByteReader) => unknown,
): [string, number | undefined] {
  try {
    read(new ByteReader(Uint8Array.from(bytes)));
  } catch (error) {
    if (error instanceof CompileError) return [error.message, error.offset];
    throw error;
  }
  throw new Error("the bytes were read");
}

const i64 = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);
const u64 = fc.bigInt(0n, 2n ** 64n - 1n);

describe("ByteReader reads what ByteWriter writes", () => {
  test.each<[string, fc.Arbitrary<any>, "u32" | "u64" | "s32" | "s33" | "s64" | "name"]>([
    ["u32", fc.integer({ min: 0, max: 2 ** 32 - 1 }), "u32"],
    ["u64", u64, "u64"],
    ["s32", fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), "s32"],
    ["s33", fc.integer({ min: -(2 ** 32), max: 2 ** 32 - 1 }), "s33"],
    ["s64", i64, "s64"],
    ["names", fc.string({ unit: "binary" }), "name"],
  ])("%s", (_, values, method) => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = written((writer) => writer[method](value as never));
        const reader = new ByteReader(bytes);
        expect(reader[method]()).toEqual(value);
        expect(reader.done).toBe(true);
      }),
    );
  });

  test("unsigned numbers up to 2^53 take the bytes of the 64-bit encoding", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const bytes = written((writer) => writer.u32(value));
        expect(bytes).toEqual(written((writer) => writer.u64(BigInt(value))));
        expect(bytes.length).toBe(lengthOfU32(value));
      }),
    );
  });

  test("i32 and i64 constants may be given as unsigned", () => {
    expect(written((writer) => writer.s32(0xffff_ffff))).toEqual(Uint8Array.of(0x7f));
    expect(written((writer) => writer.s64(2n ** 64n - 1n))).toEqual(Uint8Array.of(0x7f));
  });

  test("bit patterns of floats are written in little-endian order", () => {
    expect(written((writer) => writer.f32(0x7fa0_0001))).toEqual(Uint8Array.of(0x01, 0x00, 0xa0, 0x7f));
    const nan = written((writer) => writer.f64(0x7ff4_0000_0000_0001n));
    expect(nan).toEqual(Uint8Array.of(1, 0, 0, 0, 0, 0, 0xf4, 0x7f));
  });

  test("a size is put in front of content of any length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array(), (content, rest) => {
        const bytes = written((writer) => {
          writer.sized(() => writer.bytes(content));
          writer.bytes(rest);
        });
        const reader = new ByteReader(bytes);
        const start = reader.skip(reader.u32());
        expect(bytes.slice(start, reader.offset)).toEqual(content);
        expect(bytes.slice(reader.offset)).toEqual(rest);
      }),
    );
  });
});

describe("ByteReader complains in wasmparser's words", () => {
  test.each<[string, number[], (reader: ByteReader) => unknown, string, number]>([
    ["a missing byte", [], (r) => r.u8(), "unexpected end-of-file", 0],
    ["a missing byte behind a continuation", [0x80], (r) => r.u32(), "unexpected end-of-file", 1],
    [
      "a sixth byte of a u32",
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
      (r) => r.u32(),
      "invalid var_u32: integer representation too long",
      4,
    ],
    [
      "a u32 beyond 32 bits",
      [0xff, 0xff, 0xff, 0xff, 0x10],
      (r) => r.u32(),
      "invalid var_u32: integer too large",
      4,
    ],
    [
      "an s32 whose last byte does not extend the sign",
      [0xff, 0xff, 0xff, 0xff, 0x0f],
      (r) => r.s32(),
      "invalid var_i32: integer too large",
      4,
    ],
    [
      "an s33 beyond 33 bits",
      [0xff, 0xff, 0xff, 0xff, 0x2f],
      (r) => r.s33(),
      "invalid var_s33: integer representation too long",
      4,
    ],
    [
      "a u64 beyond 64 bits",
      [...Array(9).fill(0xff), 0x02],
      (r) => r.u64(),
      "invalid var_u64: integer too large",
      9,
    ],
    [
      "an eleventh byte of an s64",
      [...Array(10).fill(0x80), 0x00],
      (r) => r.s64(),
      "invalid var_i64: integer representation too long",
      9,
    ],
    ["a name longer than what is left", [5, 0x61], (r) => r.name(), "unexpected end-of-file", 1],
    ["a name that is not UTF-8", [2, 0x61, 0xff], (r) => r.name(), "malformed UTF-8 encoding", 2],
    ["a surrogate in a name", [3, 0xed, 0xa0, 0x80], (r) => r.name(), "malformed UTF-8 encoding", 3],
    ["a very long name", [0xa1, 0x8d, 0x06], (r) => r.name(), "string size out of bounds", 2],
  ])("about %s", (_, bytes, read, message, offset) => {
    expect(failure(bytes, read)).toEqual([`${message} (at offset 0x${offset.toString(16)})`, offset]);
  });

  test("within the range it was given, not beyond", () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3), 1, 2);
    expect(reader.u8()).toBe(2);
    expect(() => reader.u8()).toThrow("unexpected end-of-file (at offset 0x2)");
  });
});

test("ByteReader.name keeps a byte order mark", () => {
  const bytes = written((writer) => writer.name("\ufeffa"));
  expect(new ByteReader(bytes).name()).toBe("\ufeffa");
});
