/**
 * What the binary reader finds out about a module without reading a function body.
 *
 * Type indices inside are the module's own. Byte offsets count from the start of the module.
 *
 * @packageDocumentation
 */
import type { ExternKind, FuncSignature, GlobalType, MemoryType, TableType, ValType } from "./types.ts";

/** A field of a struct or the element of an array: a value type, or a packed integer. */
export interface FieldType {
  readonly storage: ValType | "i8" | "i16";
  readonly mutable: boolean;
}

/** The three shapes a defined type can have. */
export type CompositeType =
  | ({ readonly kind: "func" } & FuncSignature)
  | { readonly kind: "struct"; readonly fields: readonly FieldType[] }
  | { readonly kind: "array"; readonly element: FieldType };

/** A defined type with its place in the subtype hierarchy. */
export interface SubType {
  readonly composite: CompositeType;
  readonly final: boolean;
  /** Type indices of the declared supertypes (at most one in WebAssembly 3.0). */
  readonly supertypes: readonly number[];
  /** Custom descriptors proposal: indices of the described and the describing type. */
  readonly describes?: number;
  readonly descriptor?: number;
}

/** A run of consecutive type indices that are defined together. */
export interface RecursionGroup {
  readonly first: number;
  readonly length: number;
}

/** Byte range of one section. */
export interface Section {
  readonly id: number;
  /** Offset of the id byte. */
  readonly start: number;
  /** Offset of the first payload byte (after id and size); for custom sections still before the name. */
  readonly payload: number;
  /** Offset behind the last payload byte. */
  readonly end: number;
  /** Name and content offset of a custom section. */
  readonly custom?: { readonly name: string; readonly content: number };
}

/** What an import or definition is: functions and tags by type index, the rest by their type. */
export type ExternDesc =
  | { readonly kind: "func"; readonly typeIndex: number; readonly exact?: boolean }
  | TableType
  | MemoryType
  | GlobalType
  | { readonly kind: "tag"; readonly typeIndex: number };

export interface ImportInfo {
  readonly module: string;
  readonly name: string;
  readonly desc: ExternDesc;
}

export interface ExportInfo {
  readonly name: string;
  readonly kind: ExternKind;
  readonly index: number;
}

/** A range of the module's bytes; `end` is the offset behind the last. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Byte range of a constant expression, the closing `end` included. */
export type ExprRange = ByteRange;

/** A table the module defines. `init` is present where the binary spells an initialiser out. */
export interface TableDefinition {
  readonly type: TableType;
  readonly init?: ExprRange;
}

export interface GlobalDefinition {
  readonly type: GlobalType;
  readonly init: ExprRange;
}

/** The structure of a module. Index spaces hold imports first, then definitions. */
export interface ModuleInfo {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sections: readonly Section[];
  readonly types: readonly SubType[];
  readonly groups: readonly RecursionGroup[];
  readonly imports: readonly ImportInfo[];
  /** Whether the import section has a compact entry: engines that lack the proposal need the section written anew. */
  readonly compactImports: boolean;
  readonly exports: readonly ExportInfo[];
  /** Type index of every function, imports first. */
  readonly functions: ArrayLike<number>;
  readonly tables: readonly TableType[];
  readonly memories: readonly MemoryType[];
  readonly globals: readonly GlobalType[];
  /** Type index of every tag, imports first. */
  readonly tags: readonly number[];
  /** How many entries of each index space are imports. */
  readonly imported: { readonly [K in ExternKind]: number };
  readonly definedTables: readonly TableDefinition[];
  readonly definedGlobals: readonly GlobalDefinition[];
  /** Function index of the start function. */
  readonly start: number | undefined;
  /** Number of element segments, and of data segments. */
  readonly elementCount: number;
  readonly dataCount: number;
}
