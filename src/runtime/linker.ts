/**
 * Linker: definitions by name, and modules instantiated from them.
 *
 * @packageDocumentation
 */
import type { ExternType, FuncSignature, ValType } from "../binary/types.ts";
import {
  CrossEngineError,
  CrossStoreError,
  type ImportType,
  LinkError,
  UnknownImportError,
  WasmlinkError,
} from "../errors.ts";
import type { NativeImports } from "../host/webassembly.ts";
import { show } from "./arguments.ts";
import type { Caller } from "./caller.ts";
import { defineCommand, defineReactor, isCommand } from "./command.ts";
import { defaultItem } from "./default-item.ts";
import {
  assertExtern,
  assertOwner,
  type Definition,
  externType,
  itemDefinition,
  itemIn,
} from "./definition.ts";
import { DefinitionMap } from "./definition-map.ts";
import { assertEngine, type Engine } from "./engine.ts";
import type { Extern } from "./extern.ts";
import { withBacktrace } from "./failure.ts";
import { Func } from "./func.ts";
import { type HostFuncOptions, HostFunction } from "./host-function.ts";
import { checkImports } from "./import-check.ts";
import { assertInstance, type Exports, Instance } from "./instance.ts";
import { assertStoreFits, InstancePre } from "./instance-pre.ts";
import { type Linked, plainImports, prepareImports } from "./instantiation.ts";
import { foreignDefinition } from "./interop.ts";
import { assertModule, type Module } from "./module.ts";
import type { Store } from "./store.ts";
import { storeFrom } from "./store-like.ts";
import { funcTypeFrom } from "./types.ts";
import type { ParamsOf, ReturnOf } from "./value-types.ts";
import { WasiFunction } from "./wasi-function.ts";
import { type WasiModule, wasiFunctionNames } from "./wasi-signatures.ts";

function entriesOf(imports: unknown): [string, unknown][] {
  if (Object(imports) !== imports) throw new TypeError(`Expected an import object, got ${show(imports)}`);
  return Object.entries(imports as object);
}

const loneSurrogate = /\p{Surrogate}/u;

/** Options of {@link Linker}. */
export interface LinkerOptions {
  /** Default false. Whether a name may be defined again; the last definition wins. */
  readonly allowShadowing?: boolean;
  /** Default false. Whether {@link Linker.defineModule} skips what a command exports beside functions. */
  readonly allowUnknownExports?: boolean;
}

/** Options of {@link Linker.defineWasi}. */
export interface WasiLinkOptions {
  /** Default false. Whether to define `wasi_unstable` as well, which modules built before 2020 import. */
  readonly unstable?: boolean;
}

/**
 * Definitions by name, and modules instantiated from them.
 *
 * A name is a pair of module and field; types are not part of it. Functions defined with {@link defineFunc} belong to no
 * store and serve all of them; every other item ties what uses it to the item's store. Methods that define many names
 * stop at the first one that fails, and what was defined by then stays.
 *
 * Mirrors `wasmtime::Linker`.
 *
 * @example
 * ```ts
 * const engine = new Engine();
 * const linker = new Linker(engine);
 * linker.defineFunc("host", "double", { params: ["i32"], results: ["i32"] }, (x) => x * 2);
 * const module = new Module(engine, `(module
 *   (import "host" "double" (func $double (param i32) (result i32)))
 *   (func (export "quadruple") (param i32) (result i32) local.get 0 call $double call $double))`);
 * console.log(linker.instantiate(new Store(engine), module).exports["quadruple"](3)); // 12
 * ```
 */
export class Linker {
  readonly engine: Engine;
  /** Whether a name may be defined again; looked at when a name is defined. */
  allowShadowing: boolean;
  /** Whether {@link defineModule} skips what a command exports beside functions. */
  allowUnknownExports: boolean;
  readonly #definitions: DefinitionMap;
  /** What instantiation found for modules, as long as no name is defined anew. */
  #linked = new WeakMap<Module, Linked>();

  /**
   * @param engine - whose modules will be linked
   * @param options - shadowing and unknown exports, both refused by default
   * @throws {TypeError} `engine` is not an Engine
   */
  constructor(engine: Engine, options: LinkerOptions = {}) {
    assertEngine(engine);
    this.engine = engine;
    this.allowShadowing = options.allowShadowing ?? false;
    this.allowUnknownExports = options.allowUnknownExports ?? false;
    this.#definitions = new DefinitionMap();
  }

