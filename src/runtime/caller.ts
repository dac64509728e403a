/**
 * Caller: what a host function sees of the instance that calls it.
 *
 * @packageDocumentation
 */
import { ClosedError } from "../errors.ts";
import type { Extern } from "./extern.ts";
import type { Func } from "./func.ts";
import type { Global } from "./global.ts";
import type { Instance } from "./instance.ts";
import type { Memory } from "./memory.ts";
import type { SharedMemory } from "./shared-memory.ts";
import type { Store } from "./store.ts";
import { asStore } from "./store-like.ts";
import type { Table } from "./table.ts";

/**
 * The instance that is calling a host function, while the call lasts.
 *
 * It is the instance that imported the function, also where another one calls it through a table. Called from the host,
 * or from a table the host put it into, a function has a Caller without exports. Once the call has returned, look-ups give undefined and the Caller no longer stands for its store.
 *
 * Mirrors `wasmtime::Caller`.
 *
 * @example
 * ```ts
 * const store = new Store(new Engine(), { data: "Ada" });
 * const greet = (caller: Caller<string>, pointer: number) => {
 *   const memory = caller.getMemory("memory");
 *   return memory instanceof Memory ? memory.writeString(caller.data, pointer) : 0;
 * };
 * const type = { params: ["i32"], results: ["i32"] } as const;
 * const module = new Module(store.engine, `(module
 *   (import "host" "greet" (func $greet (param i32) (result i32)))
 *   (memory (export "memory") 1)
 *   (func (export "run") (result i32) (call $greet (i32.const 8))))`);
 * const instance = new Instance(store, module, [new Func(store, type, greet, { accessCaller: true })]);
 * console.log(instance.exports["run"](), instance.exports["memory"].readString(8, 3)); // 3 "Ada"
 * ```
 */
export class Caller<T = any> {
  /** @internal */
  readonly scope: CallerScope;
  /** Set when the call has returned. @internal */
  isOver = false;

  /** @internal */
  constructor(scope: CallerScope) {
    this.scope = scope;
  }

  /**
   * The store the call happens in.
   * @throws {ClosedError} the call is over
   */
  get store(): Store<T> {
    return this[asStore]();
  }

  /** @internal */
  [asStore](): Store<T> {
    if (this.isOver) throw new ClosedError("caller is no longer valid");
    return this.scope.store;
  }

  /** The store's data. */
  get data(): T {
    return this.store.data;
  }

  set data(value: T) {
    this.store.data = value;
  }

  /** The calling instance's export of this name, of any kind. */
  getExport(name: string): Extern | undefined {
    return this.#instance?.getExport(name);
  }

  /** The calling instance's export of this name if it is a function. */
  getFunc(name: string): Func | undefined {
    return this.#instance?.getFunc(name);
  }

  /** The calling instance's export of this name if it is a memory. */
  getMemory(name: string): Memory | SharedMemory | undefined {
    return this.#instance?.getMemory(name);
  }

  /** The calling instance's export of this name if it is a table. */
  getTable(name: string): Table | undefined {
    return this.#instance?.getTable(name);
  }

  /** The calling instance's export of this name if it is a global. */
  getGlobal(name: string): Global | undefined {
    return this.#instance?.getGlobal(name);
  }

  get #instance(): Instance | undefined {
    return this.isOver ? undefined : this.scope.instance;
  }
}

/** Where the calls of one instance into host functions come from. */
export interface CallerScope {
  readonly store: Store<any>;
  /** Set once the instance exists; undefined for calls that come from no instance. */
  instance: Instance | undefined;
}
