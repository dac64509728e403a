/**
 * Custom sections as `(@custom …)` annotations that put them back into their place.
 *
 * @packageDocumentation
 */
import type { ModuleInfo, Section } from "../../binary/module-info.ts";
import { SectionId } from "../../binary/sections.ts";
import { quoted, quotedBytes } from "./literals.ts";

/** Names of the sections that a place can be given by. */
const anchors: ReadonlyMap<number, string> = new Map([
  [SectionId.type, "type"],
  [SectionId.import, "import"],
  [SectionId.function, "func"],
  [SectionId.table, "table"],
  [SectionId.memory, "memory"],
  [SectionId.tag, "tag"],
  [SectionId.global, "global"],
  [SectionId.export, "export"],
  [SectionId.start, "start"],
  [SectionId.element, "elem"],
  [SectionId.code, "code"],
  [SectionId.data, "data"],
]);

/**
 * The annotations of all custom sections.
 *
 * @param skipped - a section that the rest of the text stands for
 */
export function customTexts({ bytes, sections }: ModuleInfo, skipped: Section | undefined): string[] {
  const last = sections.findLastIndex(({ custom }) => custom === undefined);
  const texts: string[] = [];
  let place = "(before first)";
  sections.forEach((section, position) => {
    const { id, custom, end } = section;
    if (custom === undefined) {
      const anchor = anchors.get(id);
      // The data count section has no name; code comes next.
      place = anchor === undefined ? "(before code)" : `(after ${anchor})`;
    } else if (section !== skipped) {
      const content = bytes.subarray(custom.content, end);
      const where = position > last ? "(after last)" : place;
      texts.push(`(@custom ${quoted(custom.name)} ${where} ${quotedBytes(content)})`);
    }
  });
  return texts;
}
