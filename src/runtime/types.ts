/**
 * The public type literals: filling in defaults and checking what callers write.
 *
 * @packageDocumentation
 */
import {
  type FuncSignature,
  type FuncType,
  type GlobalType,
  type HeapType,
  isAbstractHeapType,
  isRefType,
  isRefTypeName,
  type MemoryType,
  type RefType,
  refType,
  type TableType,
  type TagType,
  type ValType,
} from "../binary/types.ts";
import { WasmlinkError } from "../errors.ts";
import { show } from "./arguments.ts";

/** A global's type as callers write it: `mutable` defaults to false. */
export interface GlobalTypeInit {
  readonly content: ValType;
  readonly mutable?: boolean;
}

/** A table's type as callers write it, sizes in elements: `address` defaults to `"i32"`. */
export interface TableTypeInit {
  readonly element: RefType;
  readonly minimum: number | bigint;
  readonly maximum?: number | bigint | undefined;
  readonly address?: "i32" | "i64";
}

/** A memory's type as callers write it, sizes in pages: defaults are unshared, `"i32"`, 65536 bytes a page. */
export interface MemoryTypeInit {
  readonly minimum: number | bigint;
  readonly maximum?: number | bigint | undefined;
  readonly shared?: boolean;
  readonly address?: "i32" | "i64";
  readonly pageSize?: number;
}

const valTypeNames: ReadonlySet<string> = new Set(["i32", "i64", "f32", "f64", "v128"]);

/** A value type as a caller wrote it, in its one spelling. */
function valTypeFrom(value: unknown): ValType {
  if (typeof value === "string" && (valTypeNames.has(value) || isRefTypeName(value))) return value as ValType;
  if (typeof value === "object" && value !== null && "ref" in value) {
    const { ref, nullable } = value as { ref: unknown; nullable?: unknown };
    if (typeof nullable === "boolean") return refType(heapTypeFrom(ref), nullable);
  }
  throw new TypeError(`Expected a value type, got ${show(value)}`);
}

function heapTypeFrom(value: unknown): HeapType {
  if (typeof value === "string" && isAbstractHeapType(value)) return value;
  if (typeof value === "object" && value !== null) {
    const { typeIndex } = value as { typeIndex?: unknown };
    if (Number.isSafeInteger(typeIndex) && (typeIndex as number) >= 0)
      return { typeIndex: typeIndex as number };
  }
  throw new TypeError(`Expected a heap type, got ${show(value)}`);
}

function valTypesFrom(value: unknown, member: string): readonly ValType[] {
  if (!Array.isArray(value))
    throw new TypeError(`Expected \`${member}\` to be an array of value types, got ${show(value)}`);
  return Object.freeze(value.map(valTypeFrom));
}

/** A function type as a caller wrote it. */
export function funcTypeFrom(value: FuncSignature): FuncType {
  if (typeof value !== "object" || value === null)
    throw new TypeError(`Expected a function type, got ${show(value)}`);
  return Object.freeze({
    kind: "func",
    params: valTypesFrom(value.params, "params"),
    results: valTypesFrom(value.results, "results"),
  });
}

/** A tag type as a caller wrote it. */
export function tagTypeFrom(value: { params: readonly ValType[]; results?: readonly ValType[] }): TagType {
  if (typeof value !== "object" || value === null)
    throw new TypeError(`Expected a tag type, got ${show(value)}`);
  if (value.results !== undefined && value.results.length > 0)
    throw new WasmlinkError("Cannot create an exception type from a tag type with results in the signature");
  return Object.freeze({ kind: "tag", params: valTypesFrom(value.params, "params") });
}

/** A global type as a caller wrote it. */
export function globalTypeFrom(value: GlobalTypeInit): GlobalType {
  if (typeof value !== "object" || value === null)
    throw new TypeError(`Expected a global type, got ${show(value)}`);
  return Object.freeze({
    kind: "global",
    content: valTypeFrom(value.content),
    mutable: booleanFrom(value.mutable, "mutable"),
  });
}

