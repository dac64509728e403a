/**
 * Instance: a module with its imports, alive in a store.
 *
 * @packageDocumentation
 */
import type { ExportInfo } from "../binary/module-info.ts";
import type { GlobalType, MemoryType, TableType } from "../binary/types.ts";
import { CrossEngineError, CrossStoreError, LinkError } from "../errors.ts";
import type { NativeInstance } from "../host/webassembly.ts";
import { show } from "./arguments.ts";
import type { Code } from "./code.ts";
import {
  assertExtern,
  type Definition,
  itemDefinition,
  itemIn,
  nativeImport,
  ownerOf,
} from "./definition.ts";
import { type Extern, knownItem } from "./extern.ts";
import { Func, wasmFunc } from "./func.ts";
import { Global, globalOf } from "./global.ts";
import { checkImports } from "./import-check.ts";
import { instantiateNative, type Linked, prepareImports, runStart } from "./instantiation.ts";
import { Memory, memoryOf } from "./memory.ts";
import { assertModule, type Module } from "./module.ts";
import { SharedMemory } from "./shared-memory.ts";
import type { Store } from "./store.ts";
import { storeFrom } from "./store-like.ts";
import { Table, tableOf } from "./table.ts";
import { Tag, tagOf } from "./tag.ts";

/** Exports by name; callers narrow it: `Instance<{ add(a: number, b: number): number }>`. */
export type Exports = Record<string, any>;

/** From here on exports are looked up one by one: making all of them at once would cost more than it saves. */
const manyExports = 256;

/**
 * A module with its imports, alive in a store.
 *
 * Mirrors `wasmtime::Instance`. Spec: JavaScript interface, "Instances".
 *
 * @example
 * ```ts
 * const store = new Store();
 * const module = new Module(store.engine, '(module (func (export "answer") (result i32) i32.const 42))');
 * const instance = new Instance<{ answer(): number }>(store, module, []);
 * console.log(instance.exports.answer()); // 42
 * ```
 */
export class Instance<E extends Exports = Record<string, any>> {
  readonly module: Module;
  readonly store: Store<any>;
  /** The engine's own instance, for foreign glue code. What it exports bypasses the checks of this library. */
  readonly native: NativeInstance;
  /** The form of the module that runs here. @internal */
  readonly code: Code;
  readonly #imports: readonly Definition[];
  readonly #items = new Map<string, Extern>();
  #exports: Readonly<E> | undefined;

  /**
   * Instantiates a module with imports given by position, as the module lists them.
   *
   * The start function runs; what it throws comes out here.
   *
   * @param store - where the instance lives
   * @param module - a module of the store's engine
   * @param imports - one item for each import
   * @throws {TypeError} an argument has the wrong type
   * @throws {CrossStoreError} an item belongs to another store
   * @throws {CrossEngineError} the module or an item belongs to another engine
   * @throws {LinkError} the number of imports is wrong
   * @throws {IncompatibleImportError} an item has the wrong type
   * @throws {LimitError} the store's limits forbid it
   * @throws {Trap} the start function or a segment trapped
   */
  constructor(store: Store<any>, module: Module, imports: readonly Extern[]);
  /** @internal */
  constructor(store: Store<any>, module: Module, linked: Linked);
  constructor(store: Store<any>, module: Module, imports: readonly Extern[] | Linked) {
    this.store = storeFrom(store);
    assertModule(module);
    this.module = module;
    const linked = "definitions" in imports ? imports : linkByPosition(this.store, module, imports);
    this.#imports = linked.definitions;
    this.code = module.codeFor(this.store, linked.sharesNames);
    this.native = instantiateNative(this, linked);
    runStart(this);
  }

  /** Every export by name, frozen, without a prototype; an item is the same object on every read. */
  get exports(): Readonly<E> {
    this.#exports ??= this.#makeExports();
    return this.#exports;
  }

  /** The export of this name, of any kind. */
  getExport(name: string): Extern | undefined {
    const known = this.#items.get(name);
    if (known !== undefined) return known;
    if (typeof name !== "string") throw new TypeError(`Expected \`name\` to be a string, got ${show(name)}`);
    const entry = this.module.exportNamed(name);
    if (entry === undefined) return undefined;
    const item = this.#wrap(entry);
    this.#items.set(name, item);
    return item;
  }

  /** The export of this name if it is a function. */
  getFunc(name: string): Func | undefined {
    const item = this.getExport(name);
    return item instanceof Func ? item : undefined;
  }

