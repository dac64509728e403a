import { describe, test } from "vitest";
import { Engine } from "../../src/index.ts";
import { expectSame } from "./compare.ts";
import { noOracle, runOnWasmtime } from "./oracle.ts";
import { runOnWasmlink } from "./player.ts";
import type { Step } from "./program.ts";
import { type TrapSample, trapSamples } from "./trap-samples.ts";

const features = Engine.features();

const setUp: readonly Step[] = [
  { op: "engine", as: "e" },
  { op: "store", as: "s", engine: "e" },
  { op: "linker", as: "l", engine: "e" },
];

function module(as: string, wat: string): Step {
  return { op: "module", as, engine: "e", wat };
}

function instantiate(as: string, of: string): Step {
  return { op: "instantiate", as, linker: "l", store: "s", module: of };
}

function defineInstance(name: string, instance: string): Step {
  return { op: "defineInstance", linker: "l", store: "s", name, instance };
}

function callExport(instance: string): Step[] {
  return [
    { op: "export", as: "f", instance, name: "run" },
    { op: "call", func: "f", args: [] },
  ];
}

/** Ways of a trap to the host: each makes the steps that come to it. */
const ways: Readonly<Record<string, (sample: TrapSample) => Step[]>> = {
  "in a function without a name": ({ code, fields = "" }) => [
    module("m", `(module ${fields} (func (export "run") ${code}))`),
    instantiate("i", "m"),
    ...callExport("i"),
  ],
  "in a function behind others, all with names": ({ code, fields = "" }) => [
    module(
      "m",
      `(module $named (import "l" "unused" (func)) ${fields}
         (func $outer (export "run") (local i32 f64) nop call $inner)
         (func $inner (local i64) call $trap unreachable)
         (func $trap (local externref) ${code}))`,
    ),
    { op: "unknownAsTraps", linker: "l", module: "m" },
    instantiate("i", "m"),
    ...callExport("i"),
    ...callExport("i"),
  ],
  "in another instance": ({ code, fields = "" }) => [
    module("m", `(module $callee ${fields} (func $trap (export "run") ${code}))`),
    instantiate("i", "m"),
    defineInstance("callee", "i"),
    module(
      "n",
      `(module $caller (import "callee" "run" (func $run)) (func (export "run") call $again) (func $again call $run))`,
    ),
    instantiate("j", "n"),
    ...callExport("j"),
  ],
  "behind a host function": ({ code, fields = "" }) => [
    module("m", `(module $callee ${fields} (func $trap (export "run") ${code}))`),
    instantiate("i", "m"),
    { op: "export", as: "trap", instance: "i", name: "run" },
    hostCalling("trap", "passes", false),
    hostCalling("trap", "catches", true),
    module(
      "n",
      `(module $caller (import "host" "passes" (func $passes)) (import "host" "catches" (func $catches))
         (func $run (export "run") call $catches call $passes))`,
    ),
    instantiate("j", "n"),
    ...callExport("j"),
  ],
  "in the start function": ({ code, fields = "" }) => [
    module("m", `(module $starting ${fields} (func $trap ${code}) (func $start call $trap) (start $start))`),
    instantiate("i", "m"),
    { op: "instantiatePre", as: "p", linker: "l", module: "m" },
    { op: "instantiateFromPre", as: "i", pre: "p", store: "s" },
    { op: "instance", as: "i", store: "s", module: "m", items: [] },
  ],
  "in a command and a reactor": ({ code, fields = "" }) => [
    module(
      "m",
      `(module $command ${fields} (func $trap (export "_start") ${code}) (func (export "run") call $trap))`,
    ),
    { op: "defineModule", linker: "l", store: "s", name: "command", module: "m" },
    { op: "get", as: "f", linker: "l", store: "s", module: "command", name: "run" },
    { op: "call", func: "f", args: [] },
    { op: "getDefault", as: "f", linker: "l", store: "s", module: "command" },
    { op: "call", func: "f", args: [] },
    module("n", `(module $reactor ${fields} (func $trap (export "_initialize") ${code}))`),
    { op: "defineModule", linker: "l", store: "s", name: "reactor", module: "n" },
  ],
  "under the eyes of catch_all": ({ code, fields = "" }) => [
    module(
      "m",
      `(module ${fields} (func $trap ${code})
         (func (export "run") (block $caught (try_table (catch_all $caught) call $trap))))`,
    ),
    instantiate("i", "m"),
    ...callExport("i"),
  ],
  "in a tail call": ({ code, fields = "" }) => [
    module(
      "m",
      `(module ${fields} (func $trap ${code}) (func $middle return_call $trap) (func (export "run") call $middle))`,
    ),
    instantiate("i", "m"),
    ...callExport("i"),
  ],
};

const needsOfWay: Readonly<Record<string, readonly string[]>> = {
  "under the eyes of catch_all": ["exceptions"],
  "in a tail call": ["tailCall"],
};

function hostCalling(func: string, name: string, catches: boolean): Step {
  const behaviour = { does: "call", func, args: [], catches, values: [] } as const;
  const type = { params: [], results: [] };
  return { op: "defineFunc", linker: "l", module: "host", name, type, behaviour, caller: false };
}

const isSupported = (needs: readonly string[] = []) => needs.every((feature) => features[feature]);

describe.skipIf(noOracle !== "")(`traps are the same as in wasmtime${noOracle && ` (${noOracle})`}`, () => {
  for (const [way, steps] of Object.entries(ways)) {
    test.skipIf(!isSupported(needsOfWay[way]))(way, () => {
      const samples = trapSamples.filter(({ needs }) => isSupported(needs));
      const programs = samples.map((sample) => [...setUp, ...steps(sample)]);
      const expected = runOnWasmtime(programs);
      programs.forEach((program, index) => {
        const outcomes = runOnWasmlink(program);
        program.forEach((step, at) => {
          expectSame(samples[index]!.code, step, expected[index]![at]!, outcomes[at]!);
        });
      });
    });
  }
});
