/**
 * Making tables, globals and tags natively, of types given in the engine's canonical indices.
 *
 * @packageDocumentation
 */
import type { GlobalType, TableType } from "../binary/types.ts";
import { createGlobal, createTable, createTag } from "../host/externs.ts";
import type { NativeTypes } from "../host/func-types.ts";
import type { NativeGlobal, NativeTable, NativeTag } from "../host/webassembly.ts";
import { mentionedTypes, nativeFuncType, TypeSection } from "./type-encoding.ts";
import type { TypeRegistry } from "./type-registry.ts";

function encoded(types: TypeSection): NativeTypes {
  return { groups: types.encode(), groupCount: types.groupCount, typeCount: types.typeCount };
}

/** A global holding a converted value. */
export function defineGlobal(type: GlobalType, value: unknown, registry: TypeRegistry): NativeGlobal {
  const types = new TypeSection(registry, mentionedTypes([type.content]));
  return createGlobal({ ...type, content: types.valType(type.content) }, value, encoded(types));
}

/** A table filled with a converted reference. */
export function defineTable(type: TableType, initial: unknown, registry: TypeRegistry): NativeTable {
  const types = new TypeSection(registry, mentionedTypes([type.element]));
  return createTable({ ...type, element: types.valType(type.element) }, initial, encoded(types));
}

/** A tag of a canonical function type, with an identity of its own. */
export function defineTag(typeIndex: number, registry: TypeRegistry): NativeTag {
  return createTag(nativeFuncType(typeIndex, registry));
}
