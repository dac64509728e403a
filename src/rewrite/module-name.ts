/**
 * The module's own name, in the name section.
 *
 * Spec: https://webassembly.github.io/spec/core/appendix/custom.html#name-section
 *
 * @packageDocumentation
 */
import { ByteReader } from "../binary/reader.ts";
import { encode, type SectionEditor } from "./section-editor.ts";

/** Id of the subsection that holds the module's name. It comes first. */
const moduleNameId = 0;

/** Names the module. The names of everything in it stay. */
export function stampModuleName(editor: SectionEditor, moduleName: string): void {
  const { bytes, sections } = editor.info;
  const stamp = encode((writer) => {
    writer.u8(moduleNameId);
    writer.sized(() => writer.name(moduleName));
  });
  // Engines read the first name section only.
  const section = sections.find(({ custom }) => custom?.name === "name");
  if (section === undefined) {
    editor.appendCustom("name", [stamp]);
  } else {
    const rest = behindModuleName(new ByteReader(bytes, section.custom!.content, section.end));
    editor.setCustom(section, [stamp, bytes.subarray(rest, section.end)]);
  }
}

/** Offset of the subsection behind the module's name, or of the first one when the module has no name. */
function behindModuleName(reader: ByteReader): number {
  const start = reader.offset;
  if (reader.done || reader.u8() !== moduleNameId) return start;
  // A damaged name section is no reason to refuse a module: engines ignore what they cannot read.
  try {
    reader.skip(reader.u32());
    return reader.offset;
  } catch {
    return reader.end;
  }
}