  /**
   * Defines an item of a store. The current size of a memory or table is what later checks go by.
   *
   * @param store - the item's store
   * @param module - first half of the name
   * @param name - second half of the name
   * @param item - what the name stands for
   * @throws {DuplicateDefinitionError} the name is taken and shadowing is off
   * @throws {CrossStoreError} the item belongs to another store
   * @throws {TypeError} an argument has the wrong type
   */
  define(store: Store<any>, module: string, name: string, item: Extern): this {
    const owner = storeFrom(store);
    assertExtern(item);
    assertOwner(item, owner);
    return this.#define(module, name, itemDefinition(item));
  }

  /**
   * Defines a function of the host for every store of the engine.
   *
   * The types of `fn` follow from the literal signature. An exception it throws stops the guest, which cannot catch
   * it, and reaches the host's caller unchanged.
   *
   * @param module - first half of the name
   * @param name - second half of the name
   * @param type - parameters and results
   * @param fn - what the function does
   * @param options - `accessCaller` puts a {@link Caller} in front of the arguments
   * @throws {DuplicateDefinitionError} the name is taken and shadowing is off
   * @throws {TypeError} an argument has the wrong type
   */
  defineFunc<const P extends readonly ValType[], const R extends readonly ValType[]>(
    module: string,
    name: string,
    type: FuncSignature<P, R>,
    fn: (...args: ParamsOf<P>) => ReturnOf<R>,
  ): this;
  defineFunc<const P extends readonly ValType[], const R extends readonly ValType[]>(
    module: string,
    name: string,
    type: FuncSignature<P, R>,
    fn: (caller: Caller, ...args: ParamsOf<P>) => ReturnOf<R>,
    options: { readonly accessCaller: true },
  ): this;
  defineFunc(
    module: string,
    name: string,
    type: FuncSignature,
    fn: (...args: any[]) => unknown,
    options: HostFuncOptions = {},
  ): this {
    if (typeof fn !== "function") throw new TypeError(`Expected a function, got ${show(fn)}`);
    const host = new HostFunction(this.engine, funcTypeFrom(type), fn, options.accessCaller === true);
    return this.#define(module, name, { kind: "host", host });
  }

  /**
   * Defines every export of an instance under a module name.
   *
   * @throws {DuplicateDefinitionError} a name is taken and shadowing is off; names before it stay defined
   * @throws {CrossStoreError} the instance belongs to another store
   */
  defineInstance(store: Store<any>, name: string, instance: Instance): this {
    const owner = storeFrom(store);
    assertInstance(instance);
    if (instance.store !== owner) throw new CrossStoreError("object used with the wrong store");
    for (const entry of instance.module.info.exports) {
      this.#define(name, entry.name, itemDefinition(instance.getExport(entry.name)!));
    }
    return this;
  }

  /**
   * Defines a module's exports under a module name, by WASI's conventions.
   *
   * A command (with `_start`) is instantiated anew for each call of one of its functions. A reactor is instantiated now,
   * and its `_initialize` called.
   *
   * @throws {LinkError} the module is both or its exports break the conventions
   * @throws {WasmlinkError} initialisation failed; the cause is kept
   */
  defineModule(store: Store<any>, name: string, module: Module): this {
    const owner = storeFrom(store);
    assertModule(module);
    this.#assertOwnStore(owner);
    if (isCommand(module)) {
      for (const [field, func] of defineCommand(this, owner, module))
        this.#define(name, field, itemDefinition(func));
      return this;
    }
    return this.defineInstance(owner, name, defineReactor(this, owner, module));
  }

  /**
   * Defines the 46 functions of `wasi_snapshot_preview1`, for every store of the engine. They work on what
   * {@link Store.setWasi} gave the calling instance's store, and on the memory the instance exports as `memory`.
   *
   * @param options - whether to define `wasi_unstable`, the version before, as well
   * @throws {DuplicateDefinitionError} a name is taken and shadowing is off; names before it stay defined
   */
  defineWasi(options: WasiLinkOptions = {}): this {
    const modules = Object.keys(wasiFunctionNames) as WasiModule[];
    for (const module of modules) {
      if (module === "wasi_unstable" && options.unstable !== true) continue;
      for (const name of wasiFunctionNames[module]) {
        this.#define(module, name, { kind: "host", host: new WasiFunction(this.engine, module, name) });
      }
    }
    return this;
  }

  /**
   * Defines every function a module imports that nobody has defined, as one that fails when it is called.
   *
   * Other undefined imports stay undefined, and definitions of a wrong type are left as they are.
   *
   * @throws {CrossEngineError} the module belongs to another engine
   */
  defineUnknownImportsAsTraps(module: Module): this {
    this.#assertOwnModule(module);
    for (const wanted of module.imports) {
      const { module: from, name, type } = wanted;
      if (type.kind !== "func" || this.has(from, name)) continue;
      const fail = () => {
        throw withBacktrace(new UnknownImportError([wanted]));
      };
      this.#define(from, name, { kind: "host", host: new HostFunction(this.engine, type, fail, false) });
    }
    return this;
  }

