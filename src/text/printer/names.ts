/**
 * Whether the names that the printed text gives make the same name section again.
 *
 * @packageDocumentation
 */
import type { ModuleInfo, Section } from "../../binary/module-info.ts";
import { ByteWriter } from "../../binary/writer.ts";
import type { NameSection } from "../parser/name-section.ts";

/**
 * The name section that parsing the text writes, byte for byte and in its place; undefined where the module has
 * another one, which then must be printed.
 *
 * @param written - the names as the parser finds them in the text
 */
export function reproducedNameSection(info: ModuleInfo, written: NameSection): Section | undefined {
  const sections = info.sections.filter(({ custom }) => custom?.name === "name");
  const [section] = sections;
  if (section === undefined || sections.length > 1 || section !== info.sections.at(-1)) return undefined;
  const writer = new ByteWriter();
  written.write(writer);
  const bytes = writer.finish();
  const isSame =
    bytes.length === section.end - section.start &&
    bytes.every((byte, index) => byte === info.bytes[section.start + index]);
  return isSame ? section : undefined;
}
