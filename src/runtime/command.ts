/**
 * WASI's two kinds of modules: commands, instantiated for each call, and reactors, initialised once.
 *
 * @packageDocumentation
 */
import type { FuncType } from "../binary/types.ts";
import { LinkError, WasmlinkError } from "../errors.ts";
import { Func } from "./func.ts";
import type { Instance } from "./instance.ts";
import type { Linker } from "./linker.ts";
import type { Module } from "./module.ts";
import type { Store } from "./store.ts";

/** What toolchains export from commands beside functions, by its kind: skipped without a word. */
const ignoredExports: ReadonlyMap<string, string> = new Map([
  ["memory", "memory"],
  ["__indirect_function_table", "table"],
  ["table", "table"],
  ["__data_end", "global"],
  ["__heap_base", "global"],
  ["__dso_handle", "global"],
  ["__rtti_base", "global"],
]);

/** Whether a module is a command; what is no command is a reactor, with or without `_initialize`. */
export function isCommand(module: Module): boolean {
  const start = module.exportNamed("_start");
  const initialize = module.exportNamed("_initialize");
  if (start !== undefined && initialize !== undefined)
    throw new LinkError("Program cannot be both a Command and a Reactor");
  for (const entry of [start, initialize]) {
    if (entry !== undefined && entry.kind !== "func")
      throw new LinkError(`\`${entry.name}\` must be a function`);
  }
  return start !== undefined;
}

/** The functions of a command. Each call of one gets an instance of its own, in the store of the call. */
export function* defineCommand(
  linker: Linker,
  store: Store<any>,
  module: Module,
): Generator<readonly [name: string, Func], void, void> {
  for (const { name, kind } of module.info.exports) {
    if (kind === "func") {
      const pre = linker.instantiatePre(module);
      const type = module.getExport(name) as FuncType;
      const func = new Func(store, type, (...args) => pre.instantiate(store).getFunc(name)!(...args));
      yield [name, func];
    } else if (ignoredExports.get(name) !== kind && !linker.allowUnknownExports) {
      throw new LinkError(`command export '${name}' is not a function`);
    }
  }
}

/** The one instance of a reactor, initialised. */
export function defineReactor(linker: Linker, store: Store<any>, module: Module): Instance {
  const instance = linker.instantiate(store, module);
  const initialize = instance.getFunc("_initialize");
  if (initialize === undefined) return instance;
  try {
    assertInitializer(initialize);
    initialize();
  } catch (error) {
    throw new WasmlinkError("calling the Reactor initialization function", { cause: error });
  }
  return instance;
}

function assertInitializer({ type }: Func): void {
  for (const [what, types] of [
    ["parameters", type.params],
    ["results", type.results],
  ] as const) {
    if (types.length > 0)
      throw new WasmlinkError(`type mismatch with ${what}`, {
        cause: `expected 0 types, found ${types.length}`,
      });
  }
}
