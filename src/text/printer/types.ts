/**
 * Types as text.
 *
 * Spec: https://webassembly.github.io/spec/core/text/types.html
 *
 * @packageDocumentation
 */
import type { CompositeType, FieldType, SubType } from "../../binary/module-info.ts";
import { defaultPageSize } from "../../binary/type-codes.ts";
import {
  type FuncSignature,
  type GlobalType,
  type HeapType,
  heapTypeOf,
  isNullable,
  type MemoryType,
  type RefType,
  type TableType,
  type ValType,
} from "../../binary/types.ts";
import type { Identifiers } from "./identifiers.ts";

export function heapTypeText(type: HeapType, types: Identifiers): string {
  if (typeof type === "string") return type;
  const index = types.reference(type.typeIndex);
  return type.exact ? `(exact ${index})` : index;
}

export function valTypeText(type: ValType, types: Identifiers): string {
  return typeof type === "string" ? type : spelledRefType(type, types);
}

/** A reference type without its shorthand. */
function spelledRefType(type: RefType, types: Identifiers): string {
  return `(ref ${isNullable(type) ? "null " : ""}${heapTypeText(heapTypeOf(type), types)})`;
}

/** Parameters and results, each form with a space in front. */
export function signatureText(signature: FuncSignature, types: Identifiers, locals?: Identifiers): string {
  const { params, results } = signature;
  const group = (word: string, list: readonly ValType[]): string =>
    list.length === 0 ? "" : ` (${word} ${list.map((type) => valTypeText(type, types)).join(" ")})`;
  if (locals === undefined) return group("param", params) + group("result", results);
  return localsText("param", params, 0, types, locals) + group("result", results);
}

/** Parameters or locals: a form for each that has a name, one for each run of others. */
export function localsText(
  word: string,
  list: readonly ValType[],
  first: number,
  types: Identifiers,
  locals: Identifiers,
): string {
  let text = "";
  let run = "";
  const flush = (): void => {
    if (run !== "") text += ` (${word}${run})`;
    run = "";
  };
  list.forEach((type, position) => {
    const definition = locals.definition(first + position);
    if (definition !== "") flush();
    run += `${definition} ${valTypeText(type, types)}`;
    if (definition !== "") flush();
  });
  flush();
  return text;
}

function fieldText({ storage, mutable }: FieldType, types: Identifiers): string {
  const text = valTypeText(storage as ValType, types);
  return mutable ? `(mut ${text})` : text;
}

function compositeText(type: CompositeType, types: Identifiers, fields: Identifiers): string {
  switch (type.kind) {
    case "func":
      return `(func${signatureText(type, types)})`;
    case "array":
      return `(array ${fieldText(type.element, types)})`;
    case "struct":
      return `(struct${type.fields.map((field, index) => ` (field${fields.definition(index)} ${fieldText(field, types)})`).join("")})`;
  }
}

/** What stands behind the name of a type definition. */
export function subTypeText(type: SubType, types: Identifiers, fields: Identifiers): string {
  const clause = (word: string, index: number | undefined): string =>
    index === undefined ? "" : `(${word} ${types.reference(index)}) `;
  const text =
    clause("describes", type.describes) +
    clause("descriptor", type.descriptor) +
    compositeText(type.composite, types, fields);
  if (type.final && type.supertypes.length === 0) return text;
  const supertypes = type.supertypes.map((index) => `${types.reference(index)} `).join("");
  return `(sub ${type.final ? "final " : ""}${supertypes}${text})`;
}

function limitsText({ address, minimum, maximum }: MemoryType | TableType): string {
  return `${address === "i64" ? "i64 " : ""}${minimum}${maximum === undefined ? "" : ` ${maximum}`}`;
}

export function tableTypeText(type: TableType, types: Identifiers): string {
  return `${limitsText(type)} ${valTypeText(type.element, types)}`;
}

export function memoryTypeText(type: MemoryType): string {
  const pageSize = type.pageSize === defaultPageSize ? "" : ` (pagesize ${type.pageSize})`;
  return `${limitsText(type)}${type.shared ? " shared" : ""}${pageSize}`;
}

export function globalTypeText(type: GlobalType, types: Identifiers): string {
  const content = valTypeText(type.content, types);
  return type.mutable ? `(mut ${content})` : content;
}
