/**
 * The last steps of every instantiation, once names and types are settled.
 *
 * @packageDocumentation
 */
import { LimitError, LinkError, WasmlinkError } from "../errors.ts";
import { engineMessage } from "../host/engine-message.ts";
import { classifyTrap } from "../host/trap-texts.ts";
import { type NativeImports, type NativeInstance, webAssembly } from "../host/webassembly.ts";
import { CallerScope } from "./caller.ts";
import { type Definition, isReusable, nativeImport } from "./definition.ts";
import { fromGuest } from "./failure.ts";
import type { Instance } from "./instance.ts";
import type { Module } from "./module.ts";
import { assertSharedMemory } from "./shared-memory.ts";
import type { Store } from "./store.ts";
import { Trap, trapOf } from "./trap.ts";

/** Checked definitions for a module's imports, with the engine's import object where it can be kept. */
export interface Linked {
  readonly definitions: readonly Definition[];
  /** Whether one import object serves every instance, given that items are of one store. */
  readonly isReusable: boolean;
  imports: NativeImports | undefined;
}

/** Checked definitions, ready for instantiation. */
export function prepareImports(module: Module, definitions: readonly Definition[]): Linked {
  let functions = 0;
  const reusable = definitions.every((definition, index) => {
    const isFunction = module.importTypes[index]!.kind === "func";
    return isReusable(definition, isFunction && module.escaping.has(functions++));
  });
  return { definitions, isReusable: reusable, imports: undefined };
}

/** Makes the engine's instance for an Instance under construction. */
export function instantiateNative(instance: Instance<any>, linked: Linked): NativeInstance {
  const { module, store } = instance;
  reserve(module, store);
  let scope: CallerScope | undefined;
  const callerScope = () => (scope ??= new CallerScope(store));
  let imports = linked.imports;
  if (imports === undefined) {
    imports = importObject(module, linked.definitions, store, callerScope);
    if (linked.isReusable) linked.imports = imports;
  }
  store.modules.add(module);
  try {
    return new (webAssembly().Instance)(module.compiled.native, imports);
  } catch (error) {
    throw instantiationFailure(error);
  } finally {
    if (scope !== undefined) scope.instance = instance;
  }
}

/** Runs the start function, which is kept from the engine so that host functions can see the exports meanwhile. */
export function runStart({ module, native, store }: Instance<any>): void {
  const { startExport } = module.compiled;
  if (startExport === undefined) return;
  try {
    native.exports[startExport]();
  } catch (error) {
    const failure = fromGuest(error, store);
    // As in wasmtime, instantiation fails with a trap only where there was one; an exception is another error.
    if (failure instanceof Trap && failure.trapCode === undefined && failure.cause !== undefined)
      throw new WasmlinkError(failure.message, { cause: failure.cause });
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

function importObject(
  module: Module,
  definitions: readonly Definition[],
  store: Store<any>,
  scope: () => CallerScope,
): NativeImports {
  const { importKeys } = module.compiled;
  const imports: NativeImports = Object.create(null);
  let functions = 0;
  for (let index = 0; index < definitions.length; index++) {
    const { module: from, name } = importKeys[index]!;
    const isFunction = module.importTypes[index]!.kind === "func";
    const escapes = isFunction && module.escaping.has(functions++);
    imports[from] ??= Object.create(null) as Record<string, unknown>;
    imports[from][name] = nativeImport(definitions[index]!, store, escapes, scope);
  }
  return imports;
}

/** A module's imports under their own names, as real exported functions that foreign glue code may hand on. */
export function plainImports(
  module: Module,
  definitions: readonly Definition[],
  store: Store<any>,
): NativeImports {
  const scope = new CallerScope(store);
  const imports: NativeImports = {};
  definitions.forEach((definition, index) => {
    const { module: from, name } = module.info.imports[index]!;
    imports[from] ??= {};
    imports[from][name] = nativeImport(definition, store, true, () => scope);
  });
  return imports;
}

function instantiationFailure(error: unknown): unknown {
  const code = classifyTrap(error);
  if (code !== undefined) return trapOf(code);
  if (error instanceof webAssembly().LinkError) return new LinkError(engineMessage(error));
  // What the engine cannot allocate, and sizes beyond its own limits.
  if (error instanceof RangeError) return new LimitError(engineMessage(error));
  return error;
}
