/**
 * Table: a growable list of references of a store.
 *
 * @packageDocumentation
 */
import type { TableType } from "../binary/types.ts";
import { CrossStoreError, LimitError, WasmlinkError } from "../errors.ts";
import { assertCrosses } from "../host/references.ts";
import type { NativeTable } from "../host/webassembly.ts";
import { show } from "./arguments.ts";
import { defineTable } from "./definitions.ts";
import { associateItem, knownItem, sizeArgument } from "./extern.ts";
import type { Store } from "./store.ts";
import { storeFrom } from "./store-like.ts";
import { trapOf } from "./trap.ts";
import { type TableTypeInit, tableTypeFrom } from "./types.ts";
import { boundaryKind, fromWasm, toWasmFor } from "./values.ts";

/**
 * A growable list of references of a store; sizes and indices count elements.
 *
 * Mirrors `wasmtime::Table`. Spec: JavaScript interface, "Tables".
 *
 * @example
 * ```ts
 * const table = new Table(new Store(), { element: "externref", minimum: 2 }, null);
 * table.set(0, "anything");
 * console.log(table.get(0), table.get(1), table.get(2)); // "anything" null undefined
 * ```
 */
export class Table {
  readonly type: TableType;
  readonly #store: Store<any>;
  readonly #native: NativeTable;

  /**
   * @param store - the store it belongs to
   * @param type - element type and limits
   * @param init - every element's first value
   * @throws {TypeError} the type is malformed, or `init` does not fit it
   * @throws {LimitError} the store's limits or the engine forbid the size
   * @throws {UnsupportedError} the JavaScript engine lacks the type
   */
  constructor(store: Store<any>, type: TableTypeInit, init: unknown);
  /** @internal */
  constructor(store: Store<any>, type: TableType, init: undefined, native: NativeTable);
  constructor(store: Store<any>, type: TableTypeInit, init: unknown, native?: NativeTable) {
    this.#store = storeFrom(store);
    this.type = tableTypeFrom(type);
    if (native !== undefined) {
      this.#native = native;
    } else {
      const initial = this.#toElement(init);
      this.#store.resources.allowTable(this.type);
      this.#native = defineTable(this.type, initial, this.#store.engine.types);
    }
    associateItem(this.#native, this);
  }

  /** The store it belongs to. */
  get store(): Store<any> {
    return this.#store;
  }

  /** Current number of elements; {@link type} keeps the declared one. */
  get size(): number {
    this.#store.assertOpen();
    return Number(this.#native.length);
  }

  /** The element at an index: null for a null reference, undefined out of range. */
  get(index: number): any {
    if (typeof index !== "number")
      throw new TypeError(`Expected \`index\` to be a number, got ${show(index)}`);
    if (!Number.isInteger(index) || index < 0 || index >= this.size) return undefined;
    return fromWasm(boundaryKind(this.type.element), this.#elements.get(this.#address(index)), this.#store);
  }

  /**
   * Replaces the element at an index.
   * @throws {Trap} the index is out of range
   * @throws {TypeError} the value does not fit the element type
   */
  set(index: number, value: unknown): void {
    const element = this.#toElement(value);
    const place = sizeArgument(index, "index");
    this.#assertRange(place, 1);
    this.#elements.set(this.#address(place), element);
  }

  /**
   * Adds elements.
   * @returns the size before
   * @throws {LimitError} the maximum, the store's limits or the engine forbid it
   * @throws {TypeError} the value does not fit the element type
   */
  grow(delta: number, init: unknown): number {
    const count = sizeArgument(delta, "delta");
    const element = this.#toElement(init);
    const before = this.size;
    const refused = () => new LimitError(`failed to grow table by \`${delta}\``);
    if (!this.#store.resources.allowTableGrowth(before, count, this.type)) throw refused();
    if (!this.#growNative(count, element)) {
      this.#store.resources.growthFailed("table", "Table maximum size exceeded");
      throw refused();
    }
    return before;
  }

  /**
   * Gives a run of elements one value.
   * @throws {Trap} the run is not inside the table; nothing is written
   */
  fill(start: number, value: unknown, count: number): void {
    const element = this.#toElement(value);
    const first = sizeArgument(start, "start");
    const length = sizeArgument(count, "count");
    this.#assertRange(first, length);
    for (let index = first; index < first + length; index++)
      this.#elements.set(this.#address(index), element);
  }

  /**
   * Copies a run of elements from a table of the same store; the runs may overlap.
   * @throws {Trap} a run is not inside its table; nothing is written
   * @throws {CrossStoreError} the tables belong to different stores
   */
  copy(destination: number, source: Table, start: number, count: number): void {
    if (!(source instanceof Table)) throw new TypeError(`Expected a Table, got ${show(source)}`);
    if (source.#store !== this.#store) throw new CrossStoreError("object used with the wrong store");
    const { types } = this.#store.engine;
    if (!types.isValSubtype(source.type.element, this.type.element))
      throw new WasmlinkError(
        "type mismatch: source table element type does not match destination table element type",
      );
    const to = sizeArgument(destination, "destination");
    const from = sizeArgument(start, "start");
    const length = sizeArgument(count, "count");
    this.#assertRange(to, length);
    source.#assertRange(from, length);
    const elements = Array.from({ length }, (_, index) =>
      source.#elements.get(source.#address(from + index)),
    );
    elements.forEach((element, index) => {
      this.#elements.set(this.#address(to + index), element);
    });
  }

  /** @internal */
  get native(): NativeTable {
    return this.#native;
  }

  /** For reading and writing elements. @throws {UnsupportedError} they cannot cross to JavaScript */
  get #elements(): NativeTable {
    assertCrosses(this.type.element);
    return this.#native;
  }

  /** Whether the maximum and the engine had room for more. */
  #growNative(count: number, element: unknown): boolean {
    // Of such a number the engine would say what it says of elements: that it is of the wrong type.
    if (this.type.address === "i32" && count >= 2 ** 32) return false;
    try {
      this.#elements.grow(this.#address(count), element);
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  #address(index: number): number | bigint {
    return this.type.address === "i64" ? BigInt(index) : index;
  }

  #assertRange(start: number, count: number): void {
    if (start + count > this.size) throw trapOf("TABLE_OUT_OF_BOUNDS");
  }

  #toElement(value: unknown): unknown {
    const purpose = "type mismatch: value does not match table element type";
    return toWasmFor(purpose, this.type.element, value, this.#store, "reference used with wrong store");
  }
}

/** The Table of a native table. @internal */
export function tableOf(native: NativeTable, type: TableType, store: Store<any>): Table {
  return knownItem<Table>(native) ?? new Table(store, type, undefined, native);
}
