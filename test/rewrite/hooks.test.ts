import { describe, expect, test } from "vitest";
import { Flag, spentBudget } from "../../src/rewrite/hooks.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";
import { isValid } from "../host/assemble.ts";
import { callWithFuel, instantiate, outcomeOf } from "./guest.ts";

const has = (fields: string) => isValid(wat2wasm(`(module ${fields})`));
const hasMultiMemory = has("(memory 1) (memory 1)");
const hasMemory64 = has("(memory i64 1)");
const hasTryTable = has("(tag $e) (func (block (try_table (catch_all 0))))");
const hasLegacyTry = has("(tag $e) (func try catch_all end)");

describe("growth", () => {
  const text = `(module
    (memory $first 1) (memory $grows (export "memory") 2 4)
    (table $t (export "table") 3 5 funcref)
    (func (export "memory.grow") (param i32) (result i32) (memory.grow $grows (local.get 0)))
    (func (export "table.grow") (param i32) (result i32) (table.grow $t (ref.null func) (local.get 0))))`
    // Engines without multiple memories take the module without the first.
    .replace(hasMultiMemory ? "" : "(memory $first 1)", "");
  const index = hasMultiMemory ? 1 : 0;

  test.each([
    ["memory", index, 2],
    ["table", 0, 3],
  ])("the host is asked before a %s grows, and may refuse", (kind, which, size) => {
    const asked: unknown[] = [];
    const refuse = (...question: unknown[]) => {
      asked.push(question);
      return 0;
    };
    const hooks = { memoryGrowing: refuse, tableGrowing: refuse };
    const { exports } = instantiate(text, { guardGrowth: true }, { hooks });
    expect(exports[`${kind}.grow`](1)).toBe(-1);
    expect(exports[`${kind}.grow`](-1)).toBe(-1);
    expect(asked).toEqual([
      [which, size, 1],
      [which, size, 2 ** 32 - 1],
    ]);
    expect(sizesOf(exports)).toEqual([2, 3]);
  });

  test.each([
    ["memory", index, 2],
    ["table", 0, 3],
  ])("the host hears when the engine cannot grow a %s after all", (kind, which, size) => {
    const failed: unknown[] = [];
    const hear = (...report: unknown[]) => failed.push(report);
    const hooks = { memoryGrowFailed: hear, tableGrowFailed: hear };
    const { exports } = instantiate(text, { guardGrowth: true }, { hooks });
    expect(exports[`${kind}.grow`](2)).toBe(size);
    expect(failed).toEqual([]);
    expect(exports[`${kind}.grow`](9)).toBe(-1);
    expect(failed).toEqual([[which, size + 2, 9]]);
  });

  test.skipIf(!hasMemory64)("sizes of 64-bit memories and tables are numbers, too", () => {
    const asked: unknown[] = [];
    const hear = (...question: unknown[]) => asked.push(question);
    const { exports } = instantiate(
      `(module (memory i64 1 2) (table $t i64 1 2 funcref)
        (func (export "memory.grow") (param i64) (result i64) (memory.grow (local.get 0)))
        (func (export "table.grow") (param i64) (result i64) (table.grow $t (ref.null func) (local.get 0))))`,
      { guardGrowth: true },
      { hooks: { memoryGrowing: hear, tableGrowing: hear } },
    );
    expect(exports["memory.grow"](1n)).toBe(1n);
    expect(exports["table.grow"](-1n)).toBe(-1n);
    expect(asked).toEqual([
      [0, 1, 1],
      [0, 1, 2 ** 64],
    ]);
  });
});

function sizesOf({ memory, table }: Record<string, any>): number[] {
  return [memory.buffer.byteLength / 65_536, table.length];
}

const endless = [
  ["a loop", "(loop (br 0))"],
  ["a loop with a parameter", "(i32.const 0) (loop (param i32) (br 0 (i32.const 1)))"],
  ["a recursion", "(call $f) (call $f)"],
  ["tail calls", "(return_call $f)"],
  ["a loop that fills memory", "(loop (memory.fill (i32.const 0) (i32.const 0) (i32.const 65536)) (br 0))"],
] as const;

describe.each([
  ["epochFlag", hasMultiMemory],
  ["epochCountdown", true],
] as const)("with %s", (metering, isAvailable) => {
  test.skipIf(!isAvailable).each(endless)("%s ends when the host says so", (_title, body) => {
    const text = `(module (memory 1) (func $f (export "f") ${body}))`;
    const guest = instantiate(text, { metering });
    if (guest.flag !== undefined) guest.flag[0] = 1;
    expect(outcomeOf(() => guest.exports.f())).toBe("interrupt");
  });
});

