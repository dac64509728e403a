/**
 * Global: a global variable of a store.
 *
 * @packageDocumentation
 */
import type { GlobalType } from "../binary/types.ts";
import { WasmlinkError } from "../errors.ts";
import { accessGlobal, type GlobalAccess } from "../host/global-access.ts";
import { assertCrosses } from "../host/references.ts";
import type { NativeGlobal } from "../host/webassembly.ts";
import { defineGlobal } from "./definitions.ts";
import { associateItem, knownItem } from "./extern.ts";
import type { Store } from "./store.ts";
import { storeFrom } from "./store-like.ts";
import { type GlobalTypeInit, globalTypeFrom } from "./types.ts";
import { boundaryKind, fromWasm, toWasmFor } from "./values.ts";

/**
 * A global variable of a store.
 *
 * Mirrors `wasmtime::Global`. Spec: JavaScript interface, "Globals".
 *
 * @example
 * ```ts
 * const counter = new Global(new Store(), { content: "i32", mutable: true }, 1);
 * counter.value += 1;
 * console.log(counter.value); // 2
 * ```
 */
export class Global {
  readonly type: GlobalType;
  readonly #store: Store<any>;
  readonly #native: NativeGlobal;
  #vectorAccess: GlobalAccess | undefined;

  /**
   * @param store - the store it belongs to
   * @param type - content and mutability, immutable by default
   * @param value - the initial value
   * @throws {TypeError} the type is malformed, or the value does not fit it
   */
  constructor(store: Store<any>, type: GlobalTypeInit, value: unknown);
  /** @internal */
  constructor(store: Store<any>, type: GlobalType, value: undefined, native: NativeGlobal);
  constructor(store: Store<any>, type: GlobalTypeInit, value: unknown, native?: NativeGlobal) {
    this.#store = storeFrom(store);
    this.type = globalTypeFrom(type);
    this.#native =
      native ??
      defineGlobal(
        this.type,
        toWasmFor(initialMismatch, this.type.content, value, this.#store),
        this.#store.engine.types,
      );
    associateItem(this.#native, this);
  }

  /** The store it belongs to. */
  get store(): Store<any> {
    return this.#store;
  }

  /**
   * The current value. Assigning converts as a call would.
   * @throws {WasmlinkError} (on assignment) "immutable global cannot be set"
   * @throws {TypeError} (on assignment) the value does not fit the type
   */
  get value(): any {
    this.#store.assertOpen();
    const { content } = this.type;
    assertCrosses(content);
    if (content === "v128") return this.#vector.get();
    return fromWasm(boundaryKind(content), this.#native.value, this.#store);
  }

  set value(value: unknown) {
    this.#store.assertOpen();
    if (!this.type.mutable) throw new WasmlinkError("immutable global cannot be set");
    assertCrosses(this.type.content);
    const converted = toWasmFor(assignedMismatch, this.type.content, value, this.#store);
    if (this.type.content === "v128") this.#vector.set(converted);
    else this.#native.value = converted;
  }

  get #vector(): GlobalAccess {
    this.#vectorAccess ??= accessGlobal(this.#native, this.type);
    return this.#vectorAccess;
  }

  /** @internal */
  get native(): NativeGlobal {
    return this.#native;
  }
}

const initialMismatch = "type mismatch: initial value provided does not match the type of this global";
const assignedMismatch = "type mismatch: attempt to set global to value of wrong type";

/** The Global of a native global. @internal */
export function globalOf(native: NativeGlobal, type: GlobalType, store: Store<any>): Global {
  return knownItem<Global>(native) ?? new Global(store, type, undefined, native);
}
