/**
 * A cursor over bytes with the decodings the binary format is made of, in wasmparser's words where they fail.
 *
 * Spec: https://webassembly.github.io/spec/core/binary/values.html
 *
 * @packageDocumentation
 */
import { CompileError } from "../errors.ts";

// A byte order mark belongs to the name.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** wasmparser's bound of names, in bytes. */
const maxNameLength = 100_000;

/** The error for damage at an offset of the module, worded as wasmparser does. */
export function malformed(message: string, offset: number): CompileError {
  return new CompileError(`${message} (at offset 0x${offset.toString(16)})`, offset);
}

/** Reads `bytes` from `offset` up to `end`. Every offset counts from the start of `bytes`. */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** Offset of the next byte. */
  offset: number;
  /** Offset behind the last byte that may be read. */
  readonly end: number;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  /** Throws the error for damage at an offset. */
  fail(message: string, offset = this.offset): never {
    throw malformed(message, offset);
  }

  get done(): boolean {
    return this.offset >= this.end;
  }

  u8(): number {
    if (this.offset >= this.end) this.fail("unexpected end-of-file");
    return this.bytes[this.offset++]!;
  }

  /** The next byte, which stays unread. */
  peek(): number {
    if (this.offset >= this.end) this.fail("unexpected end-of-file");
    return this.bytes[this.offset]!;
  }

  /** Moves on by a number of bytes. @returns the offset they start at */
  skip(count: number): number {
    const start = this.offset;
    if (count > this.end - start) this.fail("unexpected end-of-file");
    this.offset = start + count;
    return start;
  }

  /** The last byte of an integer of `bits` bits: complains about a further byte, or bits beyond the type's. */
  #last(byte: number, valid: boolean, type: string): void {
    if (byte & 0x80) this.fail(`invalid ${type}: integer representation too long`, this.offset - 1);
    if (!valid) this.fail(`invalid ${type}: integer too large`, this.offset - 1);
  }

  /** Unsigned LEB128 below 2^32. */
  u32(): number {
    let byte = this.u8();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    byte = this.u8();
    this.#last(byte, byte < 0x10, "var_u32");
    return (value | (byte << 28)) >>> 0;
  }

  /** Unsigned LEB128 below 2^64. */
  u64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 63n; shift += 7n) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    const byte = this.u8();
    this.#last(byte, byte < 0x02, "var_u64");
    return value | (BigInt(byte) << 63n);
  }

  /** Signed LEB128 of 32 bits. */
  s32(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value << (25 - shift)) >> (25 - shift);
    }
    const byte = this.u8();
    this.#last(byte, byte < 0x08 || byte >= 0x78, "var_i32");
    return value | (byte << 28);
  }

  /** Signed LEB128 of 33 bits: type indices, and below zero the one-byte codes of types. */
  s33(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value << (25 - shift)) >> (25 - shift);
    }
    const byte = this.u8();
    const signed = (byte << 25) >> 25;
    // wasmparser has one wording for both mistakes here.
    if (byte & 0x80 || signed < -16 || signed > 15) {
      this.fail("invalid var_s33: integer representation too long", this.offset - 1);
    }
    return value + signed * 2 ** 28;
  }

  /** Signed LEB128 of 64 bits. */
  s64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 63n; shift += 7n) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(Number(shift) + 7, value);
    }
    const byte = this.u8();
    this.#last(byte, byte === 0 || byte === 0x7f, "var_i64");
    return BigInt.asIntN(64, value | (BigInt(byte) << 63n));
  }

  /** UTF-8 with its length in front. */
  name(): string {
    const length = this.u32();
    if (length > maxNameLength) this.fail("string size out of bounds", this.offset - 1);
    const start = this.skip(length);
    try {
      return utf8.decode(this.bytes.subarray(start, this.offset));
    } catch {
      return this.fail("malformed UTF-8 encoding", this.offset - 1);
    }
  }
}
