/**
 * The checks of types that keep a reader from following an index into nothing, in wasmparser's words.
 *
 * @packageDocumentation
 */
import type { SubType } from "./module-info.ts";
import { malformed } from "./reader.ts";
import {
  heapTypeOf,
  isRefType,
  type MemoryType,
  type RefType,
  type TableType,
  type ValType,
} from "./types.ts";

function checkRefType(type: RefType, count: number, offset: number): void {
  const heap = heapTypeOf(type);
  if (typeof heap === "object") checkTypeIndex(heap.typeIndex, count, offset);
}

function checkTypeIndex(index: number, count: number, offset: number): void {
  if (index >= count) throw malformed(`unknown type ${index}: type index out of bounds`, offset);
}

/** Checks that a value type refers to an existing type. */
export function checkValType(type: ValType, types: readonly SubType[], offset: number): void {
  if (isRefType(type)) checkRefType(type, types.length, offset);
}

/**
 * Checks the types another one refers to. Supertypes come before their subtypes, so following them ends.
 *
 * @param types - every type up to the end of the recursion group
 */
export function checkTypeIndices(types: readonly SubType[], index: number, offset: number): void {
  const { composite, supertypes, describes, descriptor } = types[index]!;
  for (const supertype of supertypes) {
    if (supertype >= index) throw malformed("supertypes must be defined before subtypes", offset);
    if (types[supertype]!.final) throw malformed("sub type cannot have a final super type", offset);
  }
  if (describes !== undefined && describes >= index) throw malformed("forward describes reference", offset);
  if (descriptor !== undefined) checkTypeIndex(descriptor, types.length, offset);
  switch (composite.kind) {
    case "func":
      for (const type of composite.params) checkValType(type, types, offset);
      for (const type of composite.results) checkValType(type, types, offset);
      break;
    case "struct":
      for (const { storage } of composite.fields) checkStorage(storage, types, offset);
      break;
    case "array":
      checkStorage(composite.element.storage, types, offset);
      break;
  }
}

function checkStorage(type: ValType | "i8" | "i16", types: readonly SubType[], offset: number): void {
  if (type !== "i8" && type !== "i16") checkValType(type, types, offset);
}

interface Limits {
  readonly minimum: number | bigint;
  readonly maximum?: number | bigint;
}

function checkLimits({ minimum, maximum }: Limits, bound: bigint, complaint: string, offset: number): void {
  if (maximum !== undefined && minimum > maximum) {
    throw malformed("size minimum must not be greater than maximum", offset);
  }
  if (minimum > bound || (maximum !== undefined && maximum > bound)) throw malformed(complaint, offset);
}

/** Checks element type and limits of a table. @returns the type */
export function checkTableType(type: TableType, types: readonly SubType[], offset: number): TableType {
  checkRefType(type.element, types.length, offset);
  const bound = 2n ** (type.address === "i64" ? 64n : 32n) - 1n;
  checkLimits(type, bound, `table size must be at most 0x${bound.toString(16)} entries`, offset);
  return type;
}

/** Checks the limits of a memory. @returns the type */
export function checkMemoryType(type: MemoryType, offset: number): MemoryType {
  const largest = type.address === "i64" ? 2n ** 64n - 1n : 2n ** 32n - 1n;
  // As many pages as cover the address space; with pages of one byte its last byte is out of reach.
  const bound = type.pageSize === 1 ? largest : (largest + 1n) / BigInt(type.pageSize);
  const complaint = `memory size must be at most 0x${bound.toString(16)} ${type.pageSize}-byte pages`;
  checkLimits(type, bound, complaint, offset);
  if (type.shared && type.maximum === undefined) {
    throw malformed("shared memory must have maximum size", offset);
  }
  return type;
}
