/**
 * What a name in a linker stands for, and how it becomes an import of the JavaScript engine.
 *
 * @packageDocumentation
 */
import type { ExternKind, ExternType } from "../binary/types.ts";
import { CrossEngineError, CrossStoreError, WasmlinkError } from "../errors.ts";
import type { NativeExtern } from "../host/webassembly.ts";
import { show } from "./arguments.ts";
import type { CallerScope } from "./caller.ts";
import type { Engine } from "./engine.ts";
import type { Extern } from "./extern.ts";
import { Func, hostFunc } from "./func.ts";
import { associateNative, funcRecord } from "./func-record.ts";
import { Global } from "./global.ts";
import type { HostFunction } from "./host-function.ts";
import type { MatchType } from "./matching.ts";
import { Memory } from "./memory.ts";
import { SharedMemory } from "./shared-memory.ts";
import type { Store } from "./store.ts";
import { Table } from "./table.ts";
import { Tag } from "./tag.ts";

/** An item, with its type as it was when it was defined: sizes of memories and tables are then current ones. */
interface ItemDefinition {
  readonly kind: "item";
  readonly item: Extern;
  readonly type: MatchType;
}

/** A function of the host that belongs to no store yet. */
interface HostDefinition {
  readonly kind: "host";
  readonly host: HostFunction;
}

/** A value of foreign glue code, whose type only the JavaScript engine knows: it fits every type of its kind. */
interface ForeignDefinition {
  readonly kind: "foreign";
  readonly externKind: ExternKind;
  readonly value: NativeExtern;
  readonly store: Store<any>;
}

export type Definition = ItemDefinition | HostDefinition | ForeignDefinition;

/** A definition of an item as it is now. */
export function itemDefinition(item: Extern): ItemDefinition {
  return { kind: "item", item, type: currentType(item) };
}

/** Whether a value is an item. */
export function isExtern(value: unknown): value is Extern {
  return (
    value instanceof Func ||
    value instanceof Global ||
    value instanceof Memory ||
    value instanceof SharedMemory ||
    value instanceof Tag ||
    value instanceof Table
  );
}

/** Narrows an argument to an item. */
export function assertExtern(value: unknown): asserts value is Extern {
  if (!isExtern(value))
    throw new TypeError(`Expected a Func, Global, Memory, SharedMemory, Tag, or Table, got ${show(value)}`);
}

/** The type of an item with the sizes it has now. */
function currentType(item: Extern): MatchType {
  if (item instanceof Memory || item instanceof SharedMemory) return { ...item.type, minimum: item.size };
  if (item instanceof Table) return { ...item.type, minimum: item.size };
  if (item instanceof Global) return item.type;
  if (item instanceof Tag) return { kind: "tag", typeIndex: item.typeIndex };
  return { kind: "func", typeIndex: funcRecord(item)!.typeIndex };
}

/** The type to match an import with: as defined, or with the sizes of this moment. */
export function typeForMatching(
  definition: ItemDefinition | HostDefinition,
  sizes: "defined" | "current",
): MatchType {
  if (definition.kind === "host") return definition.host.matchType;
  const { type, item } = definition;
  const isSized = type.kind === "memory" || type.kind === "table";
  return isSized && sizes === "current" ? currentType(item) : type;
}

/** The type to show. */
export function externType(definition: ItemDefinition | HostDefinition): ExternType {
  return definition.kind === "host" ? definition.host.type : definition.item.type;
}

/** The store a definition is tied to; undefined where any store of the engine will do. */
export function ownerOf(definition: Definition): Store<any> | undefined {
  if (definition.kind === "host") return undefined;
  if (definition.kind === "foreign") return definition.store;
  return definition.item instanceof SharedMemory ? undefined : definition.item.store;
}

/** The engine a definition belongs to. */
export function engineOf(definition: Definition): Engine {
  if (definition.kind === "host") return definition.host.engine;
  if (definition.kind === "foreign") return definition.store.engine;
  return definition.item instanceof SharedMemory ? definition.item.engine : definition.item.store.engine;
}

/** The item a definition is in a store. */
export function itemIn(definition: Definition, store: Store<any>): Extern {
  switch (definition.kind) {
    case "item":
      return definition.item;
    case "host":
      if (definition.host.engine !== store.engine)
        throw new CrossEngineError(
          "cannot use a store with a different engine than a linker was created with",
        );
      return hostFunc(definition.host, store);
    case "foreign":
      throw new WasmlinkError("an import of foreign glue code has no type, so it cannot be used as an item");
  }
}

/** Refuses an item that belongs to another store. */
export function assertOwner(item: Extern, store: Store<any>): void {
  if (item instanceof SharedMemory ? item.engine !== store.engine : item.store !== store)
    throw new CrossStoreError("object used with the wrong store");
}

/** Whether a definition becomes the same import for every instance, given its store. */
export function isReusable(definition: Definition, escapes: boolean): boolean {
  if (definition.kind === "foreign") return true;
  const host = definition.kind === "host" ? definition.host : funcRecord(definition.item)?.host;
  if (host === undefined) return true;
  return definition.kind === "host" ? host.isShareable && !escapes : !host.accessCaller;
}

/**
 * What the engine is given for an import.
 *
 * Plain closures are the fastest; but where wasm can make a reference to the import (`escapes`), it must be a real
 * exported function that leads back to its {@link Func}.
 */
export function nativeImport(
  definition: Definition,
  store: Store<any>,
  escapes: boolean,
  scope: () => CallerScope,
): unknown {
  if (definition.kind === "foreign") return definition.value;
  if (definition.kind === "item") {
    const record = funcRecord(definition.item);
    if (record === undefined) return (definition.item as Exclude<Extern, Func>).native;
    if (record.host === undefined) return record.native();
    return hostImport(record.host, store, escapes, scope);
  }
  return hostImport(definition.host, store, escapes, scope);
}

function hostImport(
  host: HostFunction,
  store: Store<any>,
  escapes: boolean,
  scope: () => CallerScope,
): unknown {
  const ownScope = host.accessCaller ? scope() : undefined;
  if (!escapes) return host.importable(store, ownScope);
  const func = hostFunc(host, store);
  if (ownScope === undefined) return funcRecord(func)!.native();
  const native = host.exported(store, ownScope);
  associateNative(native, func);
  return native;
}