test.skipIf(!hasMultiMemory)("a flag that is taken down lets the guest go on", () => {
  let asked = 0;
  const guest = instantiate(
    `(module (import "" "raise" (func $raise)) (memory 1)
      (func (export "f") (result i32) (local i32)
        (loop
          (if (i32.eq (local.get 0) (i32.const 500)) (then (call $raise)))
          (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 1000))))
        (local.get 0)))`,
    { metering: "epochFlag" },
    {
      imports: { "": { raise: () => (guest.flag![0] = 1) } },
      hooks: {
        interrupt: () => {
          asked++;
          guest.flag![0] = 0;
          return 0;
        },
      },
    },
  );
  expect(guest.exports.f()).toBe(1000);
  expect(asked).toBe(1);
});

test.skipIf(!hasMultiMemory)("a flag that says to count has the host asked after so many checks", () => {
  let asked = 0;
  const guest = instantiate(
    `(module (func (export "f") (param i32)
      (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`,
    { metering: "epochFlag" },
    {
      hooks: {
        interrupt: () => {
          asked++;
          guest.flag![0] = Flag.counting;
          return 9;
        },
      },
    },
  );
  guest.flag![0] = Flag.counting;
  // The entry is a check, and every iteration.
  guest.exports.f(999);
  expect(asked).toBe(100);
});

describe.each([
  ["epochFlag", hasMultiMemory],
  ["epochCountdown", true],
] as const)("with %s, when a function of the host wants it,", (metering, isAvailable) => {
  /** How many steps follow until the host is asked; undefined when it is not. */
  function stepsUntilAsked(text: string): number | undefined {
    let stepsAtQuestion: number | undefined;
    let steps: number | undefined;
    const guest = instantiate(
      `(module (import "" "want" (func $want)) (import "" "step" (func $step)) ${text})`,
      { metering },
      {
        imports: {
          "": {
            step: () => steps !== undefined && steps++,
            want: () => {
              steps = 0;
              if (guest.flag !== undefined) guest.flag[0] = Flag.up;
              if (guest.budget !== undefined) guest.budget.value = spentBudget;
            },
          },
        },
        hooks: {
          interrupt: () => {
            stepsAtQuestion ??= steps;
            if (guest.flag !== undefined) guest.flag[0] = Flag.down;
            return 65_536;
          },
        },
      },
    );
    guest.exports.f();
    return stepsAtQuestion;
  }

  const loop = `(loop call $step (br_if 0 (i32.lt_u
    (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))`;

  test.skipIf(!isAvailable).each([
    [
      "at the entry of a function without calls",
      0,
      '(func (export "f") call $want call $g call $step) (func $g)',
    ],
    ["at the entry of a tail call", 0, '(func (export "f") call $want return_call $g) (func $g)'],
    ["when a loop begins", 0, `(func (export "f") (local $i i32) call $want ${loop})`],
    [
      "when a loop inside of a loop begins",
      0,
      `(func (export "f") (local $i i32) (loop call $want ${loop}))`,
    ],
    [
      "at the next iteration",
      1,
      `(func (export "f") (local $i i32) (loop call $want call $step
         (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 2)))))`,
    ],
    [
      "at the next iteration, though a callee asked for it",
      1,
      `(func (export "f") (local $i i32) (loop call $g call $step
         (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 2))))) (func $g call $want)`,
    ],
    [
      "at a large bulk operation",
      0,
      '(memory 1) (func (export "f") call $want (memory.fill (i32.const 0) (i32.const 0) (i32.const 129)))',
    ],
    [
      "at a growth that may be large",
      0,
      '(memory 1) (func (export "f") (local i32) call $want (drop (memory.grow (local.get 0))))',
    ],
    ["but not in code without checks", undefined, '(func (export "f") call $want call $step nop)'],
  ])("the host is asked %s", (_title, steps, text) => {
    expect(stepsUntilAsked(text)).toBe(steps);
  });
});

test("a countdown counts large code for more than one unit", () => {
  let asked = 0;
  const large = "(drop (i64.const 0x7fffffffffffffff))".repeat(6400 / 12);
  const guest = instantiate(
    `(module (func (export "f") (param i32)
      (loop ${large} (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`,
    { metering: "epochCountdown" },
    {
      hooks: {
        interrupt: () => {
          asked++;
          return 10_000;
        },
      },
    },
  );
  guest.exports.f(1000);
  expect(asked).toBeGreaterThanOrEqual(9);
  expect(asked).toBeLessThanOrEqual(12);
});

