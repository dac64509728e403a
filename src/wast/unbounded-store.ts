/**
 * Stores whose guests nothing stops.
 *
 * @packageDocumentation
 */
import type { Engine } from "../runtime/engine.ts";
import { Store } from "../runtime/store.ts";

const allFuel = 2n ** 64n - 1n;

/** A store in which scripts run as in any other, also where the engine's options would stop its guests at once. */
export function unboundedStore(engine: Engine): Store<undefined> {
  const store = new Store(engine);
  if (engine.options.consumeFuel) store.setFuel(allFuel);
  if (engine.options.epochInterruption) store.setEpochDeadline(Number.MAX_SAFE_INTEGER);
  return store;
}
