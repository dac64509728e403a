/**
 * Section surgery: makes a module linkable by name in a JavaScript engine, and its memories and tables the host's.
 *
 * Nothing here reads code, elements or data, and no index of the module changes: trap offsets move by a constant.
 *
 * @packageDocumentation
 */
import { writeExport, writeImport } from "../binary/extern-writer.ts";
import type { ExportInfo, ImportInfo, ModuleInfo, TableDefinition } from "../binary/module-info.ts";
import { findSection, SectionId } from "../binary/sections.ts";
import { typeCode } from "../binary/type-codes.ts";
import { writeMemoryType, writeTableType } from "../binary/type-writer.ts";
import { isNullable, type MemoryType, type TableType } from "../binary/types.ts";
import type { ByteWriter } from "../binary/writer.ts";
import { distinctKeys, freshExportPrefix, freshModuleName, type ImportKey } from "./import-keys.ts";
import { stampModuleName } from "./module-name.ts";
import { encode, SectionEditor } from "./section-editor.ts";

/** What to do with a module. What is left out stays as it is. */
export interface SurgeryPlan {
  /** Gives imports that share module and name a name of their own. */
  readonly uniqueImportNames?: boolean;
  /** Takes the start section out and exports the start function, so that the host can call it. */
  readonly deferStart?: boolean;
  /** The module's name in its name section: the part of a stack trace's URL that tells modules apart. */
  readonly moduleName?: string;
  /**
   * Which memories the module defines become imports. Imports have the lower indices, so one that stays keeps those
   * behind it too.
   */
  readonly importMemory?: (type: MemoryType) => boolean;
  /** As {@link importMemory}. Tables with an initialiser always stay, and those whose elements cannot be null. */
  readonly importTable?: (type: TableType) => boolean;
  /** Functions, tables, memories, globals and tags to export besides, under hidden names. */
  readonly exports?: readonly Pick<ExportInfo, "kind" | "index">[];
}

/** A module after surgery, with what its host has to know. */
export interface OperatedModule {
  /** The module: the very bytes that came in when there was nothing to do. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the engine looks for each import of the original module, in its order. */
  readonly importKeys: readonly ImportKey[];
  /** Where it looks for the memories that became imports: those with the indices from `info.imported.memory` on. */
  readonly memoryKeys: readonly ImportKey[];
  /** Where it looks for the tables that became imports: those with the indices from `info.imported.table` on. */
  readonly tableKeys: readonly ImportKey[];
  /** Name of the export the deferred start function has; undefined when there is none to call. */
  readonly startExport: string | undefined;
  /** Names of the exports in {@link SurgeryPlan.exports}, in the same order. */
  readonly exportNames: readonly string[];
  /** What to add to an offset in the code section of the original to get the one in {@link bytes}. */
  readonly codeOffsetDelta: number;
}

/**
 * Carries a plan out.
 *
 * @param info - the module, as the binary reader found it
 * @returns the new module; its index spaces are the original's
 */
export function operate(info: ModuleInfo, plan: SurgeryPlan): OperatedModule {
  const editor = new SectionEditor(info);
  const imports = editImports(editor, plan);
  const exports = editExports(editor, plan);
  if (plan.moduleName !== undefined) stampModuleName(editor, plan.moduleName);
  const { bytes, codePayload } = editor.finish();
  const codeOffsetDelta =
    codePayload === undefined ? 0 : codePayload - findSection(info, SectionId.code)!.payload;
  return { bytes, ...imports, ...exports, codeOffsetDelta };
}

function editImports(
  editor: SectionEditor,
  plan: SurgeryPlan,
): Pick<OperatedModule, "importKeys" | "memoryKeys" | "tableKeys"> {
  const { info } = editor;
  const importKeys = plan.uniqueImportNames ? distinctKeys(info.imports) : info.imports;
  const memories = prefixOf(info.memories.slice(info.imported.memory), plan.importMemory);
  const tables = prefixOf(info.definedTables, plan.importTable && importableTables(plan.importTable));
  const module = freshModuleName(info.imports, "wasmlink");
  const added: ImportInfo[] = [
    ...memories.map((desc, index) => ({ module, name: `memory${index}`, desc })),
    ...tables.map(({ type }, index) => ({ module, name: `table${index}`, desc: type })),
  ];

  if (importKeys.some(({ name }, index) => name !== info.imports[index]!.name)) {
    const renamed = info.imports.map(({ desc }, index) => ({ ...importKeys[index]!, desc }));
    editor.set(SectionId.import, [
      encode((writer) => writer.vec([...renamed, ...added], (entry) => writeImport(writer, entry))),
    ]);
  } else {
    editor.append(
      SectionId.import,
      added.length,
      encode((writer) => {
        for (const entry of added) writeImport(writer, entry);
      }),
    );
  }
  if (memories.length > 0) {
    const rest = info.memories.slice(info.imported.memory + memories.length);
    replaceVector(editor, SectionId.memory, rest, writeMemoryType);
  }
  if (tables.length > 0) {
    const rest = info.definedTables.slice(tables.length);
    replaceVector(editor, SectionId.table, rest, (writer, table) =>
      writeTableDefinition(writer, table, info.bytes),
    );
  }
  const keys = added.map(({ name }) => ({ module, name }));
  return { importKeys, memoryKeys: keys.slice(0, memories.length), tableKeys: keys.slice(memories.length) };
}

/** The longest run at the front of which every item passes. */
function prefixOf<T>(items: readonly T[], passes: ((item: T) => boolean) | undefined): readonly T[] {
  if (passes === undefined) return [];
  const end = items.findIndex((item) => !passes(item));
  return end < 0 ? items : items.slice(0, end);
}

/** A table made by the host is full of nulls. */
function importableTables(wanted: (type: TableType) => boolean): (table: TableDefinition) => boolean {
  return ({ type, init }) => init === undefined && isNullable(type.element) && wanted(type);
}

function writeTableDefinition(writer: ByteWriter, { type, init }: TableDefinition, bytes: Uint8Array): void {
  if (init !== undefined) {
    writer.u8(typeCode.empty);
    writer.u8(0);
  }
  writeTableType(writer, type);
  if (init !== undefined) writer.bytes(bytes.subarray(init.start, init.end));
}

function replaceVector<T>(
  editor: SectionEditor,
  id: number,
  items: readonly T[],
  write: (writer: ByteWriter, item: T) => void,
): void {
  if (items.length === 0) editor.remove(findSection(editor.info, id)!);
  else editor.set(id, [encode((writer) => writer.vec(items, (item) => write(writer, item)))]);
}

function editExports(
  editor: SectionEditor,
  plan: SurgeryPlan,
): Pick<OperatedModule, "startExport" | "exportNames"> {
  const { info } = editor;
  const deferred = plan.deferStart ? info.start : undefined;
  const prefix = freshExportPrefix(info, "wasmlink:");
  const added: ExportInfo[] = (plan.exports ?? []).map(({ kind, index }, position) => ({
    name: `${prefix}export${position}`,
    kind,
    index,
  }));
  const exportNames = added.map(({ name }) => name);
  let startExport: string | undefined;
  if (deferred !== undefined) {
    startExport = `${prefix}start`;
    added.push({ name: startExport, kind: "func", index: deferred });
    editor.remove(findSection(info, SectionId.start)!);
  }
  editor.append(
    SectionId.export,
    added.length,
    encode((writer) => {
      for (const entry of added) writeExport(writer, entry);
    }),
  );
  return { startExport, exportNames };
}
