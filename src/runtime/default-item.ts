/**
 * Items that stand in for imports nobody defined: zero, null, empty.
 *
 * @packageDocumentation
 */
import type { ExternType } from "../binary/types.ts";
import { type ImportType, WasmlinkError } from "../errors.ts";
import type { Extern } from "./extern.ts";
import { Func } from "./func.ts";
import { Global } from "./global.ts";
import { Memory } from "./memory.ts";
import { SharedMemory } from "./shared-memory.ts";
import type { Store } from "./store.ts";
import { Table } from "./table.ts";
import { Tag } from "./tag.ts";
import { renderExternType } from "./type-text.ts";
import { defaultValue } from "./values.ts";

/**
 * An item of an import's type: functions return zeros and nulls, globals and tables hold them, memories are zeroed.
 *
 * @throws {WasmlinkError} a reference in the type cannot be null, or the item cannot be made
 */
export function defaultItem({ module, name, type }: ImportType, store: Store<any>): Extern {
  try {
    return itemOf(type, store);
  } catch (error) {
    if (!(error instanceof WasmlinkError)) throw error;
    const shown = renderExternType(type, store.engine.types);
    throw new WasmlinkError(`no default value exists for \`${module}::${name}\` with type \`${shown}\``, {
      cause: error,
    });
  }
}

function itemOf(type: ExternType, store: Store<any>): Extern {
  switch (type.kind) {
    case "func": {
      const results = type.results.map(defaultValue);
      if (results.includes(undefined))
        throw new WasmlinkError("function results do not have a default value");
      const fixed = results.length <= 1 ? results[0] : results;
      return new Func(store, type, () => fixed);
    }
    case "global": {
      const value = defaultValue(type.content);
      if (value === undefined) throw new WasmlinkError("global type has no default value");
      return new Global(store, type, value);
    }
    case "table":
      if (defaultValue(type.element) === undefined)
        throw new WasmlinkError("table element type does not have a default value");
      return new Table(store, type, null);
    case "memory":
      return type.shared ? new SharedMemory(store.engine, type) : new Memory(store, type);
    case "tag":
      return new Tag(store, type);
  }
}
