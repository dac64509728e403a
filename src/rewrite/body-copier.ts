/**
 * Carries the instructions of a body over: in ranges, as long as nothing comes in between.
 *
 * @packageDocumentation
 */
import { InstructionCursor } from "../binary/instructions.ts";
import { ByteReader } from "../binary/reader.ts";
import { CodeBuffer } from "./code-buffer.ts";
import type { OffsetMap } from "./offset-map.ts";

/** Behind every offset. */
const nowhere = 0x3fff_ffff;

/** The place in the source, the code that is written, and what has been copied of the one to the other. */
export class BodyCopier {
  readonly source: Uint8Array;
  readonly cursor: InstructionCursor;
  readonly code = new CodeBuffer();
  /** Reads immediates. It is nowhere in particular. */
  readonly reader: ByteReader;
  /** Where to note which instruction each place in `code` comes from. */
  marks: OffsetMap | undefined;
  /** Offset up to which the source is copied or dealt with otherwise. */
  #copied = 0;
  /** Offset of a number that is not to be copied as it is. */
  #renumberedAt = nowhere;
  #renumberedTo = 0;

  constructor(source: Uint8Array) {
    this.source = source;
    this.cursor = new InstructionCursor(source, 0, 0);
    this.reader = new ByteReader(source);
  }

  /** Starts with another body's instructions. */
  reset(start: number, end: number): void {
    this.cursor.reset(start, end);
    this.code.clear();
    this.marks?.clear();
    this.#copied = start;
    this.#renumberedAt = nowhere;
  }

  /** Notes where the current instruction will stand, if it is copied with those before it. */
  markCurrent(): void {
    const { start } = this.cursor;
    this.marks?.mark(this.code.length + Math.max(start - this.#copied, 0), start);
  }

  /** Copies what stands before the current instruction. */
  copyBefore(): void {
    this.#copyTo(this.cursor.start);
  }

  /** Copies what stands up to and including the current instruction. */
  copyThrough(): void {
    this.#copyTo(this.cursor.next);
  }

  /** Leaves the current instruction out; what stands before it is copied already. */
  skip(): void {
    this.#copied = this.cursor.next;
  }

  /**
   * Has another number copied in the place of the one that starts at an offset of the current instruction, which has to be
   * settled before the next one.
   */
  renumber(at: number, value: number): void {
    this.#renumberedAt = at;
    this.#renumberedTo = value;
  }

  /** Copies the current instruction if a number in it changes. */
  settle(): void {
    if (this.#renumberedAt !== nowhere) this.copyThrough();
  }

  #copyTo(offset: number): void {
    const at = this.#renumberedAt;
    if (at < offset) {
      this.#renumberedAt = nowhere;
      this.replace(at, this.behindIndex(at), this.#renumberedTo);
    }
    if (this.#copied >= offset) {
      this.code.reserve(0);
      return;
    }
    this.code.copy(this.source, this.#copied, offset);
    this.#copied = offset;
  }

  /** The number among the immediates of the current instruction that starts at `offset`; the reader stands behind it. */
  index(offset: number): number {
    const first = this.source[offset]!;
    if (first < 0x80) {
      this.reader.offset = offset + 1;
      return first;
    }
    this.reader.offset = offset;
    return this.reader.u32();
  }

  /** Offset behind the number at `offset`. */
  behindIndex(offset: number): number {
    this.index(offset);
    return this.reader.offset;
  }

  /** Puts a number in the place of what stands between two offsets. */
  replace(start: number, end: number, value: number): void {
    this.#copyTo(start);
    this.code.u32(value);
    this.#copied = end;
  }

  /** Attributes what is written next to an instruction other than the current one. */
  mark(offset: number): void {
    this.marks?.mark(this.code.length, offset);
  }
}
