/**
 * Which proposals the sections of a module need, in wasmparser's words for the case that one is off.
 *
 * @packageDocumentation
 */
import { readEntries, readGlobal, readImports, readTable } from "./entries.ts";
import { type FeatureGates, typeFeatures } from "./feature-gates.ts";
import type { InstructionGates } from "./feature-instructions.ts";
import { InstructionCursor } from "./instructions.ts";
import type { ExprRange, ModuleInfo, SubType } from "./module-info.ts";
import type { Feature } from "./opcodes.ts";
import { ByteReader } from "./reader.ts";
import { SectionId } from "./sections.ts";
import { readDataSegments, readElementSegments } from "./segments.ts";
import { limitsFlag, typeCode } from "./type-codes.ts";
import { readMemoryType, readRecursionGroup } from "./type-reader.ts";
import { heapTypeOf, isRefType, type MemoryType, type TableType, type ValType } from "./types.ts";

/** The proposals that can show in a constant expression when the type section does not show them. */
const constFeatures: readonly Feature[] = [
  "simd",
  "referenceTypes",
  "functionReferences",
  "gc",
  "exceptions",
  "extendedConst",
];
const memoryFeatures: readonly Feature[] = ["memory64", "threads", "multiMemory", "customPageSizes"];

/** The proposals that can show in a section, function bodies aside. */
const sectionFeatures = new Map<number, readonly Feature[]>([
  [SectionId.type, [...typeFeatures, "multiValue"]],
  [SectionId.import, [...typeFeatures, ...memoryFeatures]],
  [SectionId.table, [...typeFeatures, ...constFeatures, "memory64"]],
  [SectionId.memory, memoryFeatures],
  [SectionId.tag, ["exceptions"]],
  [SectionId.global, [...typeFeatures, ...constFeatures]],
  [SectionId.element, [...constFeatures, "bulkMemory"]],
  [SectionId.data, [...constFeatures, "bulkMemory"]],
]);

/** Checks the sections in which a proposal that is off could show. */
export function checkSections(info: ModuleInfo, gates: FeatureGates, instructions: InstructionGates): void {
  const { bytes } = info;
  const checkExpr = ({ start, end }: ExprRange) =>
    instructions.checkConstExpr(new InstructionCursor(bytes, start, end), info.imported.global);
  for (const { id, payload, end } of info.sections) {
    const features = sectionFeatures.get(id);
    if (features === undefined || !gates.lacksAny(features)) continue;
    const reader = new ByteReader(bytes, payload, end);
    switch (id) {
      case SectionId.type:
        checkTypes(reader, gates);
        break;
      case SectionId.import:
        checkImports(reader, gates);
        break;
      case SectionId.table:
        if (info.tables.length > 1) requireTables(gates, payload);
        readEntries(reader, (offset) => {
          const { type, init } = readTable(reader);
          checkTable(type, gates, offset);
          if (init === undefined) return;
          const complaint = "tables with expression initializers require the function-references proposal";
          gates.require("functionReferences", complaint, offset);
          checkExpr(init);
        });
        break;
      case SectionId.memory:
        if (info.memories.length > 1) requireMemories(gates, payload);
        readEntries(reader, (offset) => {
          const flags = reader.peek();
          checkMemory(readMemoryType(reader), flags, gates, offset);
        });
        break;
      case SectionId.tag:
        requireTags(gates, payload);
        break;
      case SectionId.global:
        readEntries(reader, (offset) => {
          const { type, init } = readGlobal(reader);
          gates.valType(type.content, offset);
          checkExpr(init);
        });
        break;
      case SectionId.element:
        for (const { start, mode, type, offset, items } of readElementSegments(info)) {
          if (items.kind === "expressions") gates.refType(type, start);
          if (mode !== "active") gates.require("bulkMemory", "bulk memory must be enabled", start);
          if (offset !== undefined) checkExpr(offset);
          if (items.kind === "expressions") items.expressions.forEach(checkExpr);
        }
        break;
      case SectionId.data: {
        const complaint = "passive data segments require the bulk-memory proposal";
        for (const { start, offset } of readDataSegments(info)) {
          if (offset === undefined) gates.require("bulkMemory", complaint, start);
          else checkExpr(offset);
        }
        break;
      }
    }
  }
}

