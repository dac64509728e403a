/**
 * What can stand for a store in an argument: a {@link Store}, or a {@link Caller} while its call lasts.
 *
 * @packageDocumentation
 */
import { show } from "./arguments.ts";
import type { Store } from "./store.ts";

const resolvers = new WeakMap<object, () => Store<any>>();

/** Makes an object usable as a store. `resolve` throws when it no longer is. */
export function registerStoreLike(object: object, resolve: () => Store<any>): void {
  resolvers.set(object, resolve);
}

/**
 * The store an argument stands for.
 *
 * @throws {TypeError} it stands for none
 * @throws {ClosedError} the store is closed, or the Caller's call is over
 */
export function storeFrom(value: unknown): Store<any> {
  const resolve = typeof value === "object" && value !== null ? resolvers.get(value) : undefined;
  if (resolve === undefined) throw new TypeError(`Expected a Store, got ${show(value)}`);
  return resolve();
}
