import { describe, test } from "vitest";
import { Engine } from "../../src/index.ts";
import { expectSame } from "./compare.ts";
import { noOracle, runOnWasmtime } from "./oracle.ts";
import { runOnWasmlink } from "./player.ts";
import type { Step, TypeName, Value } from "./program.ts";
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

/** Ways on which frames vanish: what called the code that traps is unknown. */
const vagueWays: ReadonlySet<string> = new Set(["in a tail call"]);

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
      const programs = samples.map((sample) => ({ name: sample.code, steps: [...setUp, ...steps(sample)] }));
      expectSameOutcomes(programs, vagueWays.has(way));
    });
  }

  test("whose operands come from the host", () => expectSameOutcomes(programsWithArguments()));
  test("whose operands nobody knows", () => expectSameOutcomes(vaguePrograms(), true));
  test("in memories of all sizes, at all offsets", () => expectSameOutcomes(memoryPrograms()));
});

interface Program {
  readonly name: string;
  readonly steps: readonly Step[];
}

function expectSameOutcomes(programs: readonly Program[], isVague = false): void {
  const expected = runOnWasmtime(programs.map(({ steps }) => steps));
  programs.forEach(({ name, steps }, index) => {
    const outcomes = runOnWasmlink(steps);
    steps.forEach((step, at) => {
      expectSame(name, step, expected[index]![at]!, outcomes[at]!, isVague);
    });
  });
}

/** Code that takes its operands from parameters, and arguments it traps for. */
const samplesWithParameters: readonly (readonly [
  param: TypeName,
  code: string,
  arguments_: readonly Value[],
])[] = [
  ["f32", "i32.trunc_f32_s drop", [{ float: "NaN" }, { float: "Infinity" }, { float: "1e30" }]],
  ["f64", "i64.trunc_f64_u drop", [{ float: "NaN" }, { float: "-1" }]],
  ["i32", "call_indirect $t (type $v)", [{ i32: 0 }, { i32: 2 }, { i32: -1 }]],
  ["i32", "call_indirect $t (type $i) drop", [{ i32: 0 }, { i32: 1 }, { i32: 3 }]],
  ["i32", "i32.load offset=4 drop", [{ i32: 65536 }, { i32: 65530 }, { i32: -1 }, { i32: 2 ** 31 }]],
  ["i32", "i32.const 7 i32.store16", [{ i32: 65536 }, { i32: 65535 }]],
  ["i32", "call_indirect $written (type $v)", [{ i32: 0 }, { i32: 1 }, { i32: 2 }]],
  ["i32", "call_indirect $written (type $i) drop", [{ i32: 0 }, { i32: 1 }, { i32: 2 }]],
];

const fieldsWithParameters = `(memory 1) (type $v (func)) (type $i (func (result i32))) (func $callee (type $v))
  (table $t 3 funcref) (elem (table $t) (i32.const 1) func $callee)
  (table $written (export "written") 3 funcref) (elem (table $written) (i32.const 0) func $callee)`;

/** The code called by the host, through other functions, and through another instance. */
function programsWithArguments(): Program[] {
  return samplesWithParameters.flatMap(([param, code, args]) =>
    args.map((value) => ({
      name: `${code} ${JSON.stringify(value)}`,
      steps: [
        ...setUp,
        module(
          "m",
          `(module $callee ${fieldsWithParameters}
            (func $trap (export "trap") (param ${param}) local.get 0 ${code})
            (func $other (param i64 ${param} i32) local.get 1 call $trap)
            (func (export "run") (param ${param}) (local i32) i64.const 1 local.get 0 i32.const 2 call $other))`,
        ),
        instantiate("i", "m"),
        defineInstance("callee", "i"),
        module(
          "n",
          `(module $caller (import "callee" "trap" (func $trap (param ${param})))
            (func (export "run") (param ${param}) local.get 0 call $trap))`,
        ),
        instantiate("j", "n"),
        { op: "export", as: "table", instance: "i", name: "written" } as const,
        { op: "export", as: "i.trap", instance: "i", name: "trap" } as const,
        { op: "setElement", table: "table", index: 2, value: { func: "i.trap" } } as const,
        ...["i", "j"].flatMap((instance): Step[] => [
          { op: "export", as: `${instance}.run`, instance, name: "run" },
          { op: "call", func: `${instance}.run`, args: [value] },
        ]),
        { op: "call", func: "i.trap", args: [value] } as const,
      ],
    })),
  );
}

