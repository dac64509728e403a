/**
 * Function references that come out of tables, globals and results: finding the {@link Func} they are.
 *
 * @packageDocumentation
 */
import { WasmlinkError } from "../errors.ts";
import { matchesType } from "../host/trampolines.ts";
import type { NativeFunction } from "../host/webassembly.ts";
import { unshifted } from "../rewrite/index-shift.ts";
import { type Func, wasmFunc } from "./func.ts";
import { knownFunc } from "./func-record.ts";
import type { Store } from "./store.ts";
import { nativeFuncType } from "./type-encoding.ts";

/**
 * The Func of a native function of this store.
 *
 * Engines do not tell the type of a function that was never exported. Its name is its index, so the function types
 * at that index of the store's modules are the candidates; the engine's own link check decides between them.
 */
export function funcOf(native: NativeFunction, store: Store<any>): Func {
  const known = knownFunc(native);
  if (known !== undefined) return known;
  const index = Number(native.name);
  const candidates = new Set<number>();
  for (const [code, module] of store.code) {
    const typeIndex = module.functionType(unshifted(index, code.functionShift));
    if (typeIndex !== undefined) candidates.add(typeIndex);
  }
  // The link check accepts supertypes as well: the function's own type is the one below all that match.
  const { types } = store.engine;
  const matching = [...candidates].filter((candidate) =>
    matchesType(native, nativeFuncType(candidate, types)),
  );
  const own = matching.find((candidate) => matching.every((other) => types.isSubtype(candidate, other)));
  if (own === undefined)
    throw new WasmlinkError(`function \`${native.name}\` belongs to no module of this store`);
  return wasmFunc(native, own, store);
}
