/**
 * Function types as the modules generated here declare them.
 *
 * Engines tell types apart by recursion group, so `(func)` alone does not link against the `(func)` of a group of two,
 * nor against one that is open to subtypes. A generated module therefore repeats the whole type section where a type is
 * more than a plain signature.
 *
 * Spec: https://webassembly.github.io/spec/core/valid/conventions.html#defined-types
 *
 * @packageDocumentation
 */
import type { ModuleInfo } from "../binary/module-info.ts";
import { ByteReader } from "../binary/reader.ts";
import { findSection, SectionId } from "../binary/sections.ts";
import { writeRecursionGroup } from "../binary/type-writer.ts";
import { type FuncSignature, heapTypeOf, isRefType, type ValType } from "../binary/types.ts";
import { ByteWriter } from "../binary/writer.ts";

/** Types a generated module begins with. */
export interface NativeTypes {
  /** Encoded recursion groups, one behind the other. */
  readonly groups: Uint8Array;
  readonly groupCount: number;
  /** Number of types in the groups. */
  readonly typeCount: number;
}

/** A function type and the types it needs around it. What is generated for it is cached by this object. */
export interface NativeFuncType extends FuncSignature, NativeTypes {
  /** Index of the function type among them. `typeIndex` inside the signature counts there, too. */
  readonly typeIndex: number;
}

const plainTypes = new Map<string, NativeFuncType>();

/** Guests choose their signatures: what is kept for them must not grow with their number. */
const maxPlainTypes = 1000;

/** The type of a signature that names no type by index. The same object serves the same signature while it is cached. */
export function plainFuncType({ params, results }: FuncSignature): NativeFuncType {
  const key = JSON.stringify([params, results]);
  const known = plainTypes.get(key);
  if (known !== undefined) return known;
  const writer = new ByteWriter(64);
  const composite = { kind: "func", params, results } as const;
  writeRecursionGroup(writer, [{ composite, final: true, supertypes: [] }]);
  const type = { params, results, groups: writer.finish(), groupCount: 1, typeCount: 1, typeIndex: 0 };
  if (plainTypes.size >= maxPlainTypes) plainTypes.clear();
  plainTypes.set(key, type);
  return type;
}

function namesTypeByIndex(type: ValType): boolean {
  return isRefType(type) && typeof heapTypeOf(type) === "object";
}

const moduleFuncTypes = new WeakMap<ModuleInfo, Map<number, NativeFuncType>>();

/**
 * A function type of a module. The same index gives the same object.
 *
 * @param typeIndex - of a function type
 */
export function moduleFuncType(info: ModuleInfo, typeIndex: number): NativeFuncType {
  const types = moduleFuncTypes.get(info) ?? new Map<number, NativeFuncType>();
  moduleFuncTypes.set(info, types);
  const type = types.get(typeIndex) ?? makeModuleFuncType(info, typeIndex);
  types.set(typeIndex, type);
  return type;
}

function makeModuleFuncType(info: ModuleInfo, typeIndex: number): NativeFuncType {
  const { composite, final, supertypes } = info.types[typeIndex]!;
  if (composite.kind !== "func")
    throw new TypeError(`type ${typeIndex} is a ${composite.kind}, not a function`);
  const { params, results } = composite;
  const group = info.groups.find(({ first, length }) => typeIndex < first + length)!;
  const isPlain = group.length === 1 && final && supertypes.length === 0;
  if (isPlain && ![...params, ...results].some(namesTypeByIndex)) return plainFuncType(composite);
  return { params, results, ...moduleTypes(info), typeIndex };
}

/** No types. */
export const noTypes: NativeTypes = { groups: new Uint8Array(), groupCount: 0, typeCount: 0 };

/** All types of a module. */
export function moduleTypes(info: ModuleInfo): NativeTypes {
  const section = findSection(info, SectionId.type);
  if (section === undefined) return noTypes;
  const reader = new ByteReader(info.bytes, section.payload, section.end);
  const groupCount = reader.u32();
  const groups = info.bytes.subarray(reader.offset, section.end);
  return { groups, groupCount, typeCount: info.types.length };
}

/**
 * Writes the type section of a generated module: the given groups, then function types of the module's own, whose
 * indices start at `types.typeCount`.
 */
export function writeTypes(writer: ByteWriter, types: NativeTypes, own: readonly FuncSignature[]): void {
  writer.section(SectionId.type, () => {
    writer.u32(types.groupCount + own.length);
    writer.bytes(types.groups);
    for (const { params, results } of own) {
      const composite = { kind: "func", params, results } as const;
      writeRecursionGroup(writer, [{ composite, final: true, supertypes: [] }]);
    }
  });
}
