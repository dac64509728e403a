import { describe, test } from "vitest";
import { Engine } from "../../src/index.ts";
import { Random } from "../support/random.ts";
import { expectSame, isOutOfHeap } from "./compare.ts";
import { linkerProgram } from "./generate.ts";
import { noOracle, runOnWasmtime } from "./oracle.ts";
import { runOnWasmlink } from "./player.ts";

/** WASMLINK_PROGRAMS=20000 WASMLINK_SEED=1000 npx vitest run test/differential */
const count = Number(process.env["WASMLINK_PROGRAMS"] ?? 300);
const firstSeed = Number(process.env["WASMLINK_SEED"] ?? 1);

describe.skipIf(noOracle !== "")(`random linker programs${noOracle && ` (${noOracle})`}`, () => {
  test(`${count} of them have the outcomes they have in wasmtime`, { timeout: 3_600_000 }, () => {
    const programs = Array.from({ length: count }, (_, index) =>
      linkerProgram(new Random(firstSeed + index), Engine.features()),
    );
    const expected = runOnWasmtime(programs);
    programs.forEach((program, index) => {
      const outcomes = runOnWasmlink(program);
      for (const [at, step] of program.entries()) {
        const wasmtime = expected[index]![at]!;
        if (isOutOfHeap(wasmtime)) break;
        expectSame(`seed ${firstSeed + index}, step ${at}`, step, wasmtime, outcomes[at]!);
      }
    });
  });
});
