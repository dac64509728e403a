/**
 * Section surgery: makes a module linkable by name in a JavaScript engine, and its memories and tables the host's.
 *
 * Nothing here reads code, elements or data.
 *
 * @packageDocumentation
 */
import { writeExport, writeImport } from "../binary/extern-writer.ts";
import type {
  ExportInfo,
  ExternDesc,
  ImportInfo,
  ModuleInfo,
  TableDefinition,
} from "../binary/module-info.ts";
import { findSection, SectionId } from "../binary/sections.ts";
import { typeCode } from "../binary/type-codes.ts";
import { writeMemoryType, writeTableType } from "../binary/type-writer.ts";
import { isNullable, type MemoryType, type TableType } from "../binary/types.ts";
import type { ByteWriter } from "../binary/writer.ts";
import { distinctKeys, freshExportPrefix, freshModuleName, type ImportKey } from "./import-keys.ts";
import { type IndexShifts, isMoving, shifted, shiftedExprs } from "./index-shift.ts";
import { stampIndices, stampModuleName } from "./module-name.ts";
import { encode, SectionEditor } from "./section-editor.ts";

/** What to do with a module. What is left out stays as it is. */
export interface SurgeryPlan {
  /** Gives imports that share module and name a name of their own. */
  readonly uniqueImportNames?: boolean;
  /** Takes the start section out and exports the start function, so that the host can call it. */
  readonly deferStart?: boolean;
  /** The module's name in its name section: the part of a stack trace's URL that tells modules apart. */
  readonly moduleName?: string;
  /** With {@link moduleName}: names functions by their indices instead of keeping their names. */
  readonly nameByIndex?: boolean;
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

/** What instrumentation wants of the sections besides. */
export interface Extras {
  /** Imports of the host, behind all others of their kind. */
  readonly imports: readonly { readonly name: string; readonly desc: ExternDesc }[];
  /** Exports under hidden names; indices as they are after the operation. */
  readonly exports: readonly (Pick<ExportInfo, "kind" | "index"> & { readonly name: string })[];
  readonly shifts: IndexShifts;
}

/** The names that were given to {@link Extras}. */
export interface ExtraNames {
  /** Module name of all imports of the host. */
  readonly hostModule: string;
  /** In front of the names of hidden exports. */
  readonly exportPrefix: string;
}

const inPlace = { from: 0, by: 0 };
const noExtras: Extras = { imports: [], exports: [], shifts: { functions: inPlace, globals: inPlace } };

/**
 * Carries a plan out.
 *
 * @param info - the module, as the binary reader found it
 * @returns the new module; its index spaces are the original's
 */
export function operate(info: ModuleInfo, plan: SurgeryPlan): OperatedModule {
  const editor = new SectionEditor(info);
  const edited = editSections(editor, plan, noExtras);
  const { bytes, codePayload } = editor.finish();
  const codeOffsetDelta =
    codePayload === undefined ? 0 : codePayload - findSection(info, SectionId.code)!.payload;
  return { ...edited, bytes, codeOffsetDelta };
}

/** Everything about sections but the last step. @internal */
export function editSections(
  editor: SectionEditor,
  plan: SurgeryPlan,
  extras: Extras,
): Omit<OperatedModule, "bytes" | "codeOffsetDelta"> & ExtraNames {
  const imports = editImports(editor, plan, extras);
  editTables(editor, imports.tableKeys.length, extras.shifts);
  const exports = editExports(editor, plan, extras);
  if (plan.moduleName !== undefined) {
    if (plan.nameByIndex) stampIndices(editor, plan.moduleName, extras.shifts.functions);
    else stampModuleName(editor, plan.moduleName);
  }
  return { ...imports, ...exports };
}

function editImports(editor: SectionEditor, plan: SurgeryPlan, extras: Extras) {
  const { info } = editor;
  const importKeys = plan.uniqueImportNames ? distinctKeys(info.imports) : info.imports;
  const memories = prefixOf(info.memories.slice(info.imported.memory), plan.importMemory);
  const tables = prefixOf(info.definedTables, plan.importTable && importableTables(plan.importTable));
  const hostModule = freshModuleName(info.imports, "wasmlink");
  const ofHost = (name: string, desc: ExternDesc): ImportInfo => ({ module: hostModule, name, desc });
  const added = [
    ...memories.map((type, index) => ofHost(`memory${index}`, type)),
    ...tables.map(({ type }, index) => ofHost(`table${index}`, type)),
    ...extras.imports.map(({ name, desc }) => ofHost(name, desc)),
  ];

  if (importKeys.some(({ name }, index) => name !== info.imports[index]!.name)) {
    const renamed = info.imports.map(({ desc }, index) => ({ ...importKeys[index]!, desc }));
    editor.replace(SectionId.import, renamed.length, [encodeAll(renamed, writeImport)]);
  }
  editor.append(SectionId.import, added.length, encodeAll(added, writeImport));
  if (memories.length > 0) {
    const rest = info.memories.slice(info.imported.memory + memories.length);
    editor.replace(SectionId.memory, rest.length, [encodeAll(rest, writeMemoryType)]);
  }
  const keys = added.map(({ module, name }) => ({ module, name }));
  return {
    importKeys,
    memoryKeys: keys.slice(0, memories.length),
    tableKeys: keys.slice(memories.length, memories.length + tables.length),
    hostModule,
  };
}

function encodeAll<T>(items: readonly T[], write: (writer: ByteWriter, item: T) => void): Uint8Array {
  return encode((writer) => {
    for (const item of items) write(writer, item);
  });
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

/** Drops the definitions that became imports, and moves indices in the initialisers of the others. */
function editTables(editor: SectionEditor, imported: number, shifts: IndexShifts): void {
  const { bytes, definedTables } = editor.info;
  if (imported === 0 && (!isMoving(shifts) || definedTables.every(({ init }) => init === undefined))) return;
  const rest = definedTables.slice(imported);
  const entries = encodeAll(rest, (writer, { type, init }) => {
    if (init !== undefined) {
      writer.u8(typeCode.empty);
      writer.u8(0);
    }
    writeTableType(writer, type);
    if (init === undefined) return;
    for (const piece of shiftedExprs(bytes, init, [init], shifts)) writer.bytes(piece);
  });
  editor.replace(SectionId.table, rest.length, [entries]);
}

function editExports(editor: SectionEditor, plan: SurgeryPlan, extras: Extras) {
  const { info } = editor;
  const { functions, globals } = extras.shifts;
  const exportPrefix = freshExportPrefix(info, "wasmlink:");
  const hidden = (name: string, { kind, index }: Pick<ExportInfo, "kind" | "index">): ExportInfo => ({
    name: exportPrefix + name,
    kind,
    index,
  });
  const moved = ({ name, kind, index }: ExportInfo): ExportInfo => ({
    name,
    kind,
    index: kind === "global" ? shifted(index, globals) : kind === "func" ? shifted(index, functions) : index,
  });
  const wished = (plan.exports ?? []).map((entry, position) => moved(hidden(`export${position}`, entry)));
  const added = [...wished, ...extras.exports.map((entry) => hidden(entry.name, entry))];
  let startExport: string | undefined;
  if (plan.deferStart && info.start !== undefined) {
    startExport = `${exportPrefix}start`;
    added.push(moved({ name: startExport, kind: "func", index: info.start }));
    editor.remove(findSection(info, SectionId.start)!);
  }
  if (info.exports.some((entry) => moved(entry).index !== entry.index)) {
    editor.replace(SectionId.export, info.exports.length, [encodeAll(info.exports.map(moved), writeExport)]);
  }
  editor.append(SectionId.export, added.length, encodeAll(added, writeExport));
  return { startExport, exportNames: wished.map(({ name }) => name), exportPrefix };
}
