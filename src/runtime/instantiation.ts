/**
 * The last steps of every instantiation, once names and types are settled.
 *
 * @packageDocumentation
 */
import { LimitError, LinkError, WasmlinkError } from "../errors.ts";
import { engineMessage } from "../host/engine-message.ts";
import { refusal } from "../host/refusals.ts";
import { classifyTrap } from "../host/trap-texts.ts";
import { type NativeImports, type NativeInstance, webAssembly } from "../host/webassembly.ts";
import type { ImportKey } from "../rewrite/import-keys.ts";
import type { CallerScope } from "./caller.ts";
import type { Code } from "./code.ts";
import { type Definition, isReusable, nativeImport } from "./definition.ts";
import { fromGuest, isUncaughtException } from "./failure.ts";
import type { Instance } from "./instance.ts";
import { chargeStartup, checkStartup, connect, ownImports } from "./instrumentation.ts";
import type { Module } from "./module.ts";
import { assertSharedMemory } from "./shared-memory.ts";
import type { Store } from "./store.ts";
import { trapOf } from "./trap.ts";

/** Checked definitions for a module's imports, with the engine's import object where it can be kept. */
export interface Linked {
  readonly definitions: readonly Definition[];
  /** Whether the definitions become the same imports for every instance, given that items are of one store. */
  readonly isReusable: boolean;
  /** Whether imports of one name are given different things: only by position they can be. */
  readonly sharesNames: boolean;
  /** An import object that was kept, and the form of the module it is for. */
  kept: { readonly code: Code; readonly imports: NativeImports } | undefined;
}

/** Checked definitions, ready for instantiation. */
export function prepareImports(module: Module, definitions: readonly Definition[]): Linked {
  const { escapes } = module;
  const reusable = definitions.every((definition, index) => isReusable(definition, escapes[index]!));
  return { definitions, isReusable: reusable, sharesNames: false, kept: undefined };
}

/** Makes the engine's instance for an Instance under construction. */
export function instantiateNative(instance: Instance<any>, linked: Linked): NativeInstance {
  const { module, store, code } = instance;
  reserve(module, store);
  checkStartup(code, store);
  let scope: CallerScope | undefined;
  const callerScope = () => {
    scope ??= { store, instance: undefined };
    return scope;
  };
  store.code.set(code, module);
  try {
    const imports = importsFor(instance, linked, callerScope);
    const native = new (webAssembly().Instance)(code.native, imports);
    connect(native, code, module, store);
    // After a failure functions may live on in imported tables, but no instance that they could show.
    if (scope !== undefined) scope.instance = instance;
    return native;
  } catch (error) {
    throw instantiationFailure(error);
  }
}

/** Runs the start function, which is kept from the engine so that host functions can see the exports meanwhile. */
export function runStart(instance: Instance<any>): void {
  const { code, module, native, store } = instance;
  try {
    chargeStartup(code, store);
    if (code.startExport === undefined) return;
    const start = native.exports[code.startExport];
    (store.deadlines?.guarded(start) ?? start)();
  } catch (error) {
    const { start } = module.info;
    const failure = fromGuest(error, store, start === undefined ? undefined : { instance, funcIndex: start });
    // As in wasmtime, instantiation fails with a trap only where there was one; an exception is another error.
    if (isUncaughtException(failure))
      throw Object.assign(new WasmlinkError(failure.message), { cause: failure.cause });
    throw failure;
  }
}

/** Counts the instance and asks for its memories and tables, in wasmtime's order. */
function reserve({ info, engine }: Module, store: Store<any>): void {
  const { resources } = store;
  const memories = info.memories.slice(info.imported.memory);
  const tables = info.tables.slice(info.imported.table);
  resources.countInstance(memories.length, tables.length);
  for (const type of memories) {
    if (type.shared) assertSharedMemory(engine);
    resources.allowMemory(type);
  }
  for (const type of tables) resources.allowTable(type);
}

function importsFor(instance: Instance<any>, linked: Linked, scope: () => CallerScope): NativeImports {
  const { code, module, store } = instance;
  if (linked.kept?.code === code) return linked.kept.imports;
  const imports = importObject(module, code, linked.definitions, store, scope);
  const own = ownImports(module, code, store);
  for (const [key, value] of own) supply(imports, key, value);
  if (linked.isReusable && own.length === 0) linked.kept = { code, imports };
  return imports;
}

function importObject(
  module: Module,
  { importKeys }: Code,
  definitions: readonly Definition[],
  store: Store<any>,
  scope: () => CallerScope,
): NativeImports {
  const { escapes } = module;
  const imports = emptyImports();
  for (let index = 0; index < definitions.length; index++) {
    supply(imports, importKeys[index]!, nativeImport(definitions[index]!, store, escapes[index]!, scope));
  }
  return imports;
}

/** Without a prototype: a guest chooses the names. */
function emptyImports(): NativeImports {
  return Object.create(null);
}

function supply(imports: NativeImports, { module, name }: ImportKey, value: unknown): void {
  imports[module] ??= Object.create(null) as Record<string, unknown>;
  imports[module][name] = value;
}

/** A module's imports under their own names, as real exported functions that foreign glue code may hand on. */
export function plainImports(
  module: Module,
  definitions: readonly Definition[],
  store: Store<any>,
): NativeImports {
  const scope: CallerScope = { store, instance: undefined };
  const imports = emptyImports();
  definitions.forEach((definition, index) => {
    supply(
      imports,
      module.info.imports[index]!,
      nativeImport(definition, store, true, () => scope),
    );
  });
  return imports;
}

function instantiationFailure(error: unknown): unknown {
  const code = classifyTrap(error);
  if (code !== undefined) return trapOf(code);
  const forbidden = refusal(error);
  if (forbidden !== undefined) return forbidden;
  if (error instanceof webAssembly().LinkError) return new LinkError(engineMessage(error));
  // What the engine cannot allocate, and sizes beyond its own limits.
  if (error instanceof RangeError) return new LimitError(engineMessage(error));
  return error;
}