/** A table type as a caller wrote it. */
export function tableTypeFrom(value: TableTypeInit): TableType {
  if (typeof value !== "object" || value === null)
    throw new TypeError(`Expected a table type, got ${show(value)}`);
  const element = valTypeFrom(value.element);
  if (!isRefType(element))
    throw new TypeError(`Expected \`element\` to be a reference type, got ${show(value.element)}`);
  const address = addressFrom(value.address);
  const minimum = sizeFrom(value.minimum, "minimum");
  const maximum = value.maximum === undefined ? undefined : sizeFrom(value.maximum, "maximum");
  const largest = address === "i64" ? 2n ** 64n - 1n : 2n ** 32n - 1n;
  if (minimum > largest)
    throw new WasmlinkError("minimum size is too large for this table type's index type");
  if (maximum !== undefined && maximum > largest)
    throw new WasmlinkError("maximum size is too large for this table type's index type");
  if (maximum !== undefined && maximum < minimum)
    throw new WasmlinkError("maximum table size cannot be smaller than the minimum table size");
  return Object.freeze({
    kind: "table",
    element,
    minimum,
    ...(maximum === undefined ? {} : { maximum }),
    address,
  });
}

/** A memory type as a caller wrote it, checked by wasmtime's rules and with its words. */
export function memoryTypeFrom(value: MemoryTypeInit): MemoryType {
  if (typeof value !== "object" || value === null)
    throw new TypeError(`Expected a memory type, got ${show(value)}`);
  const address = addressFrom(value.address);
  const shared = booleanFrom(value.shared, "shared");
  const pageSize = value.pageSize ?? 65536;
  const minimum = sizeFrom(value.minimum, "minimum");
  const maximum = value.maximum === undefined ? undefined : sizeFrom(value.maximum, "maximum");
  const representable = address === "i64" ? 2n ** 64n : 2n ** 32n;
  if (minimum >= representable) throw new WasmlinkError("minimum size too large");
  if (maximum !== undefined && maximum >= representable) throw new WasmlinkError("maximum size too large");
  if (maximum !== undefined && maximum < minimum)
    throw new WasmlinkError("maximum page size cannot be smaller than the minimum page size");
  if (pageSize !== 65536 && pageSize !== 1)
    throw new WasmlinkError(
      `page size must be 2**16 or 2**0, but was given ${pageSizeText(pageSize)}; note that future Wasm extensions might ` +
        "allow any power of two page size, but only 2**16 and 2**0 are currently valid",
    );
  if (shared && maximum === undefined) throw new WasmlinkError("shared memories must have a maximum size");
  if (BigInt(minimum) * BigInt(pageSize) >= 2n ** 64n)
    throw new WasmlinkError("memory's minimum byte size must fit in a u64", {
      cause: "size overflow calculating memory size",
    });
  // Page counts are bounded by the address type: 2^32 or 2^64 bytes.
  const mostPages = representable / BigInt(pageSize);
  if (minimum > mostPages)
    throw new WasmlinkError("minimum size is too large for this memory type's index type");
  if (maximum !== undefined && maximum > mostPages)
    throw new WasmlinkError("maximum size is too large for this memory type's index type");
  return Object.freeze({
    kind: "memory",
    minimum,
    ...(maximum === undefined ? {} : { maximum }),
    shared,
    address,
    pageSize,
  });
}

function pageSizeText(pageSize: number): string {
  const log2 = Math.log2(pageSize);
  return Number.isInteger(log2) ? `2**${log2}` : String(pageSize);
}

function booleanFrom(value: unknown, member: string): boolean {
  if (value === undefined) return false;
  if (typeof value !== "boolean")
    throw new TypeError(`Expected \`${member}\` to be a boolean, got ${show(value)}`);
  return value;
}

function addressFrom(value: unknown): "i32" | "i64" {
  if (value === undefined || value === "i32") return "i32";
  if (value === "i64") return "i64";
  throw new TypeError(`Expected \`address\` to be "i32" or "i64", got ${show(value)}`);
}

function sizeFrom(value: unknown, member: string): number | bigint {
  if (typeof value === "bigint" || Number.isSafeInteger(value)) {
    const size = value as number | bigint;
    if (size < 0)
      throw new RangeError(`Expected \`${member}\` to be a non-negative integer, got ${show(value)}`);
    return size <= Number.MAX_SAFE_INTEGER ? Number(size) : size;
  }
  throw new TypeError(`Expected \`${member}\` to be a non-negative integer, got ${show(value)}`);
}
