import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pace } from "../../src/runtime/pace.ts";

let now = 1000;

beforeEach(() => {
  vi.spyOn(performance, "now").mockImplementation(() => now);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** What the last of some questions gives, where counting one unit takes so many milliseconds. */
function budgetAfter(questions: number, pace: Pace, unitMs: number): number {
  let budget = pace.next();
  for (; questions > 0; questions--) {
    now += budget * unitMs;
    budget = pace.next();
  }
  return budget;
}

test("code asks every twentieth of a millisecond, however long what it counts takes", () => {
  for (const unitMs of [1e-7, 1e-6, 1e-5]) {
    expect(budgetAfter(20, new Pace(65_536), unitMs) * unitMs).toBeCloseTo(0.05, 3);
  }
});

test("code that has slowed down asks as often again after one question", () => {
  const pace = new Pace(65_536);
  budgetAfter(20, pace, 1e-7);
  expect(budgetAfter(1, pace, 1e-5) * 1e-5).toBeCloseTo(0.05, 3);
});

test("a clock that stands still and one that jumps leave the budget within bounds", () => {
  const pace = new Pace(65_536);
  expect(budgetAfter(20, pace, 0)).toBe(65_536 * 16);
  expect(budgetAfter(1, pace, 1e9)).toBe(1024);
  expect(budgetAfter(1, pace, -1e9)).toBeGreaterThanOrEqual(1024);
});
