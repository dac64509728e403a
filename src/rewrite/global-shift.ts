/**
 * Moves the indices of defined globals: a global that is imported besides comes before them.
 *
 * @packageDocumentation
 */
import { InstructionCursor } from "../binary/instructions.ts";
import type { ExprRange } from "../binary/module-info.ts";
import { ByteReader } from "../binary/reader.ts";
import { findSection, SectionId } from "../binary/sections.ts";
import type { Segments } from "../binary/segments.ts";
import { op } from "./mnemonics.ts";
import { encode, type Payload, type SectionEditor } from "./section-editor.ts";

/** The first index that moves, and by how much. */
export interface GlobalShift {
  readonly from: number;
  readonly by: number;
}

export function shiftedGlobal(index: number, { from, by }: GlobalShift): number {
  return index < from ? index : index + by;
}

/** The bytes of a range with the globals in its constant expressions moved. */
export function shiftedExprs(
  bytes: Uint8Array,
  range: ExprRange,
  exprs: readonly ExprRange[],
  shift: GlobalShift,
): Payload {
  const pieces: Uint8Array[] = [];
  const reader = new ByteReader(bytes);
  const cursor = new InstructionCursor(bytes, range.start, range.start);
  let copied = range.start;
  for (const { start, end } of exprs) {
    cursor.reset(start, end);
    while (cursor.advance()) {
      if (cursor.key !== op.globalGet) continue;
      reader.offset = cursor.immediates;
      const index = reader.u32();
      if (index < shift.from) continue;
      pieces.push(
        bytes.subarray(copied, cursor.immediates),
        encode((writer) => writer.u32(shiftedGlobal(index, shift))),
      );
      copied = cursor.next;
    }
  }
  pieces.push(bytes.subarray(copied, range.end));
  return pieces;
}

/** Moves the globals in the initialisers of globals and in segments. Tables and exports are left to others. */
export function shiftInitialisers(editor: SectionEditor, segments: Segments, shift: GlobalShift): void {
  const { info } = editor;
  const elements = segments.elements.flatMap(({ offset, items }) => [
    ...(offset === undefined ? [] : [offset]),
    ...(items.kind === "expressions" ? items.expressions : []),
  ]);
  const data = segments.data.flatMap(({ offset }) => (offset === undefined ? [] : [offset]));
  shiftSection(
    editor,
    SectionId.global,
    info.definedGlobals.map(({ init }) => init),
    shift,
  );
  shiftSection(editor, SectionId.element, elements, shift);
  shiftSection(editor, SectionId.data, data, shift);
}

function shiftSection(
  editor: SectionEditor,
  id: number,
  exprs: readonly ExprRange[],
  shift: GlobalShift,
): void {
  const { bytes } = editor.info;
  const section = findSection(editor.info, id);
  if (section === undefined) return;
  const reader = new ByteReader(bytes, section.payload, section.end);
  const count = reader.u32();
  const entries = shiftedExprs(bytes, { start: reader.offset, end: section.end }, exprs, shift);
  if (entries.length > 1) editor.replace(id, count, entries);
}
