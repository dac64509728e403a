import { describe, expect, test } from "vitest";
import { requires } from "../support/modules.ts";
import { Random } from "../support/random.ts";
import { epochProgram, fuelProgram } from "./bounded-programs.ts";
import { expectSame } from "./compare.ts";
import { noOracle, runOnWasmtime } from "./oracle.ts";
import { runOnWasmlink } from "./player.ts";
import type { Step } from "./program.ts";
import { startupProgram } from "./startup-programs.ts";

const count = Number(process.env["WASMLINK_BOUNDED_PROGRAMS"] ?? 60);

function compare(make: (random: Random) => Step[]): Set<string> {
  const programs = Array.from({ length: count }, (_, index) => make(new Random(index)));
  const expected = runOnWasmtime(programs);
  const codes = new Set<string>();
  programs.forEach((program, index) => {
    const outcomes = runOnWasmlink(program);
    program.forEach((step, at) => {
      const outcome = expected[index]![at]!;
      if ("error" in outcome) codes.add(String(outcome.code));
      expectSame(`program ${index}, step ${at}`, step, outcome, outcomes[at]!);
    });
  });
  return codes;
}

describe.skipIf(noOracle !== "")(`bounds hold as in wasmtime${noOracle && ` (${noOracle})`}`, () => {
  test("every call ends in the same way with the same fuel left, also where it runs out", () => {
    const codes = compare(fuelProgram);
    expect(codes).toContain("OUT_OF_FUEL");
    expect(codes.size).toBeGreaterThan(2);
  }, 120_000);

  test("instantiation takes the same fuel, also where it runs out", (context) => {
    requires(context, "gc", "multiMemory");
    compare(startupProgram);
  }, 120_000);

  test.each([
    ["code that waits for a flag, where the engine can", { fuel: false, counts: false }],
    ["code that counts down", { fuel: false, counts: true }],
    ["code that counts fuel", { fuel: true, counts: false }],
  ])(
    "an epoch that the host moves stops the guest at the same place, with %s",
    (_title, engine) => {
      expect(compare((random) => epochProgram(random, engine))).toContain("INTERRUPT");
    },
    120_000,
  );
});
