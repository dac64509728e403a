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
import { ownModule } from "./own-modules.ts";
import { webAssembly } from "./webassembly.ts";

const hidden = new WeakMap<object, unknown>();
let trap: (() => void) | undefined;

/** The export of `(module (func (export "") unreachable))`. */
function trappingFunction(): () => void {
  const { Module, Instance } = webAssembly();
  const bytes = ownModule("trap", (writer) => {
    writer.section(1, () => writer.bytes(Uint8Array.of(1, 0x60, 0, 0)));
    writer.section(3, () => writer.bytes(Uint8Array.of(1, 0)));
    writer.section(7, () => writer.bytes(Uint8Array.of(1, 0, 0, 0)));
    writer.section(10, () => writer.bytes(Uint8Array.of(1, 3, 0, 0x00, 0x0b)));
  });
  return new Instance(new Module(bytes)).exports[""];
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