  /** The export of this name if it is a memory. */
  getMemory(name: string): Memory | SharedMemory | undefined {
    const item = this.getExport(name);
    return item instanceof Memory || item instanceof SharedMemory ? item : undefined;
  }

  /** The export of this name if it is a table. */
  getTable(name: string): Table | undefined {
    const item = this.getExport(name);
    return item instanceof Table ? item : undefined;
  }

  /** The export of this name if it is a global. */
  getGlobal(name: string): Global | undefined {
    const item = this.getExport(name);
    return item instanceof Global ? item : undefined;
  }

  /** The export of this name if it is a tag. */
  getTag(name: string): Tag | undefined {
    const item = this.getExport(name);
    return item instanceof Tag ? item : undefined;
  }

  /** The engine's memory or table of an index, where something besides the module can reach it. @internal */
  nativeAt(kind: "memory" | "table", index: number): unknown {
    const { info } = this.module;
    const entry = info.exports.find((found) => found.kind === kind && found.index === index);
    if (entry !== undefined) return this.native.exports[entry.name];
    const positions = info.imports.flatMap(({ desc }, position) => (desc.kind === kind ? [position] : []));
    const definition = this.#imports[positions[index] ?? -1];
    return (
      definition && nativeImport(definition, this.store, false, () => ({ store: this.store, instance: this }))
    );
  }

  /** The function that was given for an import. @internal */
  importedFunc(funcIndex: number): Func | undefined {
    const definition = this.#imports[this.module.functionImports[funcIndex]!];
    return definition?.kind === "item" && definition.item instanceof Func ? definition.item : undefined;
  }

  #makeExports(): Readonly<E> {
    const exports = Object.create(null);
    const { exports: entries } = this.module.info;
    for (const { name } of entries) {
      const property =
        entries.length > manyExports ? { get: () => this.getExport(name) } : { value: this.getExport(name) };
      Object.defineProperty(exports, name, { ...property, enumerable: true });
    }
    return Object.freeze(exports);
  }

  #wrap(entry: ExportInfo): Extern {
    const { kind, index, name } = entry;
    if (kind === "func" && index < this.module.info.imported.func) {
      const definition = this.#imports[this.module.functionImports[index]!]!;
      if (definition.kind !== "foreign") return itemIn(definition, this.store);
    }
    const native = this.native.exports[name];
    const known = knownItem<Extern>(native);
    if (known !== undefined) return known;
    const type = this.module.typeOf(entry);
    switch (type.kind) {
      case "func":
        return wasmFunc(native, type.typeIndex, this.store, { instance: this, funcIndex: index });
      case "global":
        return globalOf(native, type as GlobalType, this.store);
      case "table":
        return tableOf(native, type as TableType, this.store);
      case "memory":
        return memoryOf(native, type as MemoryType, this.store);
      case "tag":
        return tagOf(native, type.typeIndex, this.store);
    }
  }
}

function linkByPosition(store: Store<any>, module: Module, imports: readonly Extern[]): Linked {
  if (!Array.isArray(imports))
    throw new TypeError(`Expected \`imports\` to be an array, got ${show(imports)}`);
  for (const item of imports) assertExtern(item);
  const definitions = imports.map(itemDefinition);
  for (const definition of definitions) {
    const owner = ownerOf(definition);
    if (owner !== undefined && owner !== store)
      throw new CrossStoreError("cross-`Store` instantiation is not currently supported");
  }
  if (module.engine !== store.engine)
    throw new CrossEngineError("cross-`Engine` instantiation is not currently supported");
  if (definitions.length !== module.info.imports.length)
    throw new LinkError(`expected ${module.info.imports.length} imports, found ${definitions.length}`);
  checkImports(module, definitions, "current");
  return { ...prepareImports(module, definitions), sharesNames: givesNameTwice(module, definitions) };
}

/** Whether two different items are given for one name. */
function givesNameTwice(module: Module, definitions: readonly Definition[]): boolean {
  const given = new Map<string, Map<string, Extern>>();
  return module.info.imports.some(({ module: from, name }, index) => {
    const { item } = definitions[index] as Definition & { kind: "item" };
    const items = given.get(from) ?? new Map<string, Extern>();
    given.set(from, items);
    const earlier = items.get(name) ?? item;
    items.set(name, item);
    return earlier !== item;
  });
}

/** Narrows an argument to an Instance. @internal */
export function assertInstance(value: unknown): asserts value is Instance {
  if (!(value instanceof Instance)) throw new TypeError(`Expected an Instance, got ${show(value)}`);
}
