/**
 * Moves the indices of what a module defines: what it imports besides comes before that.
 *
 * @packageDocumentation
 */
import { InstructionCursor } from "../binary/instructions.ts";
import type { ByteRange, ExprRange } from "../binary/module-info.ts";
import { ByteReader } from "../binary/reader.ts";
import { findSection, SectionId } from "../binary/sections.ts";
import type { ElementSegment, Segments } from "../binary/segments.ts";
import { op } from "./mnemonics.ts";
import { encode, type Payload, type SectionEditor } from "./section-editor.ts";

/** The first index of a space that moves, and by how much. */
export interface Shift {
  readonly from: number;
  readonly by: number;
}

/** What moves in the two spaces in which something may be imported besides. */
export interface IndexShifts {
  readonly functions: Shift;
  readonly globals: Shift;
}

export function shifted(index: number, { from, by }: Shift): number {
  return index < from ? index : index + by;
}

/** The index that became this one; −1 for what was put in between. */
export function unshifted(index: number, { from, by }: Shift): number {
  if (index < from) return index;
  return index < from + by ? -1 : index - by;
}

/** Whether anything moves. */
export function isMoving({ functions, globals }: IndexShifts): boolean {
  return functions.by > 0 || globals.by > 0;
}

/** An index that becomes another one. */
interface Move extends ByteRange {
  readonly index: number;
}

/** The bytes of a range with the indices in its constant expressions moved. */
export function shiftedExprs(
  bytes: Uint8Array,
  range: ByteRange,
  exprs: readonly ExprRange[],
  shifts: IndexShifts,
): Payload {
  return withMoves(
    bytes,
    range,
    exprs.flatMap((expr) => movesInExpr(bytes, expr, shifts)),
  );
}

/** Moves indices in the initialisers of globals and in segments. Tables and exports are left to others. */
export function shiftInitialisers(editor: SectionEditor, segments: Segments, shifts: IndexShifts): void {
  const { bytes, definedGlobals } = editor.info;
  const inExprs = (exprs: readonly ExprRange[]) => exprs.flatMap((expr) => movesInExpr(bytes, expr, shifts));
  const offsets = segments.data.flatMap(({ offset }) => (offset === undefined ? [] : [offset]));
  const elements = segments.elements.flatMap((segment) => [
    ...inExprs(segment.offset === undefined ? [] : [segment.offset]),
    ...movesInItems(bytes, segment.items, shifts),
  ]);
  moveInSection(editor, SectionId.global, inExprs(definedGlobals.map(({ init }) => init)));
  moveInSection(editor, SectionId.element, elements);
  moveInSection(editor, SectionId.data, inExprs(offsets));
}

function movesInItems(bytes: Uint8Array, items: ElementSegment["items"], shifts: IndexShifts): Move[] {
  if (items.kind === "expressions")
    return items.expressions.flatMap((expr) => movesInExpr(bytes, expr, shifts));
  if (shifts.functions.by === 0) return [];
  const reader = new ByteReader(bytes, items.start);
  return items.indices.flatMap(() => moveAt(reader, shifts.functions));
}

function movesInExpr(bytes: Uint8Array, { start, end }: ExprRange, shifts: IndexShifts): Move[] {
  const moves: Move[] = [];
  const cursor = new InstructionCursor(bytes, start, end);
  while (cursor.advance()) {
    const { key, immediates } = cursor;
    const shift = key === op.globalGet ? shifts.globals : key === op.refFunc ? shifts.functions : undefined;
    if (shift !== undefined) moves.push(...moveAt(new ByteReader(bytes, immediates), shift));
  }
  return moves;
}

/** The move of the index that a reader is at, if it moves. */
function moveAt(reader: ByteReader, shift: Shift): Move[] {
  const start = reader.offset;
  const before = reader.u32();
  const index = shifted(before, shift);
  return index === before ? [] : [{ start, end: reader.offset, index }];
}

function withMoves(bytes: Uint8Array, { start, end }: ByteRange, moves: readonly Move[]): Payload {
  const pieces: Uint8Array[] = [];
  let copied = start;
  for (const move of moves) {
    pieces.push(
      bytes.subarray(copied, move.start),
      encode((writer) => writer.u32(move.index)),
    );
    copied = move.end;
  }
  pieces.push(bytes.subarray(copied, end));
  return pieces;
}

function moveInSection(editor: SectionEditor, id: number, moves: readonly Move[]): void {
  if (moves.length === 0) return;
  const { bytes } = editor.info;
  const section = findSection(editor.info, id)!;
  const reader = new ByteReader(bytes, section.payload, section.end);
  const count = reader.u32();
  editor.replace(id, count, withMoves(bytes, { start: reader.offset, end: section.end }, moves));
}
