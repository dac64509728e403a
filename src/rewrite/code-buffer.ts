/**
 * Where instrumented code is written to: {@link ByteWriter} without a check of the capacity per byte.
 *
 * @packageDocumentation
 */

/** Bytes that may be written between two calls of {@link CodeBuffer.reserve}. */
const slack = 512;

/** From this length on the engine's own copying wins over a loop. */
const longCopy = 48;

/** A buffer that grows when copied into or asked to. Never trust `bytes` across a call that may grow it. */
export class CodeBuffer {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(8192);
  /** Number of bytes written. */
  length = 0;
  /** Where the conditional branches are that are hardly ever taken. */
  readonly unlikely: number[] = [];

  clear(): void {
    this.length = 0;
    this.unlikely.length = 0;
  }

  /** Makes room for `count` bytes and what comes in between copies. */
  reserve(count: number): void {
    const needed = this.length + count + slack;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  u8(value: number): void {
    this.bytes[this.length++] = value;
  }

  /** An opcode and an unsigned LEB128 of 32 bits. */
  indexed(opcode: number, index: number): void {
    this.bytes[this.length++] = opcode;
    this.u32(index);
  }

  /** Says that the next instruction, a conditional branch, is hardly ever taken. */
  expectNot(): void {
    this.unlikely.push(this.length);
  }

  /** Unsigned LEB128 of 32 bits. */
  u32(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  /** Signed LEB128 of 32 bits. */
  s32(value: number): void {
    let rest = value;
    while (rest < -64 || rest > 63) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>= 7;
    }
    this.bytes[this.length++] = rest & 0x7f;
  }

  /** Writes a number below 8192 over a signed LEB128 of two bytes. */
  patchTwoBytes(at: number, value: number): void {
    this.bytes[at] = (value & 0x7f) | 0x80;
    this.bytes[at + 1] = value >> 7;
  }

  copy(source: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    if (end - start >= longCopy) {
      this.bytes.set(source.subarray(start, end), this.length);
      this.length += end - start;
      return;
    }
    const { bytes } = this;
    let to = this.length;
    for (let from = start; from < end; from++) bytes[to++] = source[from]!;
    this.length = to;
  }

  /** Copies what another buffer holds. */
  append(other: CodeBuffer): void {
    const base = this.length;
    this.copy(other.bytes, 0, other.length);
    for (const place of other.unlikely) this.unlikely.push(base + place);
  }

  /** What was written, not copied. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }
}
