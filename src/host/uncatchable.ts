/**
 * Exceptions a guest cannot catch.
 *
 * `catch_all` in a guest catches whatever a host import throws, except the error object of a trap the engine itself
 * raised: such an object passes every handler even when JavaScript has caught it and throws it again. So an error that
 * must leave the guest (out of fuel, exit, a host function's own exception) travels behind the object of a trap that is
 * raised for the purpose.
 *
 * @packageDocumentation
 */
import { UnsupportedError } from "../errors.ts";
import { compileNative } from "./compile.ts";
import { functionModule } from "./own-modules.ts";
import { webAssembly } from "./webassembly.ts";

const hidden = new WeakMap<object, unknown>();
let trap: (() => void) | undefined;
let lentTrap: (() => void) | undefined;

function trappingFunction(): () => void {
  const { Instance } = webAssembly();
  try {
    return new Instance(compileNative(functionModule("trap", [["unreachable"]]))).exports[""];
  } catch (error) {
    if (lentTrap !== undefined && error instanceof UnsupportedError) return lentTrap;
    throw error;
  }
}

/** Offers an exported function that traps, for environments that refuse to compile one. */
export function lendTrap(fn: () => void): void {
  lentTrap = fn;
}

/**
 * Hides an error in an object that no guest's handler catches when a host import throws it.
 *
 * The object's stack trace is that of this call. An object made here is returned as it is. Takes some 5 µs.
 *
 * @param error - any value, also a primitive or a frozen object; it is not changed
 */
export function uncatchable(error: unknown): object {
  if (isHiding(error)) return error;
  trap ??= trappingFunction();
  try {
    trap();
  } catch (carrier) {
    // On a full stack this is the engine's RangeError instead, which no guest catches either.
    hidden.set(carrier as object, error);
    // For foreign code, which gets to see the carrier itself.
    (carrier as Error).cause = error;
    return carrier as object;
  }
  throw new Error("unreachable was reached");
}

/** Whether a caught value is an object that {@link uncatchable} made. */
export function isHiding(thrown: unknown): thrown is object {
  return typeof thrown === "object" && thrown !== null && hidden.has(thrown);
}

/** The error behind a caught value: what {@link uncatchable} hid in it, or else the value itself. */
export function revealed(thrown: unknown): unknown {
  return isHiding(thrown) ? hidden.get(thrown) : thrown;
}
