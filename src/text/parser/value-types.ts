/**
 * Value, reference, table, memory and global types in text.
 *
 * Spec: https://webassembly.github.io/spec/core/text/types.html
 *
 * @packageDocumentation
 */
import { defaultPageSize } from "../../binary/type-codes.ts";
import {
  type GlobalType,
  type HeapType,
  isAbstractHeapType,
  isRefTypeName,
  type MemoryType,
  type RefType,
  type RefTypeName,
  refType,
  type TableType,
  type ValType,
} from "../../binary/types.ts";
import { alternatives, type Cursor } from "../syntax/cursor.ts";
import { TokenKind } from "../syntax/tokens.ts";
import { type IndexSpace, isIndex } from "./index-space.ts";

const numberTypeNames = ["i32", "i64", "f32", "f64", "v128"] as const;
const referenceTypeNames: readonly RefTypeName[] = [
  "funcref",
  "externref",
  "exnref",
  "anyref",
  "eqref",
  "structref",
  "arrayref",
  "i31ref",
  "nullfuncref",
  "nullexternref",
  "nullexnref",
  "nullref",
];
const valueTypeNames: readonly string[] = [...numberTypeNames, ...referenceTypeNames];
const numberTypes: ReadonlySet<string> = new Set(numberTypeNames);

function expected(words: readonly string[]): string {
  return `unexpected token, expected ${alternatives([...words.map((word) => `\`${word}\``), "lparen"])}`;
}

/** Whether a reference type comes next. */
export function isRefType(cursor: Cursor): boolean {
  return cursor.isForm("ref") || (cursor.kind() === TokenKind.keyword && isRefTypeName(cursor.text()));
}

/** Whether a value type comes next. */
export function isValType(cursor: Cursor): boolean {
  return isRefType(cursor) || (cursor.kind() === TokenKind.keyword && numberTypes.has(cursor.text()));
}

/** The value type that comes next. */
export function valType(cursor: Cursor, types: IndexSpace): ValType {
  if (cursor.kind() === TokenKind.keyword) {
    const word = cursor.text();
    if (numberTypes.has(word)) {
      cursor.position++;
      return word as ValType;
    }
  }
  return referenceType(cursor, types, valueTypeNames);
}

/**
 * The reference type that comes next.
 *
 * @param words - what else could stand in its place, for the message
 */
export function referenceType(
  cursor: Cursor,
  types: IndexSpace,
  words: readonly string[] = referenceTypeNames,
): RefType {
  if (cursor.kind() === TokenKind.keyword) {
    const word = cursor.text();
    if (isRefTypeName(word)) {
      cursor.position++;
      return word;
    }
  }
  if (cursor.kind() !== TokenKind.leftParen) cursor.fail(expected(words));
  cursor.position++;
  if (!cursor.takeKeyword("ref")) cursor.fail("unexpected token, expected `ref`");
  const nullable = cursor.takeKeyword("null");
  const heap = heapType(cursor, types);
  cursor.close();
  return refType(heap, nullable);
}

/** The heap type that comes next. */
export function heapType(cursor: Cursor, types: IndexSpace): HeapType {
  if (isIndex(cursor)) return { typeIndex: types.index(cursor) };
  if (cursor.takeForm("exact")) {
    const typeIndex = types.index(cursor);
    cursor.close();
    return { typeIndex, exact: true };
  }
  const word = cursor.kind() === TokenKind.keyword ? cursor.text() : "";
  if (!isAbstractHeapType(word))
    cursor.fail("unexpected token, expected one of: an index, left paren, absheaptype");
  cursor.position++;
  return word;
}

interface Limits {
  readonly address: "i32" | "i64";
  readonly minimum: number | bigint;
  readonly maximum?: number | bigint;
}

/** Steps over the word for the address type, which may be left out. */
export function addressType(cursor: Cursor): "i32" | "i64" {
  if (cursor.takeKeyword("i64")) return "i64";
  cursor.takeKeyword("i32");
  return "i32";
}

function limits(cursor: Cursor): Limits {
  const address = addressType(cursor);
  const minimum = cursor.u64();
  return cursor.kind() === TokenKind.integer
    ? { address, minimum, maximum: cursor.u64() }
    : { address, minimum };
}

/** The table type that comes next. */
export function tableType(cursor: Cursor, types: IndexSpace): TableType {
  return { kind: "table", ...limits(cursor), element: referenceType(cursor, types) };
}

/** The memory type that comes next. */
export function memoryType(cursor: Cursor): MemoryType {
  const size = limits(cursor);
  const shared = cursor.takeKeyword("shared");
  return { kind: "memory", ...size, shared, pageSize: pageSize(cursor) };
}

/** Custom page sizes proposal: the page size that comes next, or the default. */
export function pageSize(cursor: Cursor): number {
  if (!cursor.takeForm("pagesize")) return defaultPageSize;
  const position = cursor.position;
  const size = cursor.u32();
  if (!Number.isInteger(Math.log2(size))) cursor.fail(`invalid custom page size: ${size}`, position);
  cursor.close();
  return size;
}

/** The global type that comes next. */
export function globalType(cursor: Cursor, types: IndexSpace): GlobalType {
  if (!cursor.takeForm("mut")) return { kind: "global", content: valType(cursor, types), mutable: false };
  const content = valType(cursor, types);
  cursor.close();
  return { kind: "global", content, mutable: true };
}
