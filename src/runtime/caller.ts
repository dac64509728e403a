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
import { registerStoreLike } from "./store-like.ts";
import type { Table } from "./table.ts";

/**
 * The instance that is calling a host function, while the call lasts.
 *
 * It is the instance that imported the function: reached through a table or from the host, a function has a Caller
 * without exports. Once the call has returned, look-ups give undefined and the Caller no longer stands for its store.
 *
 * Mirrors `wasmtime::Caller`.
 */
export class Caller<T = any> {
  readonly #scope: CallerScope;

  /** @internal */
  constructor(scope: CallerScope) {
    this.#scope = scope;
    registerStoreLike(this, () => this.store);
  }

  /**
   * The store the call happens in.
   * @throws {ClosedError} the call is over
   */
  get store(): Store<T> {
    if (this.#scope.depth === 0) throw new ClosedError("caller is no longer valid");
    return this.#scope.store;
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
    return this.#scope.depth === 0 ? undefined : this.#scope.instance;
  }
}

/**
 * The calls of one instance into host functions that ask for a Caller. They share one Caller object: a fresh one for
 * each call costs a fifth of the call.
 */
export class CallerScope {
  /** Calls in progress. Saved and restored, not counted up and down: a stack overflow may strike anywhere. */
  depth = 0;
  /** Set when the instance exists; host functions can run before, in nothing but a failing instantiation. */
  instance: Instance | undefined;
  readonly store: Store<any>;
  readonly caller: Caller;

  constructor(store: Store<any>) {
    this.store = store;
    this.caller = new Caller(this);
  }

  /** Begins a call; the number returned is to be put back into {@link depth} at its end. */
  enter(): number {
    return this.depth++;
  }
}
