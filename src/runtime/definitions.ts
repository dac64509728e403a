/**
 * Making memories, tables, globals and tags natively, of types given in the engine's canonical indices.
 *
 * @packageDocumentation
 */
import type { GlobalType, MemoryType, TableType } from "../binary/types.ts";
import { LimitError, UnsupportedError } from "../errors.ts";
import { createGlobal, createMemory, createTable, createTag } from "../host/externs.ts";
import type { NativeTypes } from "../host/func-types.ts";
import type { NativeGlobal, NativeMemory, NativeTable, NativeTag } from "../host/webassembly.ts";
import { mentionedTypes, nativeFuncType, TypeSection } from "./type-encoding.ts";
import type { TypeRegistry } from "./type-registry.ts";

function encoded(types: TypeSection): NativeTypes {
  return { groups: types.encode(), groupCount: types.groupCount, typeCount: types.typeCount };
}

/** What the engine makes unless it has no room: it tells so in more than one way. */
function allocated<T>(what: string, create: () => T): T {
  try {
    return create();
  } catch (error) {
    if (error instanceof UnsupportedError) throw error;
    throw new LimitError(`failed to create a ${what}`, { cause: error });
  }
}

/** A memory of its type's minimum size. */
export function defineMemory(type: MemoryType): NativeMemory {
  return allocated(`memory of ${type.minimum} pages`, () => createMemory(type));
}

/** A global holding a converted value. */
export function defineGlobal(type: GlobalType, value: unknown, registry: TypeRegistry): NativeGlobal {
  const types = new TypeSection(registry, mentionedTypes([type.content]));
  return createGlobal({ ...type, content: types.valType(type.content) }, value, encoded(types));
}

/** A table filled with a converted reference. */
export function defineTable(type: TableType, initial: unknown, registry: TypeRegistry): NativeTable {
  const types = new TypeSection(registry, mentionedTypes([type.element]));
  return allocated(`table of ${type.minimum} elements`, () =>
    createTable({ ...type, element: types.valType(type.element) }, initial, encoded(types)),
  );
}

/** A tag of a canonical function type, with an identity of its own. */
export function defineTag(typeIndex: number, registry: TypeRegistry): NativeTag {
  return createTag(nativeFuncType(typeIndex, registry));
}
