/**
 * InstancePre: a module with its imports resolved and checked, to be instantiated many times.
 *
 * @packageDocumentation
 */
import { CrossEngineError, CrossStoreError } from "../errors.ts";
import { type Definition, ownerOf } from "./definition.ts";
import { type Exports, Instance } from "./instance.ts";
import { type Linked, prepareImports } from "./instantiation.ts";
import type { Module } from "./module.ts";
import type { Store } from "./store.ts";
import { storeFrom } from "./store-like.ts";

/**
 * A module with its imports resolved and checked, to be instantiated many times.
 *
 * It keeps what it found: later definitions in the linker change nothing. With host functions only, it works in every
 * store of the engine; an item ties it to the item's store.
 *
 * Mirrors `wasmtime::InstancePre`.
 *
 * @example
 * ```ts
 * const engine = new Engine();
 * const text = '(module (global (export "count") (mut i32) (i32.const 0)))';
 * const pre: InstancePre = new Linker(engine).instantiatePre(new Module(engine, text));
 * const counts = [1, 2].map((value) => {
 *   const { count } = pre.instantiate(new Store(engine)).exports;
 *   count.value += value;
 *   return count.value;
 * });
 * console.log(counts); // [ 1, 2 ]
 * ```
 */
export class InstancePre<E extends Exports = Record<string, any>> {
  readonly module: Module;
  readonly #linked: Linked;

  /** @internal */
  constructor(module: Module, definitions: readonly Definition[]) {
    this.module = module;
    this.#linked = prepareImports(module, definitions);
  }

  /**
   * Makes an instance and runs its start function.
   *
   * @throws {CrossEngineError} the store belongs to another engine
   * @throws {CrossStoreError} an item belongs to another store
   * @throws {LimitError} the store's limits forbid it
   * @throws {Trap} the start function or a segment trapped
   */
  instantiate(store: Store<any>): Instance<E> {
    const owner = storeFrom(store);
    assertStoreFits(owner, this.module, this.#linked.definitions);
    return new Instance<E>(owner, this.module, this.#linked);
  }
}

/** Refuses a store of another engine, and one that does not own the items. @internal */
export function assertStoreFits(store: Store<any>, module: Module, definitions: readonly Definition[]): void {
  if (module.engine !== store.engine) throw new CrossEngineError("cross-`Engine` usage is not supported");
  for (const definition of definitions) {
    const owner = ownerOf(definition);
    if (owner !== undefined && owner !== store)
      throw new CrossStoreError("cross-`Store` instantiation is not currently supported");
  }
}