/** The operand is written, computed, or from a function that was called indirectly. */
function vaguePrograms(): Program[] {
  const ways: Readonly<Record<string, (code: string, param: TypeName) => string>> = {
    written: (code, param) =>
      `(func (export "run") (param ${param}) local.get 0 local.set 0 local.get 0 ${code})`,
    "written in a loop": (code, param) =>
      `(func (export "run") (param ${param}) (local $first i32) (local $next ${param}) loop
        local.get $first if local.get 0 ${code} return end
        i32.const 1 local.set $first local.get 0 local.set $next local.get $next local.set 0 br 0 end)`,
    computed: (code, param) =>
      `(func (export "run") (param ${param}) (block (result ${param}) local.get 0) ${code})`,
    "called indirectly": (code, param) =>
      `(type $f (func (param ${param}))) (table $f 1 funcref) (elem (table $f) (i32.const 0) func $trap)
       (func $trap (type $f) local.get 0 ${code})
       (func (export "run") (param ${param}) local.get 0 i32.const 0 call_indirect $f (type $f))`,
    "called in tail position": (code, param) =>
      `(func $trap (param ${param}) local.get 0 ${code})
       (func (export "run") (param ${param}) local.get 0 return_call $trap)`,
  };
  return Object.entries(ways).flatMap(([way, functions]) =>
    samplesWithParameters.flatMap(([param, code, args]) =>
      args.map((value) => ({
        name: `${way}: ${code} ${JSON.stringify(value)}`,
        steps: [
          ...setUp,
          module("m", `(module ${fieldsWithParameters} ${functions(code, param)})`),
          instantiate("i", "m"),
          { op: "export", as: "f", instance: "i", name: "run" } as const,
          { op: "call", func: "f", args: [value] } as const,
        ],
      })),
    ),
  );
}

/** Loads and stores of every width, beyond the end of memories. */
function memoryPrograms(): Program[] {
  const accesses = [
    "i32.load8_s drop",
    "i64.load32_u drop",
    "f64.load drop",
    "f32.const 1 f32.store",
    "i64.const 1 i64.store8",
    ...(features["simd"]
      ? [
          "v128.load drop",
          "v128.load8x8_s drop",
          "v128.load32_splat drop",
          "v128.const i64x2 0 0 v128.store",
          "v128.const i64x2 0 0 v128.load16_lane 3 drop",
          "v128.const i64x2 0 0 v128.store64_lane 1",
        ]
      : []),
    ...(features["threads"]
      ? ["i32.const 1 i32.atomic.rmw16.add_u drop", "i64.const 1 i64.atomic.store"]
      : []),
    ...(features["threads"]
      ? ["i32.const 1 i32.const 2 i32.atomic.rmw.cmpxchg drop", "i32.const 1 memory.atomic.notify drop"]
      : []),
  ];
  const offsets = [0, 3, 8, 65_528, 65_536, 2 ** 25 - 64, 2 ** 25, 2 ** 31, 2 ** 32 - 1];
  const indices = [-8, 0, 65_528, 65_536, 131_072, 2 ** 31];
  return ["0", "1 1", "1", "2 5"].flatMap((limits) =>
    accesses.map((access) => ({
      name: `${access} in ${limits}`,
      steps: [
        ...setUp,
        ...offsets.flatMap((offset) => {
          const code = access.replace(/\S*(?:load|store|rmw|notify)\S*/, `$& offset=${offset}`);
          return [
            module("m", `(module (memory ${limits}) (func (export "f") (param i32) local.get 0 ${code}))`),
            instantiate("i", "m"),
            { op: "export", as: "f", instance: "i", name: "f" } as const,
            ...indices.map((index) => ({ op: "call", func: "f", args: [{ i32: index }] }) as const),
          ];
        }),
      ],
    })),
  );
}
