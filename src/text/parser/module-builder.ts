/**
 * What the fields of a module share while they are parsed: the names, the types and the growing sections.
 *
 * @packageDocumentation
 */
import { SectionId } from "../../binary/sections.ts";
import { ByteWriter } from "../../binary/writer.ts";
import { type Anchor, CustomSections } from "./custom-sections.ts";
import { DefinedTypes } from "./defined-types.ts";
import { Entries } from "./entries.ts";
import { IndexSpaces } from "./index-space.ts";
import { NameSection } from "./name-section.ts";

export class ModuleBuilder {
  readonly spaces = new IndexSpaces();
  readonly names = new NameSection();
  readonly types = new DefinedTypes(this.spaces.type, this.names);
  readonly customs = new CustomSections();
  readonly imports = new Entries();
  readonly functions = new Entries();
  readonly tables = new Entries();
  readonly memories = new Entries();
  readonly tags = new Entries();
  readonly globals = new Entries();
  readonly exports = new Entries();
  readonly elements = new Entries();
  readonly code = new Entries();
  readonly data = new Entries();
  /** Index of the next definition of each kind, in the order of the text. */
  readonly next = { func: 0, table: 0, memory: 0, global: 0, tag: 0, elem: 0, data: 0 };
  /** Function index of the start function. */
  start: number | undefined;
  /** Whether there is a data count section: where an instruction names a data segment, or `(@data_count)` asks. */
  hasDataCount = false;
  readonly branchHints: [
    functionIndex: number,
    hints: readonly (readonly [offset: number, likely: number])[],
  ][] = [];

  /** The module's bytes. */
  finish(): Uint8Array<ArrayBuffer> {
    const { code, customs } = this;
    const writer = new ByteWriter(code.writer.length + 1024);
    writer.preamble();
    customs.write(writer, "before first");
    this.#section(writer, "type", SectionId.type, this.types.entries);
    this.#section(writer, "import", SectionId.import, this.imports);
    this.#section(writer, "func", SectionId.function, this.functions);
    this.#section(writer, "table", SectionId.table, this.tables);
    this.#section(writer, "memory", SectionId.memory, this.memories);
    this.#section(writer, "tag", SectionId.tag, this.tags);
    this.#section(writer, "global", SectionId.global, this.globals);
    this.#section(writer, "export", SectionId.export, this.exports);
    this.#anchored(writer, "start", () => this.#writeStart(writer));
    this.#section(writer, "elem", SectionId.element, this.elements);
    if (this.hasDataCount) writer.section(SectionId.dataCount, () => writer.u32(this.data.count));
    this.#anchored(writer, "code", () => {
      this.#writeBranchHints(writer);
      writeEntries(writer, SectionId.code, code);
    });
    this.#section(writer, "data", SectionId.data, this.data);
    customs.write(writer, "after last");
    // A name section in the module's own words is the one that counts.
    if (!customs.has("name")) this.names.write(writer);
    return writer.finish();
  }

  #section(writer: ByteWriter, anchor: Anchor, id: number, entries: Entries): void {
    this.#anchored(writer, anchor, () => writeEntries(writer, id, entries));
  }

  #anchored(writer: ByteWriter, anchor: Anchor, write: () => void): void {
    this.customs.write(writer, `before ${anchor}`);
    write();
    this.customs.write(writer, `after ${anchor}`);
  }

  #writeStart(writer: ByteWriter): void {
    const { start } = this;
    if (start !== undefined) writer.section(SectionId.start, () => writer.u32(start));
  }

  /** Branch hinting proposal: the section stands in front of the code it speaks about. */
  #writeBranchHints(writer: ByteWriter): void {
    if (this.branchHints.length === 0) return;
    writer.customSection("metadata.code.branch_hint", () =>
      writer.vec(this.branchHints, ([index, hints]) => {
        writer.u32(index);
        writer.vec(hints, ([offset, likely]) => {
          writer.u32(offset);
          writer.u32(1);
          writer.u8(likely);
        });
      }),
    );
  }
}

function writeEntries(writer: ByteWriter, id: number, entries: Entries): void {
  if (entries.count === 0) return;
  writer.section(id, () => {
    writer.u32(entries.count);
    writer.bytes(entries.writer.finish());
  });
}
