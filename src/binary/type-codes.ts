/**
 * The bytes that stand for types, once for the reader and the writer.
 *
 * Spec: https://webassembly.github.io/spec/core/binary/types.html
 *
 * @packageDocumentation
 */
import type { AbstractHeapType, NumType } from "./types.ts";

/** First byte of the encodings that are not a plain value type. */
export const typeCode = {
  refNull: 0x63,
  ref: 0x64,
  /** Custom descriptors proposal: in front of a type index in a heap type. */
  exact: 0x62,
  func: 0x60,
  struct: 0x5f,
  array: 0x5e,
  sub: 0x50,
  subFinal: 0x4f,
  rec: 0x4e,
  /** Custom descriptors proposal, in front of a composite type. */
  descriptor: 0x4d,
  describes: 0x4c,
  /** The empty block type. */
  empty: 0x40,
} as const;

/** Number and vector types. */
export const valTypeCode: { readonly [T in NumType | "v128"]: number } = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** Packed integers, as fields of structs and elements of arrays. */
export const packedTypeCode = { i8: 0x78, i16: 0x77 } as const;

/** Heap types without an index; alone in place of a value type each is its nullable reference type. */
export const heapTypeCode: { readonly [T in AbstractHeapType]: number } = {
  noexn: 0x74,
  nofunc: 0x73,
  noextern: 0x72,
  none: 0x71,
  func: 0x70,
  extern: 0x6f,
  any: 0x6e,
  eq: 0x6d,
  i31: 0x6c,
  struct: 0x6b,
  array: 0x6a,
  exn: 0x69,
};

/** Kinds of imports and exports, by their byte. */
export const externKinds = ["func", "table", "memory", "global", "tag"] as const;

/** Custom descriptors proposal: kind byte of the import of a function of exactly the given type. */
export const exactFuncKind = 0x20;

/** Compact import section proposal: stands behind an empty name, where the kind byte of an import would be. */
export const compactForm = { namesAndTypes: 0x7f, names: 0x7e } as const;

/** Bits of the flags byte of limits. */
export const limitsFlag = { maximum: 1, shared: 2, address64: 4, pageSize: 8 } as const;

/** Size of a memory page in bytes where the binary names none. */
export const defaultPageSize = 65536;
