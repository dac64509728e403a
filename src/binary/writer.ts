/**
 * A growing buffer with the encodings the binary format is made of.
 *
 * Spec: https://webassembly.github.io/spec/core/binary/values.html
 *
 * @packageDocumentation
 */

const utf8 = new TextEncoder();

/** Length of the unsigned LEB128 encoding of a number up to 2^53, in bytes. */
export function lengthOfU32(value: number): number {
  let length = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) length++;
  return length;
}

/**
 * Writes a module, or a part of one, front to back.
 *
 * @example
 * ```ts
 * const writer = new ByteWriter();
 * writer.preamble();
 * writer.section(SectionId.type, () => writer.vec(groups, (group) => writeRecursionGroup(writer, group)));
 * const bytes = writer.finish();
 * ```
 */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param capacity - expected size in bytes; more is allocated when it does not suffice */
  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Number of bytes written. */
  get length(): number {
    return this.#length;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  u8(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Unsigned LEB128 of an integer up to 2^53. */
  u32(value: number): void {
    let rest = value;
    // Not a shift: sizes of 64-bit memories and tables go beyond 32 bits.
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.u8((rest & 0x7f) | 0x80);
    this.u8(rest);
  }

  /** Unsigned LEB128. */
  u64(value: bigint): void {
    let rest = value;
    for (; rest > 0x7fn; rest >>= 7n) this.u8(Number(rest & 0x7fn) | 0x80);
    this.u8(Number(rest));
  }

  /** Signed LEB128 of an integer whose magnitude is at most 2^53. */
  s33(value: number): void {
    let rest = value;
    for (; rest < -64 || rest > 63; rest = Math.floor(rest / 128)) this.u8((rest & 0x7f) | 0x80);
    this.u8(rest & 0x7f);
  }

  /** Signed LEB128 of an i32, given as signed or as unsigned. */
  s32(value: number): void {
    this.s33(value | 0);
  }

  /** Signed LEB128 of an i64, given as signed or as unsigned. */
  s64(value: bigint): void {
    let rest = BigInt.asIntN(64, value);
    for (; rest < -64n || rest > 63n; rest >>= 7n) this.u8(Number(rest & 0x7fn) | 0x80);
    this.u8(Number(rest & 0x7fn));
  }

  /** The four bytes of an f32, given as its bit pattern: a number would lose the payload of a NaN. */
  f32(bits: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.u8((bits >>> shift) & 0xff);
  }

  /** The eight bytes of an f64, given as its bit pattern. */
  f64(bits: bigint): void {
    this.f32(Number(BigInt.asIntN(32, bits)));
    this.f32(Number(BigInt.asIntN(32, bits >> 32n)));
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Takes back what was written since the writer had a certain length. */
  cut(length: number): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes.slice(length, this.#length);
    this.#length = length;
    return bytes;
  }

  /** UTF-8 with its length in front. */
  name(name: string): void {
    const bytes = utf8.encode(name);
    this.u32(bytes.length);
    this.bytes(bytes);
  }

  /** The number of items, then each item. */
  vec<T>(items: readonly T[], write: (item: T, index: number) => void): void {
    this.u32(items.length);
    items.forEach(write);
  }

  /** What `write` writes, with its size in bytes in front. */
  sized(write: () => void): void {
    const start = this.#length;
    write();
    const size = this.#length - start;
    const prefix = lengthOfU32(size);
    this.#reserve(prefix);
    this.#bytes.copyWithin(start + prefix, start, this.#length);
    this.#length = start;
    this.u32(size);
    this.#length += size;
  }

  /** Magic number and version of a core module. */
  preamble(): void {
    this.bytes(modulePreamble);
  }

  /** A section whose payload `write` writes. */
  section(id: number, write: () => void): void {
    this.u8(id);
    this.sized(write);
  }

  /** A custom section whose content `write` writes. */
  customSection(name: string, write: () => void): void {
    this.section(0, () => {
      this.name(name);
      write();
    });
  }

  /** A copy of everything written. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}

/** The first eight bytes of a core module: `\0asm`, version 1. */
export const modulePreamble: Uint8Array = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
