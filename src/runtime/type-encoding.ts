/**
 * Canonical types back in the binary format, for the small modules we generate.
 *
 * A generated module must state a type with its whole recursion group, or the engine takes it for a different type.
 *
 * @packageDocumentation
 */
import type { CompositeType, FieldType } from "../binary/module-info.ts";
import { writeRecursionGroup } from "../binary/type-writer.ts";
import { heapTypeOf, isNullable, type RefType, type ValType } from "../binary/types.ts";
import { ByteWriter } from "../binary/writer.ts";
import type { NativeFuncType } from "../host/func-types.ts";
import type { CanonicalType, TypeRegistry } from "./type-registry.ts";
import { mapSubType, mapValType } from "./type-registry.ts";

/** A type section that holds what a set of canonical types needs, with the mapping to its own indices. */
export class TypeSection {
  readonly #registry: TypeRegistry;
  /** First canonical index of each group → first index in this section. */
  readonly #groups = new Map<number, number>();
  /** Number of types in the section. */
  typeCount = 0;

  constructor(registry: TypeRegistry, indices: Iterable<number>) {
    this.#registry = registry;
    const needed = new Set<number>();
    // A list, not recursion: the guest decides how far types lead to others.
    const open = [...indices];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      const { groupFirst, groupLength } = registry.at(index);
      if (needed.has(groupFirst)) continue;
      needed.add(groupFirst);
      for (let offset = 0; offset < groupLength; offset++) {
        for (const reference of references(registry.at(groupFirst + offset))) open.push(reference);
      }
    }
    // A group refers to groups that were interned before it, so canonical order is a legal order.
    for (const first of [...needed].sort((a, b) => a - b)) {
      this.#groups.set(first, this.typeCount);
      this.typeCount += registry.at(first).groupLength;
    }
  }

  /** This section's index of a canonical type. */
  indexOf(canonical: number): number {
    const { groupFirst } = this.#registry.at(canonical);
    return this.#groups.get(groupFirst)! + canonical - groupFirst;
  }

  /** A value type in this section's indices. */
  valType<T extends ValType>(type: T): T {
    return mapValType(type, (index) => this.indexOf(index)) as T;
  }

  get groupCount(): number {
    return this.#groups.size;
  }

  /** The recursion groups in the binary format, one behind the other. */
  encode(): Uint8Array<ArrayBuffer> {
    const writer = new ByteWriter(64);
    for (const first of this.#groups.keys()) {
      const group = Array.from({ length: this.#registry.at(first).groupLength }, (_, offset) =>
        mapSubType(this.#registry.at(first + offset), (index) => this.indexOf(index)),
      );
      writeRecursionGroup(writer, group);
    }
    return writer.finish();
  }
}

function references({ composite, supertypes, describes, descriptor }: CanonicalType): number[] {
  const indices = [...supertypes];
  if (describes !== undefined) indices.push(describes);
  if (descriptor !== undefined) indices.push(descriptor);
  for (const type of valTypesIn(composite)) {
    if (typeof type === "object" && typeof type.ref === "object") indices.push(type.ref.typeIndex);
  }
  return indices;
}

function valTypesIn(composite: CompositeType): readonly FieldType["storage"][] {
  switch (composite.kind) {
    case "func":
      return [...composite.params, ...composite.results];
    case "struct":
      return composite.fields.map(({ storage }) => storage);
    case "array":
      return [composite.element.storage];
  }
}

/** The canonical types a list of value types mentions. */
export function mentionedTypes(types: readonly ValType[]): number[] {
  return types.flatMap((type) =>
    typeof type === "object" && typeof type.ref === "object" ? [type.ref.typeIndex] : [],
  );
}

const funcTypes = new WeakMap<TypeRegistry, Map<number, NativeFuncType>>();

/** A canonical function type for generated modules; the same object for the same type. */
export function nativeFuncType(canonical: number, registry: TypeRegistry): NativeFuncType {
  const known = funcTypes.get(registry) ?? new Map<number, NativeFuncType>();
  funcTypes.set(registry, known);
  let type = known.get(canonical);
  if (type === undefined) {
    const types = new TypeSection(registry, [canonical]);
    const { params, results } = registry.signatureAt(canonical);
    type = {
      params: params.map((param) => types.valType(param)),
      results: results.map((result) => types.valType(result)),
      groups: types.encode(),
      groupCount: types.groupCount,
      typeCount: types.typeCount,
      typeIndex: types.indexOf(canonical),
    };
    known.set(canonical, type);
  }
  return type;
}

const parameters = new WeakMap<TypeRegistry, Map<string, NativeFuncType>>();

/** A function type with one parameter of a reference type, and no results. */
export function nativeParameter(type: RefType, registry: TypeRegistry): NativeFuncType {
  const known = parameters.get(registry) ?? new Map<string, NativeFuncType>();
  parameters.set(registry, known);
  const heap = heapTypeOf(type);
  const key = `${isNullable(type)} ${typeof heap === "string" ? heap : heap.typeIndex}`;
  let parameter = known.get(key);
  if (parameter === undefined) {
    parameter = nativeFuncType(registry.indexOfSignature({ params: [type], results: [] }), registry);
    known.set(key, parameter);
  }
  return parameter;
}
