/**
 * Random structured guests that call the host here and there, and programs that call them with limited fuel or until an
 * epoch.
 */
import { programFrom } from "../rewrite/random-program.ts";
import type { Random } from "../support/random.ts";
import type { Behaviour, Step } from "./program.ts";

const nothing = { params: [], results: [] } as const;
const payment = "(global.set $purse (i32.sub (global.get $purse) (i32.const 1)))";
const functions = ["f0", "f1", "f2", "f3"];

/** wasmtime may say that an `unreachable` behind a condition is where the condition is. */
const guard = "(if (i32.lt_s (global.get $purse) (i32.const 0)) (then unreachable))";
const sameGuard = "(drop (i32.div_u (i32.const 1) (i32.ge_s (global.get $purse) (i32.const 0))))";

/** Text of a guest that imports `host` `look` and calls it in some of its functions and loops. */
function guest(random: Random): string {
  const tape = Array.from({ length: 5 + random.below(400) }, () => random.below(1001));
  return programFrom(tape)
    .replace("(module", '(module $guest (import "host" "look" (func $look))')
    .replaceAll(guard, sameGuard)
    .replaceAll(payment, () => (random.oneIn(3) ? `${payment} (call $look)` : payment));
}

function instantiated(text: string, look: Behaviour, bounds: readonly Step[]): Step[] {
  return [
    { op: "store", as: "s", engine: "e" },
    ...bounds,
    { op: "linker", as: "l", engine: "e" },
    {
      op: "defineFunc",
      linker: "l",
      module: "host",
      name: "look",
      type: nothing,
      behaviour: look,
      caller: false,
    },
    { op: "module", as: "m", engine: "e", wat: text },
    { op: "instantiate", as: "i", linker: "l", store: "s", module: "m", quiet: true },
    { op: "export", as: "purse", instance: "i", name: "purse" },
    { op: "export", as: "g", instance: "i", name: "g" },
    { op: "export", as: "memory", instance: "i", name: "memory" },
  ];
}

/** A call, and what can be seen of what it did. The purse ends guests that would run for long. */
function call(random: Random, purse: number, bounds: readonly Step[]): Step[] {
  return [
    { op: "setGlobal", global: "purse", value: { i32: purse } },
    ...bounds,
    { op: "export", as: "f", instance: "i", name: random.pick(functions) },
    { op: "call", func: "f", args: [{ i32: random.below(50) }, { i64: "5" }] },
    { op: "read", item: "g" },
    { op: "read", item: "purse" },
    { op: "read", item: "memory" },
  ];
}

const mostFuel = 1_000_000_000;

/** One guest, called with all kinds of amounts of fuel. */
export function fuelProgram(random: Random): Step[] {
  const leaves = random.oneIn(3) ? random.below(200) : null;
  const epochs = random.oneIn(2);
  const look: Behaviour = { does: "useFuel", store: "s", leaves, values: [] };
  const deadline: Step[] = epochs ? [{ op: "setDeadline", store: "s", ticks: 5 }] : [];
  const limits: Step[] = random.oneIn(3)
    ? [{ op: "setLimits", store: "s", limits: { memorySize: 4 * 65_536, tableElements: 20 } }]
    : [];
  const calls = Array.from({ length: 24 }, (_, index) => {
    const fuel = index < 4 ? mostFuel : random.below(10 ** (1 + random.below(4)));
    return [
      ...call(random, 40, [{ op: "setFuel", store: "s", fuel }]),
      { op: "getFuel", store: "s" } as const,
    ];
  });
  return [
    { op: "engine", as: "e", fuel: true, epochs },
    ...instantiated(guest(random), look, [...limits, ...deadline]),
    ...calls.flat(),
  ];
}

/** One guest whose host moves the epoch whenever it is called. */
export function epochProgram(
  random: Random,
  engine: { readonly fuel: boolean; readonly counts: boolean },
): Step[] {
  const bounds: Step[] = [
    ...(engine.counts ? [{ op: "setCallTimeout", store: "s", milliseconds: 1e9 } as const] : []),
    { op: "setDeadline", store: "s", ticks: 1 },
    ...(engine.fuel ? [{ op: "setFuel", store: "s", fuel: mostFuel } as const] : []),
  ];
  const calls = Array.from({ length: 16 }, () => {
    const ticks = random.pick([0, 1, 1, 2, 3, 5, 8, 13, 100]);
    return [
      ...call(random, 60, [
        { op: "setDeadline", store: "s", ticks },
        ...(engine.fuel ? [{ op: "setFuel", store: "s", fuel: mostFuel } as const] : []),
      ]),
      ...(engine.fuel ? [{ op: "getFuel", store: "s" } as const] : []),
    ];
  });
  return [
    { op: "engine", as: "e", fuel: engine.fuel, epochs: true },
    ...instantiated(guest(random), { does: "tick", engine: "e", values: [] }, bounds),
    ...calls.flat(),
  ];
}