function requireTables(gates: FeatureGates, offset: number): void {
  gates.require("referenceTypes", "multiple tables", offset);
}

function requireMemories(gates: FeatureGates, offset: number): void {
  gates.require("multiMemory", "multiple memories", offset);
}

function requireTags(gates: FeatureGates, offset: number): void {
  gates.require("exceptions", "exceptions proposal not enabled", offset);
}

function checkTypes(reader: ByteReader, gates: FeatureGates): void {
  let first = 0;
  readEntries(reader, (offset) => {
    if (reader.peek() === typeCode.rec) {
      gates.require("gc", "rec group usage requires `gc` proposal to be enabled", offset);
    }
    const group = readRecursionGroup(reader);
    for (const type of group) checkRecursion(type, first, gates, offset);
    for (const type of group) checkSubType(type, gates, offset);
    first += group.length;
  });
}

/** The value types a defined type is made of. */
function componentsOf({ composite }: SubType): readonly ValType[] {
  if (composite.kind === "func") return [...composite.params, ...composite.results];
  const fields = composite.kind === "struct" ? composite.fields : [composite.element];
  return fields.map(({ storage }) => storage).filter((storage) => storage !== "i8" && storage !== "i16");
}

/** @param first - first type index of the type's recursion group */
function checkRecursion(type: SubType, first: number, gates: FeatureGates, offset: number): void {
  for (const component of componentsOf(type)) {
    const heap = isRefType(component) ? heapTypeOf(component) : undefined;
    if (typeof heap !== "object" || heap.typeIndex < first) continue;
    const complaint = `unknown type ${heap.typeIndex}: type index out of bounds because the GC proposal is disabled`;
    gates.require("gc", complaint, offset);
  }
}

function checkSubType(type: SubType, gates: FeatureGates, offset: number): void {
  const { composite, final, supertypes, describes, descriptor } = type;
  if (!final || supertypes.length > 0) {
    gates.require("gc", "gc proposal must be enabled to use subtypes", offset);
  }
  if (composite.kind !== "func") {
    const complaint = `${composite.kind} indexed types not supported without the gc feature`;
    gates.require("gc", complaint, offset);
  }
  for (const component of componentsOf(type)) gates.valType(component, offset);
  if (composite.kind === "func" && composite.results.length > 1) {
    const complaint = "func type returns multiple values but the multi-value feature is not enabled";
    gates.require("multiValue", complaint, offset);
  }
  if (describes !== undefined || descriptor !== undefined) {
    const complaint = "custom descriptors proposal must be enabled to use descriptor and describes";
    gates.require("customDescriptors", complaint, offset);
  }
}

function checkImports(reader: ByteReader, gates: FeatureGates): void {
  let tables = 0;
  let memories = 0;
  readEntries(reader, () => {
    readImports(reader, ({ desc }, offset, kindOffset) => {
      switch (desc.kind) {
        case "func":
          if (desc.exact)
            gates.require("customDescriptors", "custom descriptors required for exact imports", offset);
          break;
        case "table":
          checkTable(desc, gates, offset);
          if (++tables > 1) requireTables(gates, offset);
          break;
        case "memory":
          checkMemory(desc, reader.bytes[kindOffset + 1]!, gates, offset);
          if (++memories > 1) requireMemories(gates, offset);
          break;
        case "global":
          gates.valType(desc.content, offset);
          break;
        case "tag":
          requireTags(gates, offset);
          break;
      }
    });
  });
}

function checkTable(type: TableType, gates: FeatureGates, offset: number): void {
  // WebAssembly 1.0 has tables of funcref, too.
  if (type.element !== "funcref") gates.refType(type.element, offset);
  if (type.address === "i64") {
    gates.require("memory64", "memory64 must be enabled for 64-bit tables", offset);
  }
}

/** @param flags - the type's byte of flags: a page size may be spelled out that is the usual one */
function checkMemory(type: MemoryType, flags: number, gates: FeatureGates, offset: number): void {
  if (type.address === "i64") {
    gates.require("memory64", "memory64 must be enabled for 64-bit memories", offset);
  }
  if (type.shared) gates.require("threads", "threads must be enabled for shared memories", offset);
  if (flags & limitsFlag.pageSize) {
    const complaint = "the custom page sizes proposal must be enabled to customize a memory's page size";
    gates.require("customPageSizes", complaint, offset);
  }
}
