/**
 * The items a module imports and exports, and their identity: the same native object is always the same item.
 *
 * @packageDocumentation
 */
import { show } from "./arguments.ts";
import type { Func } from "./func.ts";
import type { Global } from "./global.ts";
import type { Memory } from "./memory.ts";
import type { SharedMemory } from "./shared-memory.ts";
import type { Table } from "./table.ts";
import type { Tag } from "./tag.ts";

/** Anything a module can import or export. */
export type Extern = Func | Global | Table | Memory | SharedMemory | Tag;

const items = new WeakMap<object, object>();

/** Lets a native object be found again as this item. */
export function associateItem(native: object, item: object): void {
  items.set(native, item);
}

/** The item made for a native object, if any. */
export function knownItem<T extends object>(native: object): T | undefined {
  return items.get(native) as T | undefined;
}

/** A non-negative integer argument, for sizes and indices. */
export function sizeArgument(value: unknown, name: string): number {
  if (typeof value !== "number" && typeof value !== "bigint")
    throw new TypeError(`Expected \`${name}\` to be a non-negative integer, got ${show(value)}`);
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new RangeError(`Expected \`${name}\` to be a non-negative integer, got ${show(value)}`);
  return number;
}
