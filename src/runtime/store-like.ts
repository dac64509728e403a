/**
 * What can stand for a store in an argument: a {@link Store}, or a {@link Caller} while its call lasts.
 *
 * @packageDocumentation
 */
import { show } from "./arguments.ts";
import type { Store } from "./store.ts";

/** Method of what stands for a store: gives the store, or throws when it no longer does. */
export const asStore: unique symbol = Symbol("asStore");

/**
 * The store an argument stands for.
 *
 * @throws {TypeError} it stands for none
 * @throws {ClosedError} the store is closed, or the Caller's call is over
 */
export function storeFrom(value: unknown): Store<any> {
  const resolve = (value as { [asStore]?: () => Store<any> } | null | undefined)?.[asStore];
  if (resolve === undefined) throw new TypeError(`Expected a Store, got ${show(value)}`);
  return resolve.call(value);
}
