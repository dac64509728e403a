/**
 * Whether what is provided fits what a module imports: wasmtime's rules in wasmtime's order, with its words.
 *
 * Spec: "External types" matching (https://webassembly.github.io/spec/core/valid/matching.html); stricter where
 * wasmtime is: table elements must be equal.
 *
 * @packageDocumentation
 */
import {
  type ExternKind,
  type ExternType,
  type GlobalType,
  heapTypeOf,
  isNullable,
  isRefType,
  type MemoryType,
  type TableType,
} from "../binary/types.ts";
import { isSameValType, type TypeRegistry } from "./type-registry.ts";
import { renderFuncType, renderHeapType, renderValType } from "./type-text.ts";

/** A type as matching needs it: functions and tags by canonical index, the rest spelled out with canonical indices. */
export type MatchType =
  | { readonly kind: "func"; readonly typeIndex: number; readonly exact?: true }
  | { readonly kind: "tag"; readonly typeIndex: number }
  | GlobalType
  | TableType
  | MemoryType;

/** The type as the public face shows it. */
export function externTypeOf(type: MatchType, registry: TypeRegistry): ExternType {
  if (type.kind !== "func" && type.kind !== "tag") return type;
  const { params, results } = registry.signatureAt(type.typeIndex);
  return Object.freeze(type.kind === "func" ? { kind: "func", params, results } : { kind: "tag", params });
}

const foundWords: { readonly [K in ExternKind]: string } = {
  func: "function",
  global: "global",
  table: "table",
  memory: "memory",
  tag: "tag",
};

/**
 * Why `actual` does not satisfy the import type `expected`, or undefined when it does.
 *
 * The minimum of an actual memory or table is its current size.
 */
export function mismatch(expected: MatchType, actual: MatchType, registry: TypeRegistry): string | undefined {
  switch (expected.kind) {
    case "func":
      if (actual.kind !== "func") break;
      if (actual.typeIndex === expected.typeIndex) return undefined;
      if (!expected.exact && registry.isSubtype(actual.typeIndex, expected.typeIndex)) return undefined;
      return (
        `types incompatible: expected type \`${renderFuncType(expected.typeIndex, registry)}\`, ` +
        `found type \`${renderFuncType(actual.typeIndex, registry)}\``
      );
    case "global":
      if (actual.kind !== "global") break;
      return globalMismatch(expected, actual, registry);
    case "table":
      if (actual.kind !== "table") break;
      return tableMismatch(expected, actual, registry);
    case "memory":
      if (actual.kind !== "memory") break;
      return memoryMismatch(expected, actual);
    case "tag":
      if (actual.kind !== "tag") break;
      return expected.typeIndex === actual.typeIndex ? undefined : "incompatible tag types";
  }
  return kindMismatch(expected.kind, actual.kind);
}

/** Why something of one kind does not satisfy an import of another; undefined for the same kind. */
export function kindMismatch(expected: ExternKind, actual: ExternKind): string | undefined {
  return expected === actual ? undefined : `expected ${expected}, but found ${foundWords[actual]}`;
}

function globalMismatch(
  expected: GlobalType,
  actual: GlobalType,
  registry: TypeRegistry,
): string | undefined {
  const wanted = expected.content;
  const found = actual.content;
  const differ = (a: string, b: string) =>
    `global types incompatible: expected global of type \`${a}\`, found global of type \`${b}\``;
  const fits =
    expected.mutable || actual.mutable ? isSameValType(wanted, found) : registry.isValSubtype(found, wanted);
  if (!fits) {
    const onlyHeapsDiffer =
      !expected.mutable &&
      !actual.mutable &&
      isRefType(wanted) &&
      isRefType(found) &&
      (isNullable(wanted) || !isNullable(found));
    return onlyHeapsDiffer
      ? differ(renderHeapType(heapTypeOf(wanted), registry), renderHeapType(heapTypeOf(found), registry))
      : differ(renderValType(wanted, registry), renderValType(found, registry));
  }
  if (expected.mutable === actual.mutable) return undefined;
  const word = (type: GlobalType) => (type.mutable ? "mutable" : "immutable");
  return `global types incompatible: expected ${word(expected)} global, found ${word(actual)} global`;
}

function tableMismatch(expected: TableType, actual: TableType, registry: TypeRegistry): string | undefined {
  if (!isSameValType(expected.element, actual.element))
    return (
      `table types incompatible: expected table of type \`${renderValType(expected.element, registry)}\`, ` +
      `found table of type \`${renderValType(actual.element, registry)}\``
    );
  return addressMismatch("table", expected, actual) ?? limitsMismatch("table", expected, actual);
}

function memoryMismatch(expected: MemoryType, actual: MemoryType): string | undefined {
  if (expected.shared !== actual.shared) {
    const word = (type: MemoryType) => (type.shared ? "shared" : "non-shared");
    return `memory types incompatible: expected ${word(expected)} memory, found ${word(actual)} memory`;
  }
  const other = addressMismatch("memory", expected, actual) ?? limitsMismatch("memory", expected, actual);
  if (other !== undefined) return other;
  if (expected.pageSize === actual.pageSize) return undefined;
  return (
    `memory types incompatible: expected a memory with a page size of ${expected.pageSize}, ` +
    `but received a memory with a page size of ${actual.pageSize}`
  );
}

type Limited = Pick<MemoryType, "minimum" | "maximum" | "address">;

function addressMismatch(what: "memory" | "table", expected: Limited, actual: Limited): string | undefined {
  if (expected.address === actual.address) return undefined;
  const bits = ({ address }: Limited) => (address === "i64" ? "64-bit" : "32-bit");
  return `${what} types incompatible: expected ${bits(expected)} ${what}, found ${bits(actual)} ${what}`;
}

function limitsMismatch(what: "memory" | "table", expected: Limited, actual: Limited): string | undefined {
  const fits =
    expected.minimum <= actual.minimum &&
    (expected.maximum === undefined || (actual.maximum !== undefined && actual.maximum <= expected.maximum));
  if (fits) return undefined;
  const limits = ({ minimum, maximum }: Limited) => `(min: ${minimum}, max: ${maximum ?? "none"})`;
  return (
    `${what} types incompatible: expected ${what} limits ${limits(expected)} ` +
    `doesn't match provided ${what} limits ${limits(actual)}`
  );
}
