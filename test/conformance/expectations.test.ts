import { expect, test } from "vitest";
import type { CommandResult } from "../../src/wast/index.ts";
import { differences, observed, updated } from "./expectations.mjs";

function scriptResult(file: string, passed: number, failures: readonly Partial<CommandResult>[] = []) {
  return {
    file,
    assertions: passed + failures.length,
    passedAssertions: passed,
    vacuousAssertions: 0,
    steps: 1,
    passedSteps: 1,
    failures: failures.map((failure) => ({ line: 1, command: "assert_return", ok: false, ...failure })),
  };
}

const outcome = observed([
  scriptResult("a.wast", 2),
  scriptResult("b.wast", 3, [{}, { missingFeature: "gc" }, { missingFeature: "gc" }]),
  scriptResult("proposals/p/c.wast", 1, [{ missingFeature: "simd" }]),
]);
const expectation = {
  ...outcome,
  others: outcome.others.map((entry) => ({ ...entry, reason: "a mistake" })),
};

test("observed sums up by folder, by missing proposal and script, and by script", () => {
  expect(outcome).toEqual({
    directories: {
      core: { assertions: 8, passedAssertions: 5, vacuousAssertions: 0, steps: 2, passedSteps: 2 },
      "proposals/p": { assertions: 2, passedAssertions: 1, vacuousAssertions: 0, steps: 1, passedSteps: 1 },
    },
    lacks: { gc: { "b.wast": 2 }, simd: { "proposals/p/c.wast": 1 } },
    others: [{ file: "b.wast", count: 1 }],
  });
});

test("differences has nothing to tell where everything is as expected", () => {
  expect(differences(expectation, outcome)).toEqual([]);
});

test("differences tells of new failures and of unexpected passes", () => {
  const worse = observed([
    scriptResult("a.wast", 1, [{}]),
    scriptResult("b.wast", 3, [{}, { missingFeature: "gc" }, { missingFeature: "gc" }]),
    scriptResult("proposals/p/c.wast", 2),
  ]);
  expect(differences(expectation, worse).toSorted()).toEqual([
    "a.wast: failures without a missing proposal: 1, expected 0",
    "core: passedAssertions: 4, expected 5",
    "proposals/p/c.wast: failures for lack of simd: 0, expected 1",
    "proposals/p: passedAssertions: 2, expected 1",
  ]);
});

test("differences wants a reason for every failure that no missing proposal explains", () => {
  const anew = updated(undefined, outcome);
  expect(differences(anew, outcome)).toEqual(["b.wast: no reason is given"]);
  expect(updated(expectation, outcome)).toEqual(expectation);
});
