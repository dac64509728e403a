/**
 * The type section: type definitions, recursion groups, and types that uses of signatures define by the way.
 *
 * Spec: https://webassembly.github.io/spec/core/text/modules.html#types
 *
 * @packageDocumentation
 */
import type { CompositeType, FieldType, SubType } from "../../binary/module-info.ts";
import { typeCode } from "../../binary/type-codes.ts";
import { writeSubType } from "../../binary/type-writer.ts";
import { type FuncSignature, heapTypeOf, isNullable, isRefType, type ValType } from "../../binary/types.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { TokenKind } from "../syntax/tokens.ts";
import { nameAnnotation } from "./annotations.ts";
import { Entries } from "./entries.ts";
import { FieldSpace, type IndexSpace, isIndex } from "./index-space.ts";
import { Locals } from "./locals.ts";
import type { NameMap, NameSection } from "./name-section.ts";
import { signature } from "./signatures.ts";
import { isValType, valType } from "./value-types.ts";

/** One text for equal types, and only for them. */
function keyOf(type: ValType): string {
  if (!isRefType(type) || typeof type === "string") return type;
  const heap = heapTypeOf(type);
  const target = typeof heap === "string" ? heap : `${heap.exact ? "=" : ""}${heap.typeIndex}`;
  return isNullable(type) ? `?${target}` : `!${target}`;
}

function signatureKey({ params, results }: FuncSignature): string {
  return `${params.map(keyOf).join()}>${results.map(keyOf).join()}`;
}

/** Whether two types are the same. */
export function sameType(a: ValType, b: ValType): boolean {
  return a === b || keyOf(a) === keyOf(b);
}

/** Whether two signatures are the same. */
export function sameSignature(a: FuncSignature, b: FuncSignature): boolean {
  return signatureKey(a) === signatureKey(b);
}

const noFields = new FieldSpace();

export class DefinedTypes {
  readonly entries = new Entries();
  readonly names: IndexSpace;
  readonly #nameSection: NameSection;
  readonly #types: SubType[] = [];
  readonly #fields: FieldSpace[] = [];
  readonly #bySignature = new Map<string, number>();
  /** Of the type that was defined last. */
  #fieldNames: NameMap = [];

  constructor(names: IndexSpace, nameSection: NameSection) {
    this.names = names;
    this.#nameSection = nameSection;
  }

  get count(): number {
    return this.#types.length;
  }

  /** The signature of a function type, or undefined where the index is none of a function type. */
  signatureOf(index: number): FuncSignature | undefined {
    const composite = this.#types[index]?.composite;
    return composite?.kind === "func" ? composite : undefined;
  }

  /** The index of a field of a type, which comes next. */
  fieldIndex(cursor: Cursor, type: number): number {
    const fields = this.#fields[type] ?? noFields;
    if (cursor.kind() === TokenKind.id && !fields.hasNames) {
      const name = cursor.nameOf(cursor.position);
      cursor.fail(`accessing a named field \`${name}\` in a struct without named fields, type index ${type}`);
    }
    return fields.index(cursor);
  }

  /** Index of the first function type with a signature; the type is added where there is none. */
  indexOf({ params, results }: FuncSignature): number {
    const key = signatureKey({ params, results });
    const found = this.#bySignature.get(key);
    if (found !== undefined) return found;
    const index = this.count;
    const type: SubType = { composite: { kind: "func", params, results }, final: true, supertypes: [] };
    this.#types.push(type);
    this.#bySignature.set(key, index);
    writeSubType(this.entries.next(), type);
    return index;
  }

  /** Parses a `type` field, from behind its keyword on. */
  type(cursor: Cursor): void {
    const index = this.count;
    const type = this.#definition(cursor);
    writeSubType(this.entries.next(), type);
    this.#nameSection.addParts("field", index, this.#fieldNames);
    if (type.composite.kind !== "func") return;
    const key = signatureKey(type.composite);
    if (!this.#bySignature.has(key)) this.#bySignature.set(key, index);
  }

  /** Parses a `rec` field, from behind its keyword on. */
  recursionGroup(cursor: Cursor): void {
    const group: SubType[] = [];
    while (cursor.takeForm("type")) {
      group.push(this.#definition(cursor));
      cursor.close();
    }
    const writer = this.entries.next();
    writer.u8(typeCode.rec);
    writer.vec(group, (type) => writeSubType(writer, type));
  }

  #definition(cursor: Cursor): SubType {
    const id = cursor.takeId();
    this.#nameSection.add("type", this.count, nameAnnotation(cursor) ?? id);
    this.#fieldNames = [];
    cursor.open();
    const type = this.#subType(cursor);
    cursor.close();
    this.#types.push(type);
    return type;
  }

  #subType(cursor: Cursor): SubType {
    if (!cursor.takeKeyword("sub")) return { final: true, supertypes: [], ...this.#described(cursor) };
    const final = cursor.takeKeyword("final");
    const supertypes = isIndex(cursor) ? [this.names.index(cursor)] : [];
    cursor.open();
    const described = this.#described(cursor);
    cursor.close();
    return { final, supertypes, ...described };
  }

  /** Custom descriptors proposal: the clauses in front of a composite type, the `(` of the first one consumed. */
  #described(cursor: Cursor): Pick<SubType, "composite" | "describes" | "descriptor"> {
    const describes = this.#clause(cursor, "describes");
    const descriptor = this.#clause(cursor, "descriptor");
    return {
      composite: this.#composite(cursor),
      ...(describes !== undefined && { describes }),
      ...(descriptor !== undefined && { descriptor }),
    };
  }

  #clause(cursor: Cursor, word: string): number | undefined {
    if (!cursor.takeKeyword(word)) return undefined;
    const index = this.names.index(cursor);
    cursor.close();
    cursor.open();
    return index;
  }

  #composite(cursor: Cursor): CompositeType {
    if (cursor.takeKeyword("func")) {
      const { params, results } = signature(cursor, this.names, new Locals());
      return { kind: "func", params, results };
    }
    if (cursor.takeKeyword("struct")) return { kind: "struct", fields: this.#structFields(cursor) };
    if (cursor.takeKeyword("array")) return { kind: "array", element: this.#field(cursor) };
    cursor.fail("unexpected token, expected one of: `func`, `struct`, `array`");
  }

  #structFields(cursor: Cursor): FieldType[] {
    const fields: FieldType[] = [];
    const names = new FieldSpace();
    this.#fields[this.count] = names;
    while (cursor.kind() === TokenKind.leftParen) {
      cursor.position++;
      cursor.expectKeyword("field");
      if (cursor.kind() === TokenKind.id) {
        const { index, id } = names.declare(cursor);
        this.#fieldNames.push([index, id!]);
        fields.push(this.#field(cursor));
      } else {
        while (!cursor.atClose) {
          names.declareUnnamed();
          fields.push(this.#field(cursor));
        }
      }
      cursor.close();
    }
    return fields;
  }

  #field(cursor: Cursor): FieldType {
    if (!cursor.takeForm("mut")) return { storage: this.#storage(cursor), mutable: false };
    const storage = this.#storage(cursor);
    cursor.close();
    return { storage, mutable: true };
  }

  #storage(cursor: Cursor): FieldType["storage"] {
    if (cursor.takeKeyword("i8")) return "i8";
    if (cursor.takeKeyword("i16")) return "i16";
    if (!isValType(cursor)) cursor.fail("unexpected token, expected one of: `i8`, `i16`, valtype");
    return valType(cursor, this.names);
  }
}
