/**
 * The host's side of instrumented code: what it imports besides the module's own imports, and the functions it calls.
 *
 * @packageDocumentation
 */
import { LimitError } from "../errors.ts";
import { createMemory } from "../host/externs.ts";
import { exportFunction } from "../host/trampolines.ts";
import { lendTrap } from "../host/uncatchable.ts";
import type { NativeFunction, NativeInstance } from "../host/webassembly.ts";
import type { HookName } from "../rewrite/hooks.ts";
import type { ImportKey } from "../rewrite/import-keys.ts";
import type { Code } from "./code.ts";
import { hideFailures, withBacktrace } from "./failure.ts";
import type { MatchType } from "./matching.ts";
import type { Module } from "./module.ts";
import { Pace } from "./pace.ts";
import type { Store } from "./store.ts";
import { trapOf } from "./trap.ts";
import { nativeFuncType } from "./type-encoding.ts";

/** What a form of a module imports for itself. Memories that it defines otherwise are made anew for each instance. */
export function ownImports(
  module: Module,
  code: Code,
  store: Store<any>,
): readonly (readonly [ImportKey, unknown])[] {
  const { fuelKey, flagKey, memoryKeys, hooks } = code;
  const own: [ImportKey, unknown][] = [];
  if (fuelKey !== undefined) own.push([fuelKey, store.fuel!.global]);
  if (flagKey !== undefined) own.push([flagKey, store.engine.clock.flagMemory]);
  const { memories, imported } = module.info;
  memoryKeys.forEach((key, index) => {
    own.push([key, createMemory(memories[imported.memory + index]!)]);
  });
  for (const { name, key } of hooks) {
    if (key !== undefined) own.push([key, hidden(hook(name, code, module, store))]);
  }
  return own;
}

/** What code counts at first until it asks. One unit is a call or iteration of up to 64 bytes of code. */
const countdownBudget = 65_536;

/** The same where it counts checks alone, whatever lies between them. */
const checkBudget = 256;

/** Connects an instance with its store, before anything runs in it. */
export function connect(native: NativeInstance, code: Code, module: Module, store: Store<any>): void {
  if (code.budgetExport !== undefined) store.deadlines!.addBudget(native.exports[code.budgetExport]);
  if (code.trapExport !== undefined) lendTrap(native.exports[code.trapExport]);
  if (code.hookTable === undefined) return;
  const table = native.exports[code.hookTable];
  hooksOf(code, module, store).forEach((hook, index) => {
    table.set(index, hook);
  });
}

const known = new WeakMap<Store<any>, WeakMap<Code, readonly NativeFunction[]>>();

function hooksOf(code: Code, module: Module, store: Store<any>): readonly NativeFunction[] {
  const ofStore = known.get(store) ?? new WeakMap<Code, readonly NativeFunction[]>();
  known.set(store, ofStore);
  let hooks = ofStore.get(code);
  if (hooks === undefined) {
    const { types } = store.engine;
    hooks = code.hooks.map(({ name, type }) =>
      exportFunction(
        nativeFuncType(types.indexOfSignature(type), types),
        hidden(hook(name, code, module, store)),
      ),
    );
    ofStore.set(code, hooks);
  }
  return hooks;
}

/** A hook whose failures the guest cannot see; those of this library show where they happened. */
function hidden(fn: NativeFunction): NativeFunction {
  return (...args) =>
    hideFailures(() => {
      try {
        return fn(...args);
      } catch (error) {
        throw error instanceof LimitError ? withBacktrace(error) : error;
      }
    });
}

function hook(name: HookName, code: Code, module: Module, store: Store<any>): NativeFunction {
  const { resources } = store;
  const memory = (index: number) =>
    module.typeOf({ kind: "memory", index }) as MatchType & { kind: "memory" };
  const table = (index: number) => module.typeOf({ kind: "table", index }) as MatchType & { kind: "table" };
  switch (name) {
    case "outOfFuel":
      return (left) => {
        const refilled = store.fuel!.refill(left, () => store.deadlines?.check());
        if (refilled === undefined) throw withBacktrace(trapOf("OUT_OF_FUEL"));
        return refilled;
      };
    case "interrupt": {
      const pace = new Pace(code.flagKey === undefined ? countdownBudget : checkBudget);
      return () => store.deadlines!.checkAndBudget(pace);
    }
    case "memoryGrowing":
      return (index, size, delta) => Number(resources.allowMemoryGrowth(size, delta, memory(index)));
    case "memoryGrowFailed":
      return () => resources.growthFailed("memory", "Memory maximum size exceeded");
    case "tableGrowing":
      return (index, size, delta) => Number(resources.allowTableGrowth(size, delta, table(index)));
    case "tableGrowFailed":
      return () => resources.growthFailed("table", "Table maximum size exceeded");
  }
}

/** Looks for the fuel that wasmtime's startup function needs, and at the epoch where that does. */
export function checkStartup({ startup }: Code, { fuel, deadlines }: Store<any>): void {
  if (startup === undefined) return;
  const check = () => deadlines?.check();
  if (fuel === undefined) {
    check();
    return;
  }
  // What it has used by then it has not stored.
  const hasLeft = (used: number, look: () => void) =>
    fuel.refill((fuel.global.value as bigint) - BigInt(used), look) !== undefined;
  if (!hasLeft(1, check) || !hasLeft(startup.checked, () => undefined)) throw trapOf("OUT_OF_FUEL");
}

/** Takes the fuel that wasmtime's startup function uses. */
export function chargeStartup({ startup }: Code, { fuel }: Store<any>): void {
  if (startup !== undefined) fuel?.charge(startup.fuel);
}
