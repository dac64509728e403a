/**
 * Memory, offset and alignment of an access.
 *
 * Spec: https://webassembly.github.io/spec/core/text/instructions.html#memory-instructions
 *
 * @packageDocumentation
 */
import type { ByteWriter } from "../../binary/writer.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { kindOfNumber, unsignedInteger } from "../syntax/numbers.ts";
import { TokenKind } from "../syntax/tokens.ts";
import type { IndexSpace } from "./index-space.ts";
import { isIndex } from "./index-space.ts";

/** Bit of the alignment that says that a memory index follows. */
const hasMemoryIndex = 0x40;

/** Whether the token `ahead` places later is `offset=…` or `align=…`. */
export function isAccessField(cursor: Cursor, ahead: number): boolean {
  if (cursor.kind(ahead) !== TokenKind.keyword) return false;
  const word = cursor.text(cursor.position + ahead);
  return word.startsWith("offset=") || word.startsWith("align=");
}

/** Parses the operands of an access and writes them. `alignment` is the logarithm of the natural one. */
export function writeMemoryAccess(
  cursor: Cursor,
  writer: ByteWriter,
  memories: IndexSpace,
  alignment: number,
): void {
  const memory = isIndex(cursor) ? memories.index(cursor) : 0;
  const offset = field(cursor, "offset=") ?? 0n;
  const given = field(cursor, "align=");
  if (given !== undefined && (given === 0n || (given & (given - 1n)) !== 0n)) {
    cursor.fail("alignment must be a power of two");
  }
  const exponent = given === undefined ? alignment : given.toString(2).length - 1;
  if (memory === 0) {
    writer.u8(exponent);
  } else {
    writer.u8(exponent | hasMemoryIndex);
    writer.u32(memory);
  }
  writer.u64(offset);
}

function field(cursor: Cursor, name: string): bigint | undefined {
  if (cursor.kind() !== TokenKind.keyword) return undefined;
  const word = cursor.text();
  if (!word.startsWith(name)) return undefined;
  if (kindOfNumber(word, name.length, word.length) !== TokenKind.integer) {
    cursor.fail("expected u64 integer constant");
  }
  const value = unsignedInteger(word.slice(name.length), 64);
  if (value === undefined) cursor.fail("u64 constant out of range");
  cursor.position++;
  return value;
}
