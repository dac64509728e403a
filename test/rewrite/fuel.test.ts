import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { wat2wasm } from "../../src/text/wat2wasm.ts";
import { noOracle } from "../differential/oracle.ts";
import { isValid } from "../host/assemble.ts";
import { Random } from "../support/random.ts";
import { callWithFuel, type Guest, instantiate } from "./guest.ts";
import { programFrom } from "./random-program.ts";

const plenty = 1_000_000_000;

function guest(text: string): Guest {
  return instantiate(text, { metering: "fuel" });
}

describe("a call costs what it costs in wasmtime", () => {
  const shared = `(type $t (func)) (table funcref (elem $empty)) (func $empty) (func $drops (param i32))
    (func $gives (result i32) (i32.const 0))`;

  test.each([
    ["nothing", "", 1],
    ["a constant, dropped", "(drop (i32.const 0))", 2],
    ["instructions that do nothing", "nop nop (block (block)) (loop)", 1],
    ["code behind a return", "return (drop (i32.const 0)) unreachable", 1],
    ["an arm that is not taken", "(if (i32.const 0) (then (call $empty)))", 3],
    ["an arm that is taken", "(if (i32.const 1) (then (drop (i32.const 0))))", 4],
    ["the first of two arms", "(if (i32.const 1) (then (drop (i32.const 0))) (else (call $empty)))", 4],
    ["the second of two arms", "(if (i32.const 0) (then (call $empty)) (else (drop (i32.const 0))))", 4],
    ["a branch over something", "(block (br_if 0 (i32.const 1)) (drop (i32.const 0)))", 3],
    ["a branch not taken", "(block (br_if 0 (i32.const 0)) (drop (i32.const 0)))", 4],
    ["a table of branches", "(block (block (br_table 0 1 (i32.const 1))) (drop (i32.const 0)))", 3],
    ["a call", "(call $empty)", 3],
    ["an argument", "(call $drops (i32.const 0))", 4],
    ["a result", "(drop (call $gives))", 4],
    ["an indirect call", "(call_indirect (type $t) (i32.const 0))", 4],
    ["a tail call", "(return_call $empty)", 3],
    [
      "ten iterations",
      "(local i32) (local.set 0 (i32.const 10)) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))",
      53,
    ],
  ])("%s", (_title, body, cost) => {
    const text = `(module ${shared} (func (export "f") ${body}))`;
    expect(callWithFuel(guest(text), "f", [], plenty)).toBe(`undefined, ${cost} used`);
    expect(callWithFuel(guest(text), "f", [], cost + 1)).toBe(`undefined, ${cost} used`);
  });
});

test.for<readonly [string, number]>([
  ["i8", 2 ** 32 - 44],
  ["i16", 2 ** 31 - 22],
  ["i32", 2 ** 30 - 11],
  ["f64", 2 ** 29 - 6],
  ["v128", 2 ** 28 - 3],
  ["funcref", 2 ** 30 - 11],
])("an array of %s that wasmtime refuses at once is not charged", ([element, refused], { skip }) => {
  const text = `(module (type $a (array (mut ${element})))
    (func (export "f") (param i32) (drop (array.new_default $a (local.get 0)))))`;
  skip(!isValid(wat2wasm(text)), "this JavaScript engine lacks gc");
  expect(callWithFuel(guest(text), "f", [refused - 1], 10)).toBe("out of fuel, 10 used");
  expect(callWithFuel(guest(text), "f", [refused], 10)).toBe("trap, 0 used");
});

const divides = "(drop (i32.const 1)) (drop (i32.div_u (i32.const 1) (i32.const 0)))";
test.for<readonly [title: string, body: string, outcome: string]>([
  [
    "a handler that nothing reaches, then a trap",
    `(block (try_table (catch_all 0) nop)) ${divides}`,
    "trap, 0 used",
  ],
  ["a trap behind a handler", `(block (try_table (catch_all 0) (throw $t))) ${divides}`, "trap, 3 used"],
  [
    "a trap behind a call that is guarded",
    `(block (try_table (catch_all 0) (call $g))) ${divides}`,
    "trap, 4 used",
  ],
  [
    "code behind a handler",
    "(block (try_table (catch_all 0) (throw $t))) (drop (i32.const 1))",
    "undefined, 4 used",
  ],
  [
    "five iterations that throw",
    `(local i32) (local.set 0 (i32.const 5))
      (loop (block (try_table (catch_all 0) (throw $t))) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))`,
    "undefined, 38 used",
  ],
  [
    "a loop in a handler",
    "(block (try_table (catch_all 0) (throw $t))) (loop (br 0))",
    "out of fuel, 1000 used",
  ],
])("as in wasmtime, what is stored when exceptions are handled: %s", ([, body, outcome], { skip }) => {
  const bytes = wat2wasm(`(module (tag $t) (func $g nop) (func (export "f") ${body}))`);
  skip(!isValid(bytes), "this JavaScript engine lacks exceptions");
  expect(callWithFuel(instantiate(bytes, { metering: "fuel" }), "f", [], 1000)).toBe(outcome);
});

