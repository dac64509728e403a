/**
 * Decoders of the immediates that are more than a number. Each starts where the reader stands.
 *
 * Spec: https://webassembly.github.io/spec/core/binary/instructions.html
 *
 * @packageDocumentation
 */
import type { ByteReader } from "./reader.ts";
import { typeCode } from "./type-codes.ts";
import { readHeapType, readValType } from "./type-reader.ts";
import { type RefType, refType, type ValType } from "./types.ts";

/** Type of a block: nothing, one result, or a function type by its index. */
export type BlockType =
  | { readonly kind: "empty" }
  | { readonly kind: "result"; readonly type: ValType }
  | { readonly kind: "type"; readonly typeIndex: number };

export function readBlockType(reader: ByteReader): BlockType {
  const first = reader.peek();
  // Below zero, and in one byte: the empty type or a value type. An index comes as a number not below zero.
  if (first < 0x40 || first > 0x7f) {
    const typeIndex = reader.s33();
    if (typeIndex < 0) reader.fail("invalid function type");
    return { kind: "type", typeIndex };
  }
  if (first !== typeCode.empty) return { kind: "result", type: readValType(reader) };
  reader.u8();
  return { kind: "empty" };
}

/** Bit of the alignment that announces a memory index. */
const hasMemoryIndex = 0x40;

/** Alignment, memory and offset of a load or store. */
export interface MemArg {
  /** log2 of the alignment. */
  readonly align: number;
  readonly memory: number;
  readonly offset: bigint;
}

export function readMemArg(reader: ByteReader): MemArg {
  const start = reader.offset;
  const flags = reader.u32();
  const memory = flags & hasMemoryIndex ? reader.u32() : 0;
  const align = flags & ~hasMemoryIndex;
  if (align >>> 0 >= hasMemoryIndex) reader.fail("malformed memop alignment: alignment too large", start);
  return { align, memory, offset: reader.u64() };
}

/** Labels of a `br_table`, the default last. */
export function readLabelTable(reader: ByteReader): number[] {
  const labels: number[] = [];
  for (let left = reader.u32(); left >= 0; left--) labels.push(reader.u32());
  return labels;
}

/** A clause of a `try_table`; without a tag it catches everything. */
export interface CatchClause {
  readonly tag?: number;
  readonly label: number;
  /** Whether the label gets the exception as an exnref, too. */
  readonly withRef: boolean;
}

export function readCatchClauses(reader: ByteReader): CatchClause[] {
  const clauses: CatchClause[] = [];
  for (let left = reader.u32(); left > 0; left--) {
    const kind = reader.u8();
    if (kind > 3) {
      reader.fail(`invalid leading byte (0x${kind.toString(16)}) for catch`, reader.offset - 1);
    }
    const withRef = (kind & 1) !== 0;
    clauses.push(
      kind < 2 ? { tag: reader.u32(), label: reader.u32(), withRef } : { label: reader.u32(), withRef },
    );
  }
  return clauses;
}

/** Label and types of a branch on a cast. */
export interface BranchCast {
  readonly label: number;
  readonly source: RefType;
  readonly target: RefType;
}

export function readBranchCast(reader: ByteReader): BranchCast {
  const flags = reader.u8();
  if (flags > 3) reader.fail(`invalid cast flags: ${flags.toString(2).padStart(8, "0")}`, reader.offset - 1);
  const label = reader.u32();
  const source = refType(readHeapType(reader), (flags & 1) !== 0);
  const target = refType(readHeapType(reader), (flags & 2) !== 0);
  return { label, source, target };
}
