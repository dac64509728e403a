/**
 * Decoders of the entries that the sections of a module list.
 *
 * Spec: https://webassembly.github.io/spec/core/binary/modules.html
 *
 * @packageDocumentation
 */
import { readConstExpr } from "./instructions.ts";
import type { ExportInfo, ExternDesc, GlobalDefinition, ImportInfo, TableDefinition } from "./module-info.ts";
import type { ByteReader } from "./reader.ts";
import { compactForm, exactFuncKind, externKinds, typeCode } from "./type-codes.ts";
import { readGlobalType, readMemoryType, readTableType } from "./type-reader.ts";

/**
 * Reads the entries of a section one by one, up to the section's end. Nothing is allocated from their count: each
 * takes a byte at least.
 *
 * @param read - reads one entry; is given its offset
 */
export function readEntries(reader: ByteReader, read: (offset: number) => void): void {
  for (let left = reader.u32(); left > 0; left--) read(reader.offset);
  if (!reader.done) reader.fail("section size mismatch: unexpected data at the end of the section");
}

/**
 * Reads one entry of the import section: an import, or the imports of one module in a compact form.
 *
 * Proposal: https://github.com/WebAssembly/compact-import-section
 *
 * @param add - is given each import, its offset, and the offset of its kind byte
 * @returns whether the form is a compact one
 */
export function readImports(
  reader: ByteReader,
  add: (entry: ImportInfo, offset: number, kindOffset: number) => void,
): boolean {
  const start = reader.offset;
  const module = reader.name();
  const name = reader.name();
  const kindOffset = reader.offset;
  const form = name === "" ? reader.peek() : 0;
  if (form === compactForm.namesAndTypes) {
    reader.u8();
    for (let left = reader.u32(); left > 0; left--) {
      const offset = reader.offset;
      const name = reader.name();
      const kindOffset = reader.offset;
      add({ module, name, desc: readExternDesc(reader) }, offset, kindOffset);
    }
    return true;
  }
  if (form === compactForm.names) {
    reader.u8();
    const desc = readExternDesc(reader);
    for (let left = reader.u32(); left > 0; left--) {
      const offset = reader.offset;
      add({ module, name: reader.name(), desc }, offset, kindOffset + 1);
    }
    return true;
  }
  add({ module, name, desc: readExternDesc(reader) }, start, kindOffset);
  return false;
}

function readExternDesc(reader: ByteReader): ExternDesc {
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

function invalidKind(reader: ByteReader, code: number): never {
  return reader.fail(`invalid leading byte (0x${code.toString(16)}) for external kind`, reader.offset - 1);
}

/** @returns the type index */
export function readTag(reader: ByteReader): number {
  if (reader.u8() !== 0) reader.fail("invalid tag attributes", reader.offset - 1);
  return reader.u32();
}

export function readTable(reader: ByteReader): TableDefinition {
  // The byte of the empty block type, then a zero, announce an initialiser.
  if (reader.peek() !== typeCode.empty) return { type: readTableType(reader) };
  reader.u8();
  if (reader.u8() !== 0) reader.fail("invalid table encoding", reader.offset - 1);
  return { type: readTableType(reader), init: readConstExpr(reader) };
}

export function readGlobal(reader: ByteReader): GlobalDefinition {
  return { type: readGlobalType(reader), init: readConstExpr(reader) };
}

export function readExport(reader: ByteReader): ExportInfo {
  const name = reader.name();
  const code = reader.u8();
  if (code === exactFuncKind) reader.fail("Exact type is not allowed in the exports");
  const kind = externKinds[code] ?? invalidKind(reader, code);
  return { name, kind, index: reader.u32() };
}