/** A function of each bulk instruction with a length from outside (`dyn`) and with constant lengths (`c3`, …). */
interface BulkCase {
  readonly instruction: string;
  readonly operands: string;
  /** Type of the length; i32 if not given. */
  readonly type?: "i32" | "i64";
  readonly hasResult?: boolean;
  /** Whether lengths that cannot be are to be left out: engines tell them differently. */
  readonly noExcess?: boolean;
}

const zeros = "(i32.const 0) (i32.const 0)";
const bulk: readonly BulkCase[] = [
  { instruction: "memory.copy", operands: zeros },
  { instruction: "memory.fill", operands: zeros },
  { instruction: "memory.init $d", operands: zeros },
  { instruction: "table.copy", operands: zeros },
  { instruction: "table.fill", operands: "(i32.const 0) (ref.null func)" },
  { instruction: "table.init $e", operands: zeros },
  { instruction: "table.grow", operands: "(ref.null func)", hasResult: true },
  { instruction: "memory.grow", operands: "", hasResult: true },
  { instruction: "memory.copy $wide $wide", operands: "(i64.const 0) (i64.const 0)", type: "i64" },
  { instruction: "memory.copy $wide 0", operands: "(i64.const 0) (i32.const 0)" },
  { instruction: "memory.fill $wide", operands: "(i64.const 0) (i32.const 0)", type: "i64" },
  { instruction: "memory.grow $wide", operands: "", type: "i64", hasResult: true },
  { instruction: "table.fill $wide", operands: "(i64.const 0) (ref.null func)", type: "i64" },
  { instruction: "table.grow $wide", operands: "(ref.null func)", type: "i64", hasResult: true },
  {
    instruction: "array.copy $a $a",
    operands: "(global.get $g) (i32.const 0) (global.get $g) (i32.const 0)",
  },
  { instruction: "array.fill $a", operands: `(global.get $g) ${zeros}` },
  { instruction: "array.init_data $a $d", operands: `(global.get $g) ${zeros}` },
  { instruction: "array.new $a", operands: "(i32.const 0)", hasResult: true, noExcess: true },
  { instruction: "array.new_default $a", operands: "", hasResult: true, noExcess: true },
  { instruction: "array.new_data $a $d", operands: "(i32.const 0)", hasResult: true, noExcess: true },
];
const lengths = [0, 3, 100, 128, 129, 1000];

/** More than fits. */
const excess = 2_000_000;

function bulkModule({ instruction, operands, type = "i32", hasResult }: BulkCase): string {
  const isGc = instruction.startsWith("array");
  const isWide = instruction.includes("$wide");
  const kind = instruction.split(".")[0];
  const drop = hasResult ? "drop" : "";
  const length = (value: number) => `(${type}.const ${value})`;
  const wide = kind === "table" ? "(table $wide i64 2000 2200 funcref)" : "(memory $wide i64 16 18)";
  return `(module
    ${isGc ? "(type $a (array (mut i8))) (global $g (ref $a) (array.new_default $a (i32.const 2000)))" : ""}
    (memory 16 18) (table 2000 2200 funcref) ${isWide ? wide : ""}
    (data $d "${"x".repeat(2000)}") (elem $e funcref ${"(ref.null func) ".repeat(2000)})
    (global $done (mut i32) (i32.const 0))
    (func (export "dyn") (param ${type}) ${operands} (local.get 0) (${instruction}) ${drop}
      (global.set $done (i32.const 1)))
    ${[...lengths, excess]
      .map(
        (value) =>
          `(func (export "c${value}") ${operands} ${length(value)} (${instruction}) ${drop} (global.set $done (i32.const 1)))`,
      )
      .join("\n")})`;
}

type Call = readonly [name: string, args: readonly (number | string)[], fuel: number];

interface OracleCase {
  readonly text: string;
  readonly globals: Readonly<Record<string, number>>;
  readonly calls: readonly Call[];
}

function bulkCalls({ type, noExcess }: BulkCase): Call[] {
  const argument = (value: number) => (type === "i64" ? String(value) : value);
  const possible = noExcess ? lengths : [...lengths, excess];
  const around = [1, 4, 8, 104, 108, 110, 133, 137, 1004, 1006, 1008, plenty];
  return around.flatMap((fuel) => [
    ...possible.map((length): Call => ["dyn", [argument(length)], fuel]),
    ...possible.map((length): Call => [`c${length}`, [], fuel]),
  ]);
}

