/**
 * The binary reader: structure and types of a module, without a look at code, elements or data.
 *
 * What it cannot do without is checked here, in wasmparser's words: the format of the sections it reads, their order
 * and counts, and every index that a reader of {@link ModuleInfo} follows. The rest of validation is the engine's.
 *
 * Spec: https://webassembly.github.io/spec/core/binary/modules.html
 *
 * @packageDocumentation
 */
import { readEntries, readExport, readGlobal, readImports, readTable, readTag } from "./entries.ts";
import { checkLimit, type Limited, ModuleDraft } from "./module-draft.ts";
import type { ModuleInfo, Section } from "./module-info.ts";
import { ByteReader, malformed } from "./reader.ts";
import { findSection, readSections, SectionId } from "./sections.ts";
import { readMemoryType, readRecursionGroup } from "./type-reader.ts";

/**
 * Reads the structure of a module.
 *
 * @param bytes - a core module in the binary format; kept, not copied
 * @throws CompileError with the offset, for damage and for indices that lead nowhere
 */
export function decodeModule(bytes: Uint8Array<ArrayBuffer>): ModuleInfo {
  const draft = new ModuleDraft(bytes);
  for (const section of readSections(bytes)) {
    draft.sections.push(section);
    readSection(draft, section, new ByteReader(bytes, section.payload, section.end));
  }
  if (definedFunctions(draft) > 0 && !findSection(draft, SectionId.code)) {
    throw malformed("function section has non-zero count but code section is absent", bytes.length);
  }
  if (draft.promisedDataCount && !findSection(draft, SectionId.data)) {
    throw malformed("data count is non-zero but data section is absent", bytes.length);
  }
  return draft;
}

function readSection(draft: ModuleDraft, section: Section, reader: ByteReader): void {
  switch (section.id) {
    case SectionId.type:
      checkCount(reader, "types", 0);
      readEntries(reader, (offset) => draft.addGroup(readRecursionGroup(reader), offset));
      break;
    case SectionId.import:
      checkCount(reader, "imports", 0);
      readEntries(reader, () => {
        if (readImports(reader, (entry, offset) => draft.addImport(entry, offset))) {
          draft.compactImports = true;
        }
      });
      break;
    case SectionId.function:
      checkCount(reader, "functions", draft.functions.length);
      readEntries(reader, (offset) => draft.addFunction(reader.u32(), offset));
      break;
    case SectionId.table:
      checkCount(reader, "tables", draft.tables.length);
      readEntries(reader, (offset) => draft.defineTable(readTable(reader), offset));
      break;
    case SectionId.memory:
      checkCount(reader, "memories", draft.memories.length);
      readEntries(reader, (offset) => draft.addMemory(readMemoryType(reader), offset));
      break;
    case SectionId.tag:
      checkCount(reader, "tags", draft.tags.length);
      readEntries(reader, (offset) => draft.addTag(readTag(reader), offset));
      break;
    case SectionId.global:
      checkCount(reader, "globals", draft.globals.length);
      readEntries(reader, (offset) => draft.defineGlobal(readGlobal(reader), offset));
      break;
    case SectionId.export:
      checkCount(reader, "exports", 0);
      readEntries(reader, (offset) => draft.addExport(readExport(reader), offset));
      break;
    case SectionId.start:
      draft.setStart(readSingle(reader, "start"), section.payload);
      break;
    case SectionId.element:
      draft.elementCount = checkCount(reader, "element segments", 0);
      break;
    case SectionId.dataCount:
      draft.promiseData(readSingle(reader, "data count"), section.payload);
      break;
    case SectionId.code:
      checkBodyCount(draft, reader.u32(), section.payload);
      break;
    case SectionId.data:
      draft.setDataCount(reader.u32(), section);
      break;
  }
}

/**
 * Checks the count a section starts with, which stays unread.
 *
 * @param before - how many of the kind the module has already
 */
function checkCount(reader: ByteReader, what: Limited, before: number): number {
  const start = reader.offset;
  const count = reader.u32();
  checkLimit(what, before + count, start);
  reader.offset = start;
  return count;
}

/** The one number of a section that holds nothing else. */
function readSingle(reader: ByteReader, section: string): number {
  const value = reader.u32();
  if (!reader.done) reader.fail(`unexpected content in the ${section} section`);
  return value;
}

function definedFunctions(draft: ModuleDraft): number {
  return draft.functions.length - draft.imported.func;
}

function checkBodyCount(draft: ModuleDraft, count: number, offset: number): void {
  if (count === definedFunctions(draft)) return;
  throw malformed(
    findSection(draft, SectionId.function)
      ? "function and code section have inconsistent lengths"
      : "function section is absent but code section has non-zero count",
    offset,
  );
}
