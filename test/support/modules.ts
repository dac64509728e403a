/** Short ways to what nearly every test of the API begins with. */
import type { TestContext } from "vitest";
import { Engine, type Extern, Instance, Module, Store } from "../../src/index.ts";

/** Skips a test where the JavaScript engine lacks a proposal. */
export function requires({ skip }: TestContext, ...features: readonly string[]): void {
  const available = Engine.features();
  const missing = features.filter((feature) => !available[feature]);
  skip(missing.length > 0, `this JavaScript engine lacks ${missing.join(", ")}`);
}

/** An instance of a text module, in a store of its own unless one is given. */
export function instantiate(
  wat: string,
  imports: readonly Extern[] = [],
  store: Store<any> = new Store(),
): Instance {
  return new Instance(store, new Module(store.engine, wat), imports);
}

/** What a function throws, so that more than its message can be looked at. */
export function thrownBy(run: () => unknown): any {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