/** Loads and stores of several widths; `@` stands for memory and offset. */
const accesses = [
  "(drop (i32.load8_u @ (local.get 0)))",
  "(drop (i64.load @ (local.get 0)))",
  "(f32.store @ (local.get 0) (f32.const 0))",
  "(drop (v128.load @ (local.get 0)))",
  "(drop (v128.load8x8_s @ (local.get 0)))",
  "(v128.store32_lane @ 1 (local.get 0) (v128.const i32x4 0 0 0 0))",
  "(drop (i32.atomic.rmw.add @ (local.get 0) (i32.const 1)))",
  "(drop (memory.atomic.notify @ (local.get 0) (i32.const 1)))",
];

/** Accesses with offsets around what memories and their addresses can have. */
function accessCase(memories: string): OracleCase {
  const isWide = memories.includes("i64");
  const memory = memories.includes("$b") ? "$b" : "";
  const offsets = [0, 65_528, 65_532, 65_536, 131_072, 2 ** 32 - 16, 2 ** 32 - 4];
  if (isWide) offsets.push(2 ** 32, 2 ** 33);
  const bodies = offsets.flatMap((offset) =>
    accesses.map((access) => access.replace("@", `${memory} offset=${offset}`)),
  );
  const functions = bodies.map(
    (body, index) => `(func (export "f${index}") (param ${isWide ? "i64" : "i32"})
      call $nop (block (br_if 0 (i32.const 0)) (if (i32.const 1) (then ${body}))) (drop (i32.const 0)))`,
  );
  return {
    text: `(module ${memories} (func $nop) ${functions.join("\n")})`,
    globals: {},
    calls: functions.map((_, index): Call => [`f${index}`, [isWide ? "0" : 0], plenty]),
  };
}

/** Programs with calls that end, and the same with a part of the fuel they need. */
function randomCase(random: Random): OracleCase {
  const text = programFrom(Array.from({ length: 5 + random.below(400) }, () => random.below(1001)));
  const calls = [0, 1, 2, 3].flatMap((index) => {
    const args = [random.below(50), "5"];
    const enough: Call = [`f${index}`, args, plenty];
    const used = Number(/(\d+) used/.exec(play({ text, globals: { purse: 300 }, calls: [enough] })[0]!)![1]);
    const less = [used + 1, used, used - 1, ...Array.from({ length: 3 }, () => random.below(used + 1))];
    return [enough, ...less.map((fuel): Call => [`f${index}`, args, Math.max(fuel, 0)])];
  });
  return { text, globals: { purse: 300 }, calls };
}

function play({ text, globals, calls }: OracleCase): string[] {
  const instance = guest(text);
  return calls.map(([name, args, fuel]) => {
    for (const [variable, value] of Object.entries(globals)) instance.exports[variable].value = value;
    const converted = args.map((arg) => (typeof arg === "string" ? BigInt(arg) : arg));
    return callWithFuel(instance, name, converted, fuel);
  });
}

function askWasmtime(cases: readonly OracleCase[]): string[][] {
  const script = fileURLToPath(new URL("./fuel-oracle.py", import.meta.url));
  const python = process.env["WASMLINK_PYTHON"] ?? "python3";
  const { stdout, stderr, status } = spawnSync(python, [script], {
    input: JSON.stringify(cases),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`the oracle ended with ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout);
}

describe.skipIf(noOracle)(
  `wasmtime ends every call in the same way with the same fuel left (${noOracle || "asked"})`,
  () => {
    test("random programs", () => {
      const random = new Random(1);
      const cases = Array.from({ length: 100 }, () => randomCase(random));
      const expected = askWasmtime(cases);
      cases.forEach((oracleCase, index) => {
        expect(play(oracleCase), oracleCase.text).toEqual(expected[index]);
      });
    });

    test("loads and stores, also where a memory can never have what they access", () => {
      const cases = [
        "(memory 1)",
        "(memory 1 1)",
        "(memory 0 0)",
        "(memory 1 65536)",
        "(memory 0 1) (memory $b 1 2)",
        "(memory i64 1)",
        "(memory i64 1 1)",
        "(memory i64 0 0)",
      ]
        .map(accessCase)
        .filter(({ text }) => isValid(wat2wasm(text)));
      const expected = askWasmtime(cases);
      cases.forEach((oracleCase, index) => {
        expect(play(oracleCase), oracleCase.text).toEqual(expected[index]);
      });
    });

    test("bulk instructions, growth and allocation", () => {
      const cases = bulk
        .map(
          (bulkCase): OracleCase => ({ text: bulkModule(bulkCase), globals: {}, calls: bulkCalls(bulkCase) }),
        )
        .filter(({ text }) => isValid(wat2wasm(text)));
      expect(cases.length).toBeGreaterThan(7);
      const expected = askWasmtime(cases);
      cases.forEach((oracleCase, index) => {
        expect(play(oracleCase), bulk[index]!.instruction).toEqual(expected[index]);
      });
    });
  },
);
