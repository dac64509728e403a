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
import { readConstExpr } from "./instructions.ts";
import { checkLimit, type Limited, ModuleDraft } from "./module-draft.ts";
import type { ExternDesc, ModuleInfo, Section } from "./module-info.ts";
import { ByteReader, malformed } from "./reader.ts";
import { findSection, readSections, SectionId } from "./sections.ts";
import { compactForm, exactFuncKind, externKinds, typeCode } from "./type-codes.ts";
import { readGlobalType, readMemoryType, readRecursionGroup, readTableType } from "./type-reader.ts";

/**
 * Reads the structure of a module.
 *
 * @param bytes - a core module in the binary format; kept, not copied
 * @throws CompileError with the offset, for damage and for indices that lead nowhere
 */
export function decodeModule(bytes: Uint8Array<ArrayBuffer>): ModuleInfo {
  const draft = new ModuleDraft(bytes);
  let promisedData: number | undefined;
  for (const section of readSections(bytes)) {
    draft.sections.push(section);
    const reader = new ByteReader(bytes, section.payload, section.end);
    if (section.id === SectionId.dataCount) promisedData = readDataCount(reader);
    else readSection(draft, section, reader);
    if (section.id === SectionId.data && promisedData !== undefined && promisedData !== draft.dataCount) {
      reader.fail("data count and data section have inconsistent lengths", section.end);
    }
  }
  if (definedFunctions(draft) > 0 && !findSection(draft, SectionId.code)) {
    throw malformed("function section has non-zero count but code section is absent", bytes.length);
  }
  if (promisedData && !findSection(draft, SectionId.data)) {
    throw malformed("data count is non-zero but data section is absent", bytes.length);
  }
  return draft;
}

function readSection(draft: ModuleDraft, section: Section, reader: ByteReader): void {
  switch (section.id) {
    case SectionId.type:
      readEntries(reader, "types", 0, (offset) => draft.addGroup(readRecursionGroup(reader), offset));
      break;
    case SectionId.import:
      readEntries(reader, "imports", 0, (offset) => readImports(draft, reader, offset));
      break;
    case SectionId.function:
      readEntries(reader, "functions", draft.functions.length, (offset) =>
        draft.addFunction(reader.u32(), offset),
      );
      break;
    case SectionId.table:
      readEntries(reader, "tables", draft.tables.length, (offset) => readTable(draft, reader, offset));
      break;
    case SectionId.memory:
      readEntries(reader, "memories", draft.memories.length, (offset) =>
        draft.addMemory(readMemoryType(reader), offset),
      );
      break;
    case SectionId.tag:
      readEntries(reader, "tags", draft.tags.length, (offset) => draft.addTag(readTag(reader), offset));
      break;
    case SectionId.global:
      readEntries(reader, "globals", draft.globals.length, (offset) => {
        const type = readGlobalType(reader);
        draft.definedGlobals.push({ type, init: readConstExpr(reader) });
        draft.addGlobal(type, offset);
      });
      break;
    case SectionId.export:
      readEntries(reader, "exports", 0, (offset) => readExport(draft, reader, offset));
      break;
    case SectionId.start:
      draft.setStart(readSingle(reader, "start"), section.payload);
      break;
    case SectionId.element:
      draft.elementCount = readCount(reader, "element segments");
      break;
    case SectionId.code:
      checkBodyCount(draft, reader.u32(), section.payload);
      break;
    case SectionId.data:
      draft.dataCount = readCount(reader, "data segments");
      break;
  }
}

/**
 * Reads the entries of a section. Nothing is allocated from their count: each takes a byte at least.
 *
 * @param before - how many of the kind the module has already
 */
function readEntries(
  reader: ByteReader,
  what: Limited,
  before: number,
  read: (offset: number) => void,
): void {
  const count = readCount(reader, what, before);
  for (let index = 0; index < count; index++) read(reader.offset);
  if (!reader.done) reader.fail("section size mismatch: unexpected data at the end of the section");
}

function readCount(reader: ByteReader, what: Limited, before = 0): number {
  const payload = reader.offset;
  const count = reader.u32();
  checkLimit(what, before + count, payload);
  return count;
}

/** The one number of a section that holds nothing else. */
function readSingle(reader: ByteReader, section: string): number {
  const value = reader.u32();
  if (!reader.done) reader.fail(`unexpected content in the ${section} section`);
  return value;
}

function readDataCount(reader: ByteReader): number {
  const payload = reader.offset;
  const count = readSingle(reader, "data count");
  if (count > 100_000) reader.fail("data count section specifies too many data segments", payload);
  return count;
}

/**
 * One entry of the import section: an import, or the imports of one module in a compact form.
 *
 * Proposal: https://github.com/WebAssembly/compact-import-section
 */
function readImports(draft: ModuleDraft, reader: ByteReader, offset: number): void {
  const module = reader.name();
  const name = reader.name();
  const form = reader.peek();
  if (name === "" && form === compactForm.namesAndTypes) {
    reader.u8();
    draft.compactImports = true;
    for (let left = reader.u32(); left > 0; left--) {
      const start = reader.offset;
      draft.addImport({ module, name: reader.name(), desc: readImportDesc(reader) }, start);
    }
  } else if (name === "" && form === compactForm.names) {
    reader.u8();
    draft.compactImports = true;
    const desc = readImportDesc(reader);
    for (let left = reader.u32(); left > 0; left--) {
      const start = reader.offset;
      draft.addImport({ module, name: reader.name(), desc }, start);
    }
  } else {
    draft.addImport({ module, name, desc: readImportDesc(reader) }, offset);
  }
}

function readImportDesc(reader: ByteReader): ExternDesc {
  const code = reader.u8();
  if (code === exactFuncKind) return { kind: "func", typeIndex: reader.u32(), exact: true };
  switch (externKinds[code]) {
    case "func":
      return { kind: "func", typeIndex: reader.u32() };
    case "table":
      return readTableType(reader);
    case "memory":
      return readMemoryType(reader);
    case "global":
      return readGlobalType(reader);
    case "tag":
      return { kind: "tag", typeIndex: readTag(reader) };
    default:
      return invalidKind(reader, code);
  }
}

/** @returns the type index */
function readTag(reader: ByteReader): number {
  if (reader.u8() !== 0) reader.fail("invalid tag attributes", reader.offset - 1);
  return reader.u32();
}

function readTable(draft: ModuleDraft, reader: ByteReader, offset: number): void {
  // The byte of the empty block type, then a zero, announce an initialiser.
  const hasInit = reader.peek() === typeCode.empty;
  if (hasInit) {
    reader.u8();
    if (reader.u8() !== 0) reader.fail("invalid table encoding", reader.offset - 1);
  }
  const type = readTableType(reader);
  draft.definedTables.push(hasInit ? { type, init: readConstExpr(reader) } : { type });
  draft.addTable(type, offset);
}

function readExport(draft: ModuleDraft, reader: ByteReader, offset: number): void {
  const name = reader.name();
  const code = reader.u8();
  if (code === exactFuncKind) reader.fail("Exact type is not allowed in the exports");
  const kind = externKinds[code] ?? invalidKind(reader, code);
  draft.addExport({ name, kind, index: reader.u32() }, offset);
}

function invalidKind(reader: ByteReader, code: number): never {
  return reader.fail(`invalid leading byte (0x${code.toString(16)}) for external kind`, reader.offset - 1);
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
