/**
 * A module's structure while it is being read: what is added is checked first.
 *
 * @packageDocumentation
 */
import type {
  ExportInfo,
  GlobalDefinition,
  ImportInfo,
  ModuleInfo,
  RecursionGroup,
  Section,
  SubType,
  TableDefinition,
} from "./module-info.ts";
import { malformed } from "./reader.ts";
import { checkMemoryType, checkTableType, checkTypeIndices, checkValType } from "./type-checks.ts";
import type { ExternKind, FuncSignature, GlobalType, MemoryType, TableType } from "./types.ts";

/** wasmparser's bounds; they bound memory, and the message names them. */
const limits = {
  types: 1_000_000,
  imports: 1_000_000,
  functions: 1_000_000,
  tables: 100,
  memories: 100,
  tags: 1_000_000,
  globals: 1_000_000,
  exports: 1_000_000,
  "element segments": 100_000,
  "data segments": 100_000,
} as const;

/** What a module can hold only so many of. */
export type Limited = keyof typeof limits;

/** Complains when a module has more of something than wasmtime takes. */
export function checkLimit(what: Limited, count: number, offset: number): void {
  if (count > limits[what]) throw malformed(`${what} count exceeds limit of ${limits[what]}`, offset);
}

/** The arguments called `offset` are where the entry starts: wasmparser's place for a complaint about it. */
export class ModuleDraft implements ModuleInfo {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sections: Section[] = [];
  readonly types: SubType[] = [];
  readonly groups: RecursionGroup[] = [];
  readonly imports: ImportInfo[] = [];
  readonly exports: ExportInfo[] = [];
  readonly functions: number[] = [];
  readonly tables: TableType[] = [];
  readonly memories: MemoryType[] = [];
  readonly globals: GlobalType[] = [];
  readonly tags: number[] = [];
  compactImports = false;
  readonly imported = { func: 0, table: 0, memory: 0, global: 0, tag: 0 };
  readonly definedTables: TableDefinition[] = [];
  readonly definedGlobals: GlobalDefinition[] = [];
  start: number | undefined;
  elementCount = 0;
  dataCount = 0;
  promisedDataCount: number | undefined;
  readonly #exportNames = new Set<string>();

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
  }

  addGroup(types: readonly SubType[], offset: number): void {
    const first = this.types.length;
    checkLimit("types", first + types.length, offset);
    this.groups.push({ first, length: types.length });
    for (const type of types) this.types.push(type);
    for (let index = first; index < this.types.length; index++) checkTypeIndices(this.types, index, offset);
  }

  addFunction(typeIndex: number, offset: number): void {
    this.#funcType(typeIndex, offset);
    checkLimit("functions", this.functions.push(typeIndex), offset);
  }

  addTable(type: TableType, offset: number): void {
    checkTableType(type, this.types, offset);
    checkLimit("tables", this.tables.push(type), offset);
  }

  addMemory(type: MemoryType, offset: number): void {
    checkMemoryType(type, offset);
    checkLimit("memories", this.memories.push(type), offset);
  }

  defineTable(definition: TableDefinition, offset: number): void {
    this.addTable(definition.type, offset);
    this.definedTables.push(definition);
  }

  addGlobal(type: GlobalType, offset: number): void {
    checkValType(type.content, this.types, offset);
    checkLimit("globals", this.globals.push(type), offset);
  }

  defineGlobal(definition: GlobalDefinition, offset: number): void {
    this.addGlobal(definition.type, offset);
    this.definedGlobals.push(definition);
  }

  addTag(typeIndex: number, offset: number): void {
    if (this.#funcType(typeIndex, offset).results.length > 0) {
      throw malformed("invalid exception type: non-empty tag result type", offset);
    }
    checkLimit("tags", this.tags.push(typeIndex), offset);
  }

  addImport(entry: ImportInfo, offset: number): void {
    const { desc } = entry;
    switch (desc.kind) {
      case "func":
        this.addFunction(desc.typeIndex, offset);
        break;
      case "table":
        this.addTable(desc, offset);
        break;
      case "memory":
        this.addMemory(desc, offset);
        break;
      case "global":
        this.addGlobal(desc, offset);
        break;
      case "tag":
        this.addTag(desc.typeIndex, offset);
        break;
    }
    this.imported[desc.kind]++;
    this.imports.push(entry);
  }

  addExport(entry: ExportInfo, offset: number): void {
    const { name, kind, index } = entry;
    if (index >= this.#space(kind).length) {
      const what = kind === "func" ? "function" : kind;
      throw malformed(`unknown ${what} ${index}: exported ${what} index out of bounds`, offset);
    }
    if (this.#exportNames.has(name)) {
      throw malformed(`duplicate export name \`${name}\` already defined`, offset);
    }
    this.#exportNames.add(name);
    this.exports.push(entry);
  }

  setStart(index: number, offset: number): void {
    const typeIndex = this.functions[index];
    if (typeIndex === undefined) {
      throw malformed(`unknown function ${index}: func index out of bounds`, offset);
    }
    const { params, results } = this.#funcType(typeIndex, offset);
    if (params.length > 0 || results.length > 0) throw malformed("invalid start function type", offset);
    this.start = index;
  }

  /** Takes what the data count section says. */
  promiseData(count: number, offset: number): void {
    if (count > limits["data segments"]) {
      throw malformed("data count section specifies too many data segments", offset);
    }
    this.promisedDataCount = count;
  }

  /** Takes what the data section says. */
  setDataCount(count: number, section: Section): void {
    if (this.promisedDataCount !== undefined && this.promisedDataCount !== count) {
      throw malformed("data count and data section have inconsistent lengths", section.end);
    }
    checkLimit("data segments", count, section.payload);
    this.dataCount = count;
  }

  #funcType(typeIndex: number, offset: number): FuncSignature {
    const type = this.types[typeIndex];
    if (type === undefined) throw malformed(`unknown type ${typeIndex}: type index out of bounds`, offset);
    if (type.composite.kind === "func") return type.composite;
    throw malformed(`type index ${typeIndex} is not a function type`, offset);
  }

  #space(kind: ExternKind): ArrayLike<unknown> {
    switch (kind) {
      case "func":
        return this.functions;
      case "table":
        return this.tables;
      case "memory":
        return this.memories;
      case "global":
        return this.globals;
      case "tag":
        return this.tags;
    }
  }
}
