/**
 * Items from and for the plain import objects that other toolchains' glue code works with.
 *
 * @packageDocumentation
 */
import type { ExternKind } from "../binary/types.ts";
import { type NativeExtern, type NativeFunction, webAssembly } from "../host/webassembly.ts";
import { show } from "./arguments.ts";
import { assertOwner, type Definition, isExtern, itemDefinition } from "./definition.ts";
import { type Extern, knownItem } from "./extern.ts";
import { knownFunc } from "./func-record.ts";
import type { Store } from "./store.ts";

/**
 * A definition for a value of a plain import object: the item it is, or else a foreign value that the JavaScript engine
 * will check.
 *
 * @throws {TypeError} the value cannot be imported
 * @throws {CrossStoreError} the item belongs to another store
 */
export function foreignDefinition(value: unknown, store: Store<any>): Definition {
  const item = isExtern(value) ? value : itemOfNative(value);
  if (item !== undefined) {
    assertOwner(item, store);
    return itemDefinition(item);
  }
  const externKind = kindOf(value);
  if (externKind === undefined)
    throw new TypeError(`Expected something that WebAssembly can import, got ${show(value)}`);
  return { kind: "foreign", externKind, value: value as NativeExtern, store };
}

function itemOfNative(value: unknown): Extern | undefined {
  if (typeof value === "function") return knownFunc(value as NativeFunction);
  return typeof value === "object" && value !== null ? knownItem<Extern>(value) : undefined;
}

function kindOf(value: unknown): ExternKind | undefined {
  const { Memory, Table, Global, Tag } = webAssembly();
  if (typeof value === "function") return "func";
  if (typeof value === "number" || typeof value === "bigint" || value instanceof Global) return "global";
  if (value instanceof Memory) return "memory";
  if (value instanceof Table) return "table";
  return Tag !== undefined && value instanceof Tag ? "tag" : undefined;
}
