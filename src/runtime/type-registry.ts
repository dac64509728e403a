/**
 * Canonical types of an engine: two modules' types are the same type exactly when they have the same canonical index.
 *
 * Spec: "Type equivalence" by rolling recursion groups (https://webassembly.github.io/spec/core/valid/conventions.html).
 *
 * @packageDocumentation
 */
import type { CompositeType, FieldType, ModuleInfo, SubType } from "../binary/module-info.ts";
import {
  type AbstractHeapType,
  type FuncSignature,
  type HeapType,
  heapTypeOf,
  isNullable,
  isRefType,
  type ValType,
} from "../binary/types.ts";

/** A defined type whose indices are canonical, with the place of its recursion group. */
export interface CanonicalType extends SubType {
  readonly groupFirst: number;
  readonly groupLength: number;
}

/** Rewrites the type indices inside types. */
export type IndexMap = (typeIndex: number) => number;

export function mapValType(type: ValType, map: IndexMap): ValType {
  if (typeof type !== "object" || typeof type.ref !== "object") return type;
  return { ref: { typeIndex: map(type.ref.typeIndex) }, nullable: type.nullable };
}

function mapField(field: FieldType, map: IndexMap): FieldType {
  const { storage, mutable } = field;
  return storage === "i8" || storage === "i16" ? field : { storage: mapValType(storage, map), mutable };
}

function mapSignature(type: FuncSignature, map: IndexMap): FuncSignature {
  return {
    params: type.params.map((param) => mapValType(param, map)),
    results: type.results.map((result) => mapValType(result, map)),
  };
}

function mapComposite(type: CompositeType, map: IndexMap): CompositeType {
  switch (type.kind) {
    case "func":
      return { kind: "func", ...mapSignature(type, map) };
    case "struct":
      return { kind: "struct", fields: type.fields.map((field) => mapField(field, map)) };
    case "array":
      return { kind: "array", element: mapField(type.element, map) };
  }
}

export function mapSubType(type: SubType, map: IndexMap): SubType {
  return {
    composite: mapComposite(type.composite, map),
    final: type.final,
    supertypes: type.supertypes.map(map),
    ...(type.describes === undefined ? {} : { describes: map(type.describes) }),
    ...(type.descriptor === undefined ? {} : { descriptor: map(type.descriptor) }),
  };
}

const abstractSupertypes: { readonly [T in AbstractHeapType]: readonly AbstractHeapType[] } = {
  func: [],
  nofunc: ["func"],
  extern: [],
  noextern: ["extern"],
  any: [],
  eq: ["any"],
  i31: ["eq", "any"],
  struct: ["eq", "any"],
  array: ["eq", "any"],
  none: ["i31", "struct", "array", "eq", "any"],
  exn: [],
  noexn: ["exn"],
};

const bottomOf: { readonly [K in CompositeType["kind"]]: AbstractHeapType } = {
  func: "nofunc",
  struct: "none",
  array: "none",
};

/** The defined types of one engine, interned by recursion group. Grows with the distinct types of its modules. */
export class TypeRegistry {
  readonly #types: CanonicalType[] = [];
  readonly #groups = new Map<string, number>();

  /** The canonical index of every type index of a module. */
  canonicalize(info: Pick<ModuleInfo, "types" | "groups">): readonly number[] {
    const canonical: number[] = [];
    for (const { first, length } of info.groups) {
      const base = this.#intern(info.types.slice(first, first + length), first, (index) => canonical[index]!);
      for (let offset = 0; offset < length; offset++) canonical.push(base + offset);
    }
    return canonical;
  }

  /**
   * The canonical index of a function type a host spells out: final, without supertypes, a group of its own.
   * @throws {RangeError} a type index in it is none of this engine's
   */
  indexOfSignature({ params, results }: FuncSignature): number {
    const type: SubType = { composite: { kind: "func", params, results }, final: true, supertypes: [] };
    return this.#intern([type], Number.POSITIVE_INFINITY, (index) => {
      this.at(index);
      return index;
    });
  }

  /** The type behind a canonical index. */
  at(index: number): CanonicalType {
    const type = this.#types[index];
    if (type === undefined)
      throw new RangeError(`Expected the index of a type of this engine, got \`${index}\``);
    return type;
  }

  /** The function type behind a canonical index. */
  signatureAt(index: number): FuncSignature {
    const { composite } = this.at(index);
    if (composite.kind !== "func")
      throw new RangeError(`Expected the index of a function type, got \`${index}\``);
    return composite;
  }

  /** A value type of a module with canonical indices in place of the module's own. */
  canonicalValType<T extends ValType>(type: T, canonical: readonly number[]): T {
    return mapValType(type, (index) => canonical[index]!) as T;
  }

  /** Whether a defined type is another one or a declared subtype of it. */
  isSubtype(index: number, of: number): boolean {
    return index === of || this.at(index).supertypes.some((parent) => this.isSubtype(parent, of));
  }

  /** Whether a value type is a subtype of another: the same number type, or a reference that fits. */
  isValSubtype(type: ValType, of: ValType): boolean {
    if (!isRefType(type) || !isRefType(of)) return type === of;
    return (isNullable(of) || !isNullable(type)) && this.isHeapSubtype(heapTypeOf(type), heapTypeOf(of));
  }

  /** Whether a heap type is a subtype of another. */
  isHeapSubtype(heap: HeapType, of: HeapType): boolean {
    if (typeof heap === "string") {
      if (typeof of === "string") return heap === of || abstractSupertypes[heap].includes(of);
      return heap === bottomOf[this.at(of.typeIndex).composite.kind];
    }
    if (typeof of === "object") return this.isSubtype(heap.typeIndex, of.typeIndex);
    const { kind } = this.at(heap.typeIndex).composite;
    return kind === of || abstractSupertypes[kind].includes(of);
  }

  #intern(group: readonly SubType[], first: number, outside: IndexMap): number {
    const isInside = (index: number) => index >= first && index < first + group.length;
    // Inside references count from the group's start, and negative, so that equal groups have equal keys.
    const key = JSON.stringify(
      group.map((type) =>
        mapSubType(type, (index) => (isInside(index) ? first - index - 1 : outside(index))),
      ),
    );
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const base = this.#types.length;
    this.#groups.set(key, base);
    for (const type of group) {
      this.#types.push({
        ...mapSubType(type, (index) => (isInside(index) ? base + index - first : outside(index))),
        groupFirst: base,
        groupLength: group.length,
      });
    }
    return base;
  }
}

/** Whether two value types of one index space are the same. */
export function isSameValType(a: ValType, b: ValType): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a.nullable !== b.nullable) return false;
  if (typeof a.ref === "object" && typeof b.ref === "object") return a.ref.typeIndex === b.ref.typeIndex;
  return a.ref === b.ref;
}