test("a countdown counts iterations once, also of a loop that is larger than what a function may keep to itself", () => {
  let asked = 0;
  const large = "(drop (i64.const 0x7fffffffffffffff))".repeat(128_000 / 12);
  const guest = instantiate(
    `(module (func (export "f") (param i32)
      (loop ${large} (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`,
    { metering: "epochCountdown" },
    {
      hooks: {
        interrupt: () => {
          asked++;
          return 10_000;
        },
      },
    },
  );
  // 2,000 units each.
  guest.exports.f(100);
  expect(asked).toBeGreaterThanOrEqual(17);
  expect(asked).toBeLessThanOrEqual(21);
});

const countingDown = "(local.tee 0 (i32.sub (local.get 0) (i32.const 1)))";

test.each([
  ["a loop", `(loop (br_if 0 ${countingDown}))`],
  ["a loop that calls", `(loop (call $g) (br_if 0 ${countingDown}))`],
  ["a loop with a parameter", `(local.get 0) (loop (param i32) (br_if 0 ${countingDown}) (drop))`],
])("a host that always wants to be asked is asked once by each iteration of %s", (_title, loop) => {
  let asked = 0;
  const guest = instantiate(
    `(module (import "" "g" (func $g)) (func (export "f") (param i32) ${loop}))`,
    { metering: "epochCountdown" },
    {
      imports: { "": { g: () => {} } },
      hooks: {
        interrupt: () => {
          asked++;
          return spentBudget;
        },
      },
    },
  );
  guest.exports.f(10);
  // And at the entry.
  expect(asked).toBe(11);
});

test("a countdown asks as often as the host wants, but for a thousand iterations", () => {
  let asked = 0;
  const guest = instantiate(
    `(module (func (export "f") (param i32)
      (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`,
    { metering: "epochCountdown" },
    {
      hooks: {
        interrupt: () => {
          asked++;
          return 10_000;
        },
      },
    },
  );
  guest.exports.f(1_000_000);
  expect(asked).toBeGreaterThanOrEqual(90);
  expect(asked).toBeLessThanOrEqual(101);
});

test("a countdown counts large bulk operations for more than one iteration", () => {
  let asked = 0;
  const guest = instantiate(
    `(module (memory 16) (func (export "f") (param i32)
      (loop (memory.fill (i32.const 0) (i32.const 0) (i32.const 1048576))
        (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`,
    { metering: "epochCountdown" },
    {
      hooks: {
        interrupt: () => {
          asked++;
          return 10_000;
        },
      },
    },
  );
  guest.exports.f(20);
  // Once more at the entry, where nothing is left at first.
  expect(asked).toBe(21);
});

describe("fuel", () => {
  test("host functions see what is left, and may change it", () => {
    const seen: unknown[] = [];
    const guest = instantiate(
      `(module (import "" "look" (func $look)) (func (export "f") (drop (i32.const 0)) (call $look) nop (call $look)))`,
      { metering: "fuel" },
      {
        imports: {
          "": {
            look: () => {
              seen.push(guest.fuel!.value);
              guest.fuel!.value += 100n;
            },
          },
        },
      },
    );
    guest.fuel!.value = 10n;
    guest.exports.f();
    // Entry, constant, call; then the second call.
    expect(seen).toEqual([7n, 106n]);
    expect(guest.fuel!.value).toBe(206n);
  });

  test("the host is asked when nothing is left, with the entry charged", () => {
    const seen: unknown[] = [];
    const guest = instantiate(
      `(module (func (export "f") (result i32) (i32.const 7)))`,
      { metering: "fuel" },
      {
        hooks: {
          outOfFuel: (left) => {
            seen.push(left);
            return 5n;
          },
        },
      },
    );
    guest.fuel!.value = 1n;
    expect(guest.exports.f()).toBe(7);
    expect(seen).toEqual([0n]);
    expect(guest.fuel!.value).toBe(4n);
  });

  const thrower = `(tag $e) (func $burn (loop (br_if 0 (i32.lt_u (global.get $n)
      (global.set $n (i32.add (global.get $n) (i32.const 1))) (i32.const 100)))) (throw $e))
    (global $n (mut i32) (i32.const 0))`;

  test.skipIf(!hasTryTable)("what a function used that ends by a caught exception is charged", () => {
    const guest = instantiate(
      `(module ${thrower} (func (export "f") (block (try_table (catch_all 0) (call $burn)))))`,
      { metering: "fuel" },
    );
    expect(callWithFuel(guest, "f", [], 10_000)).toBe("undefined, 813 used");
  });

  test.skipIf(!hasLegacyTry)("so it is with legacy exception handling", () => {
    const guest = instantiate(`(module ${thrower} (func (export "f") try (call $burn) catch_all end))`, {
      metering: "fuel",
    });
    expect(callWithFuel(guest, "f", [], 10_000)).toBe("undefined, 812 used");
  });
});
