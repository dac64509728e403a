/**
 * Tag: the identity of an exception, and what it carries.
 *
 * @packageDocumentation
 */
import type { TagType, ValType } from "../binary/types.ts";
import type { NativeTag } from "../host/webassembly.ts";
import { show } from "./arguments.ts";
import { defineTag } from "./definitions.ts";
import { associateItem, knownItem } from "./extern.ts";
import type { Store } from "./store.ts";
import { storeFrom } from "./store-like.ts";
import { tagTypeFrom } from "./types.ts";

/**
 * The identity of an exception, and the types of what it carries.
 *
 * Mirrors `wasmtime::Tag`. Spec: JavaScript interface, "Tags".
 */
export class Tag {
  readonly type: TagType;
  /** Canonical index of the function type that is the tag's. @internal */
  readonly typeIndex: number;
  readonly #store: Store<any>;
  readonly #native: NativeTag;

  /**
   * @param store - the store it belongs to
   * @param type - what an exception with this tag carries
   * @throws {TypeError} the type is malformed
   */
  constructor(store: Store<any>, type: { readonly params: readonly ValType[] });
  /** @internal */
  constructor(store: Store<any>, type: TagType, typeIndex: number, native: NativeTag);
  constructor(
    store: Store<any>,
    type: { readonly params: readonly ValType[] },
    typeIndex?: number,
    native?: NativeTag,
  ) {
    this.#store = storeFrom(store);
    this.type = tagTypeFrom(type);
    const { types } = this.#store.engine;
    this.typeIndex = typeIndex ?? types.indexOfSignature({ params: this.type.params, results: [] });
    this.#native = native ?? defineTag(this.typeIndex, types);
    associateItem(this.#native, this);
  }

  /** The store it belongs to. */
  get store(): Store<any> {
    return this.#store;
  }

  /** Whether another tag is the same: only one with this identity is, types do not count. */
  equals(other: Tag): boolean {
    if (!(other instanceof Tag)) throw new TypeError(`Expected a Tag, got ${show(other)}`);
    return this.#native === other.#native;
  }

  /** @internal */
  get native(): NativeTag {
    return this.#native;
  }
}

/** The Tag of a native tag. @internal */
export function tagOf(native: NativeTag, typeIndex: number, store: Store<any>): Tag {
  const { params } = store.engine.types.signatureAt(typeIndex);
  return knownItem<Tag>(native) ?? new Tag(store, { kind: "tag", params }, typeIndex, native);
}
