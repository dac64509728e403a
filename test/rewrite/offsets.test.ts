import { describe, expect, test } from "vitest";
import { decodeModule } from "../../src/binary/decode.ts";
import { functionBodies } from "../../src/binary/segments.ts";
import { recordFrames, wasmFrames } from "../../src/host/stack.ts";
import { webAssembly } from "../../src/host/webassembly.ts";
import type { InstrumentationPlan } from "../../src/rewrite/instrument.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";
import { Random } from "../support/random.ts";
import { instantiate } from "./guest.ts";
import { programFrom } from "./random-program.ts";

recordFrames(20);

/** Offsets of the frames of what a call throws, innermost first; undefined where it returns. */
function traceOf(call: () => unknown): number[] | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return wasmFrames(error as Error).map(({ offset }) => offset!);
  }
}

const engineTellsOffsets =
  traceOf(() => {
    const { Instance, Module } = webAssembly();
    const trap = wat2wasm('(module (func (export "f") unreachable))');
    new Instance(new Module(trap)).exports["f"]();
  })?.[0] !== undefined;

const plans: readonly InstrumentationPlan[] = [
  { metering: "fuel" },
  { metering: "fuel", guardGrowth: true, moduleName: "m", importMemory: () => true },
  { metering: "epochCountdown" },
  { metering: "fuel", guardGrowth: true, hooks: "imports" },
];

test.skipIf(!engineTellsOffsets).each(plans)("frames of a trap lead back to the original: %o", (plan) => {
  const random = new Random(7);
  const { Instance, Module } = webAssembly();
  let trapped = 0;
  for (let left = 150; left > 0; left--) {
    const bytes = wat2wasm(programFrom(Array.from({ length: 200 }, () => random.below(1001))));
    const raw = new Instance(new Module(bytes)).exports;
    const guest = instantiate(bytes, plan, { hooks: { interrupt: () => 1000 } });
    if (guest.fuel !== undefined) guest.fuel.value = 1n << 40n;
    for (const exports of [raw, guest.exports]) exports["purse"].value = 10;
    const expected = traceOf(() => raw["f0"](3, 5n));
    const actual = traceOf(() => guest.exports["f0"](3, 5n));
    expect(actual?.map(guest.module.originalOffset)).toEqual(expected);
    if (expected !== undefined) trapped++;
  }
  expect(trapped).toBeGreaterThan(50);
});

describe.skipIf(!engineTellsOffsets)("a guest without fuel stops where wasmtime says it does", () => {
  /** Offset from the start of the function, and what it is there. */
  test.each([
    ["at the entry", "nop (loop nop (br 0))", 1, 0],
    ["at the last group of locals", "(local i32) (local i64) nop", 1, 3],
    ["at a loop", "nop nop (loop (br 0))", 100, 3],
    ["at a loop with a parameter", "(i32.const 0) (loop (param i32) (br 0 (i32.const 1)))", 100, 3],
    ["at a bulk operation", "(param i32) (memory.fill (i32.const 0) (i32.const 0) (local.get 0))", 100, 7],
    ["at a growth", "(param i32) (drop (memory.grow (i32.and (local.get 0) (i32.const 1))))", 6, 6],
  ])("%s", (_title, body, fuel, offset) => {
    const bytes = wat2wasm(`(module (memory 1) (func (export "f") ${body}))`);
    const [{ start } = { start: 0 }] = functionBodies(decodeModule(bytes));
    const guest = instantiate(bytes, { metering: "fuel" });
    guest.fuel!.value = BigInt(fuel);
    const offsets = traceOf(() => guest.exports.f(1001))!.map(guest.module.originalOffset);
    expect(offsets.filter((place) => place >= 0)).toEqual([start + offset]);
  });
});

test("functions that were added lead nowhere", () => {
  const { module } = instantiate('(module (func (export "f")))', { metering: "fuel" });
  expect(module.originalOffset(module.bytes.length - 1)).toBe(-1);
  expect(module.originalOffset(0)).toBe(-1);
});
