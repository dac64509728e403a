/**
 * The module's own name, in the name section.
 *
 * Spec: https://webassembly.github.io/spec/core/appendix/custom.html#name-section
 *
 * @packageDocumentation
 */
import type { Section } from "../binary/module-info.ts";
import { NameSubsection } from "../binary/names.ts";
import { ByteReader } from "../binary/reader.ts";
import type { ByteWriter } from "../binary/writer.ts";
import { type Shift, shifted } from "./index-shift.ts";
import { encode, type SectionEditor } from "./section-editor.ts";

/** Names the module. The names of everything in it stay. */
export function stampModuleName(editor: SectionEditor, moduleName: string): void {
  const { bytes } = editor.info;
  const section = nameSection(editor);
  const rest = section && behindModuleName(new ByteReader(bytes, section.custom!.content, section.end));
  setNames(
    editor,
    encode((writer) => writeModuleName(writer, moduleName)),
    section && bytes.subarray(rest, section.end),
  );
}

/**
 * Names the module, and every function of it by its index: for engines whose stack traces tell nothing else. Other
 * names are left out.
 *
 * @param shift - how the functions move: they are named by the indices they had
 */
export function stampIndices(editor: SectionEditor, moduleName: string, shift: Shift): void {
  const indices = Array.from({ length: editor.info.functions.length }, (_, index) => index);
  const names = encode((writer) => {
    writeModuleName(writer, moduleName);
    writer.u8(NameSubsection.functions);
    writer.sized(() =>
      writer.vec(indices, (index) => {
        writer.u32(shifted(index, shift));
        writer.name(String(index));
      }),
    );
  });
  setNames(editor, names, undefined);
}

function writeModuleName(writer: ByteWriter, moduleName: string): void {
  writer.u8(NameSubsection.module);
  writer.sized(() => writer.name(moduleName));
}

/** The one that counts: engines read the first name section only. */
function nameSection({ info }: SectionEditor): Section | undefined {
  return info.sections.find(({ custom }) => custom?.name === "name");
}

function setNames(editor: SectionEditor, names: Uint8Array, rest: Uint8Array | undefined): void {
  const section = nameSection(editor);
  const payload = rest === undefined ? [names] : [names, rest];
  if (section === undefined) editor.appendCustom("name", payload);
  else editor.setCustom(section, payload);
}

/** Offset of the subsection behind the module's name, or of the first one when the module has no name. */
function behindModuleName(reader: ByteReader): number {
  const start = reader.offset;
  if (reader.done || reader.u8() !== NameSubsection.module) return start;
  // A damaged name section is no reason to refuse a module: engines ignore what they cannot read.
  try {
    reader.skip(reader.u32());
    return reader.offset;
  } catch {
    return reader.end;
  }
}
