/**
 * WebAssembly types as plain readonly data: the vocabulary of the whole library, from the binary reader to the public API.
 *
 * Spec: https://webassembly.github.io/spec/core/syntax/types.html
 *
 * @packageDocumentation
 */

/** Number types. */
export type NumType = "i32" | "i64" | "f32" | "f64";

/** Heap types without an index of their own. */
export type AbstractHeapType =
  | "func"
  | "nofunc"
  | "extern"
  | "noextern"
  | "any"
  | "eq"
  | "i31"
  | "struct"
  | "array"
  | "none"
  | "exn"
  | "noexn";

/**
 * What a reference points to. `typeIndex` counts in the index space of whoever hands the type out: the module's own
 * in `binary/`, the engine's canonical one at the public face. `exact` (custom descriptors
 * proposal) leaves the subtypes out.
 */
export type HeapType = AbstractHeapType | { readonly typeIndex: number; readonly exact?: true };

/** Shorthands of the nullable abstract reference types. */
export type RefTypeName =
  | "funcref"
  | "externref"
  | "anyref"
  | "eqref"
  | "i31ref"
  | "structref"
  | "arrayref"
  | "nullref"
  | "nullfuncref"
  | "nullexternref"
  | "exnref"
  | "nullexnref";

/** Reference types: a shorthand, or heap type and nullability spelled out. */
export type RefType = RefTypeName | { readonly ref: HeapType; readonly nullable: boolean };

/** Value types. */
export type ValType = NumType | "v128" | RefType;

/** Parameters and results of a function, without the tag. */
export interface FuncSignature<
  P extends readonly ValType[] = readonly ValType[],
  R extends readonly ValType[] = readonly ValType[],
> {
  readonly params: P;
  readonly results: R;
}

/** Type of a function. */
export interface FuncType extends FuncSignature {
  readonly kind: "func";
}

/** Type of a global variable. */
export interface GlobalType {
  readonly kind: "global";
  readonly content: ValType;
  readonly mutable: boolean;
}

/** Type of a table; sizes in elements, a bigint only above 2^53 - 1. */
export interface TableType {
  readonly kind: "table";
  readonly element: RefType;
  readonly minimum: number | bigint;
  readonly maximum?: number | bigint;
  readonly address: "i32" | "i64";
}

/** Type of a linear memory; sizes in pages of `pageSize` bytes, a bigint only above 2^53 - 1. */
export interface MemoryType {
  readonly kind: "memory";
  readonly minimum: number | bigint;
  readonly maximum?: number | bigint;
  readonly shared: boolean;
  readonly address: "i32" | "i64";
  readonly pageSize: number;
}

/** Type of an exception tag: what a `throw` of it carries. */
export interface TagType {
  readonly kind: "tag";
  readonly params: readonly ValType[];
}

/** Type of anything a module can import or export. */
export type ExternType = FuncType | GlobalType | TableType | MemoryType | TagType;

/** The five kinds of imports and exports. */
export type ExternKind = ExternType["kind"];

const shorthandOf: { readonly [T in AbstractHeapType]: RefTypeName } = {
  func: "funcref",
  nofunc: "nullfuncref",
  extern: "externref",
  noextern: "nullexternref",
  any: "anyref",
  eq: "eqref",
  i31: "i31ref",
  struct: "structref",
  array: "arrayref",
  none: "nullref",
  exn: "exnref",
  noexn: "nullexnref",
};

const heapOf = new Map(
  Object.entries(shorthandOf).map(([heap, name]) => [name, heap as AbstractHeapType] as const),
);

/** Whether a value type is a reference type. */
export function isRefType(type: ValType): type is RefType {
  return typeof type === "object" || heapOf.has(type as RefTypeName);
}

/** Whether a string is one of the reference shorthands. */
export function isRefTypeName(name: string): name is RefTypeName {
  return heapOf.has(name as RefTypeName);
}

/** Whether a string names an abstract heap type. */
export function isAbstractHeapType(name: string): name is AbstractHeapType {
  return Object.hasOwn(shorthandOf, name);
}

/** The one spelling of a reference type: the shorthand wherever there is one. */
export function refType(heap: HeapType, nullable: boolean): RefType {
  return nullable && typeof heap === "string" ? shorthandOf[heap] : { ref: heap, nullable };
}

/** Heap type of a reference type. */
export function heapTypeOf(type: RefType): HeapType {
  return typeof type === "object" ? type.ref : heapOf.get(type)!;
}

/** Whether null belongs to a reference type. */
export function isNullable(type: RefType): boolean {
  return typeof type === "object" ? type.nullable : true;
}