  /**
   * Defines everything a module imports that nobody has defined: functions that return zeros and nulls, globals and
   * tables that hold them, zeroed memories. The items belong to `store`.
   *
   * @throws {WasmlinkError} a type has no default value; what was defined before stays
   * @throws {CrossEngineError} the store or the module belongs to another engine
   * @throws {LimitError} the store's limits forbid a memory or a table
   */
  defineUnknownImportsAsDefaultValues(store: Store<any>, module: Module): this {
    const owner = storeFrom(store);
    this.#assertOwnModule(module);
    this.#assertOwnStore(owner);
    for (const wanted of module.imports) {
      if (this.has(wanted.module, wanted.name)) continue;
      this.#define(wanted.module, wanted.name, itemDefinition(defaultItem(wanted, owner)));
    }
    return this;
  }

  /**
   * Gives a definition a second name.
   *
   * @throws {LinkError} nothing has the first name
   * @throws {DuplicateDefinitionError} the second name is taken and shadowing is off
   */
  alias(module: string, name: string, asModule: string, asName: string): this {
    const definition = this.#definitions.get(module, name);
    if (definition === undefined) throw new LinkError(`no item named \`${module}::${name}\` defined`);
    return this.#define(asModule, asName, definition);
  }

  /**
   * Gives all present definitions of a module a second module name; an unknown module has none.
   *
   * @throws {DuplicateDefinitionError} a name is taken and shadowing is off; names before it stay defined
   */
  aliasModule(module: string, asModule: string): this {
    for (const [name, definition] of this.#definitions.fieldsOf(module))
      this.#define(asModule, name, definition);
    return this;
  }

  /**
   * Instantiates a module with the definitions its imports name.
   *
   * All names are looked up before any type is checked. The start function runs; what it throws comes out here.
   *
   * @param store - where the instance lives
   * @param module - a module of the linker's engine
   * @throws {UnknownImportError} an import has no definition; `missing` lists all of them
   * @throws {IncompatibleImportError} a definition has the wrong type
   * @throws {CrossStoreError} a definition belongs to another store
   * @throws {CrossEngineError} store, module or a definition belongs to another engine
   * @throws {LimitError} the store's limits forbid it
   * @throws {Trap} the start function or a segment trapped
   */
  instantiate<E extends Exports = Record<string, any>>(store: Store<any>, module: Module): Instance<E> {
    const owner = storeFrom(store);
    const linked = this.#link(module);
    assertStoreFits(owner, module, linked.definitions);
    return new Instance<E>(owner, module, linked);
  }

  /**
   * Resolves and checks a module's imports once, for many instances. Memories and tables count with the size they had
   * when they were defined.
   *
   * @throws {UnknownImportError} an import has no definition
   * @throws {IncompatibleImportError} a definition has the wrong type
   * @throws {CrossEngineError} the module or a definition belongs to another engine
   */
  instantiatePre<E extends Exports = Record<string, any>>(module: Module): InstancePre<E> {
    const definitions = this.#resolve(module);
    checkImports(module, definitions, "defined");
    return new InstancePre<E>(module, definitions);
  }

  /**
   * The item a name stands for; a function of the host as one of the given store.
   *
   * @throws {WasmlinkError} "item not defined in linker"
   * @throws {CrossEngineError} the store belongs to another engine
   */
  get(store: Store<any>, module: string, name: string): Extern {
    const owner = storeFrom(store);
    const definition = this.#definitions.get(module, name);
    if (definition === undefined) throw new WasmlinkError("item not defined in linker");
    return itemIn(definition, owner);
  }

  /** The item an import names, whatever its type; undefined when the name is not defined. */
  getByImport(store: Store<any>, type: ImportType): Extern | undefined {
    const owner = storeFrom(store);
    const definition = this.#definitions.get(type.module, type.name);
    return definition && itemIn(definition, owner);
  }

  /**
   * The function to run of a module: the definition with the empty name, else `_start`, else one that does nothing.
   *
   * @throws {LinkError} what has that name is not a function
   */
  getDefault(store: Store<any>, module: string): Func {
    const owner = storeFrom(store);
    for (const name of ["", "_start"]) {
      const definition = this.#definitions.get(module, name);
      if (definition === undefined) continue;
      const item = itemIn(definition, owner);
      if (item instanceof Func) return item;
      throw new LinkError(
        name === ""
          ? `default export in '${module}' is not a function`
          : `\`_start\` in '${module}' is not a function`,
      );
    }
    return new Func(owner, { params: [], results: [] }, () => undefined);
  }

  /** Whether a name is defined. */
  has(module: string, name: string): boolean {
    return this.#definitions.get(module, name) !== undefined;
  }

  /** The imports of a module that no name here answers, in the module's order; types are not looked at. */
  missingImports(module: Module): ImportType[] {
    assertModule(module);
    return module.imports.filter(({ module: from, name }) => !this.has(from, name));
  }

  /**
   * Every name with the type of what it stands for, module by module in the order of definition. Values of
   * {@link defineImports} have no known type and are left out.
   */
  *[Symbol.iterator](): Generator<{ module: string; name: string; type: ExternType }, void, void> {
    for (const { module, name, definition } of this.#definitions) {
      if (definition.kind !== "foreign") yield { module, name, type: externType(definition) };
    }
  }

  /** A linker with the same definitions and flags, independent from here on. */
  clone(): Linker {
    const copy = new Linker(this.engine, this);
    for (const { module, name, definition } of this.#definitions) {
      copy.#definitions.set(module, name, definition, false);
    }
    return copy;
  }

  /**
   * Defines what is in a plain import object, as other toolchains' glue code makes it.
   *
   * Its functions satisfy every function type. They are called as they are: a guest's `catch_all` sees what they throw.
   * Items of this library among the values are defined as {@link define} does it.
   *
   * @throws {TypeError} a value cannot be imported
   * @throws {CrossStoreError} an item belongs to another store
   * @throws {DuplicateDefinitionError} a name is taken and shadowing is off
   */
  defineImports(store: Store<any>, imports: NativeImports): this {
    const owner = storeFrom(store);
    this.#assertOwnStore(owner);
    for (const [module, fields] of entriesOf(imports)) {
      for (const [name, value] of entriesOf(fields)) {
        this.#define(module, name, foreignDefinition(value, owner));
      }
    }
    return this;
  }

  /**
   * What a module imports as a plain import object, to be handed to other toolchains' glue code.
   *
   * What host functions throw reaches that code as the `cause` of a `WebAssembly.RuntimeError`, which no guest catches.
   *
   * @throws {UnknownImportError} an import has no definition
   * @throws {IncompatibleImportError} a definition has the wrong type
   * @throws {CrossStoreError} a definition belongs to another store
   */
  toImports(store: Store<any>, module: Module): NativeImports {
    const owner = storeFrom(store);
    const definitions = this.#resolve(module);
    checkImports(module, definitions, "current");
    assertStoreFits(owner, module, definitions);
    return plainImports(module, definitions, owner);
  }

  #define(module: string, name: string, definition: Definition): this {
    for (const part of [module, name]) {
      if (typeof part !== "string") throw new TypeError(`Expected a name to be a string, got ${show(part)}`);
      if (loneSurrogate.test(part))
        throw new TypeError(`Expected a name without lone surrogates, got ${show(part)}`);
    }
    this.#definitions.set(module, name, definition, this.allowShadowing);
    this.#linked = new WeakMap();
    return this;
  }

  /** Checked definitions for a module. Sizes of memories and tables may be others the next time. */
  #link(module: Module): Linked {
    const known = this.#linked.get(module);
    if (known !== undefined) return known;
    const definitions = this.#resolve(module);
    checkImports(module, definitions, "current");
    const linked = prepareImports(module, definitions);
    if (!module.importTypes.some(({ kind }) => kind === "memory" || kind === "table"))
      this.#linked.set(module, linked);
    return linked;
  }

  /** The definition of every import. All names are found before any type is looked at. */
  #resolve(module: Module): readonly Definition[] {
    this.#assertOwnModule(module);
    const { imports } = module.info;
    const definitions: Definition[] = [];
    for (const { module: from, name } of imports) {
      const definition = this.#definitions.get(from, name);
      if (definition === undefined)
        throw new UnknownImportError(this.missingImports(module) as [ImportType, ...ImportType[]]);
      definitions.push(definition);
    }
    return definitions;
  }

  #assertOwnModule(module: Module): void {
    assertModule(module);
    if (module.engine !== this.engine)
      throw new CrossEngineError("cross-`Engine` instantiation is not currently supported");
  }

  #assertOwnStore(store: Store<any>): void {
    if (store.engine !== this.engine)
      throw new CrossEngineError("different engines for this linker and the store provided");
  }
}
