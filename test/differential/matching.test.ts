import { describe, expect, test } from "vitest";
import { Engine } from "../../src/index.ts";
import { noOracle, runOnWasmtime } from "./oracle.ts";
import { runOnWasmlink } from "./player.ts";
import type { Outcome, Step } from "./program.ts";

const features = Engine.features();
const hasGc = features["gc"] === true && features["functionReferences"] === true;

/** The defined types that the others mention. */
const types = hasGc
  ? `(type $plain (func))
     (type $open (sub (func)))
     (type $sub (sub $open (func)))
     (type $last (sub final $sub (func)))
     (rec (type $first (func)) (type $second (func (param (ref null $first)))))
     (rec (type $alone (func)))
     (type $struct (sub (struct (field i32))))
     (type $wider (sub $struct (struct (field i32) (field (mut i64)))))
     (type $array (array (mut i8)))`
  : "";

/** A type as an import writes it, with what makes an item of it. */
interface Sample {
  readonly type: string;
  readonly definition: string;
}

function functions(): Sample[] {
  const signatures = [
    "",
    "(param i32)",
    "(param i32 i64) (result f32)",
    "(result externref)",
    "(param funcref)",
  ];
  if (features["simd"]) signatures.push("(param v128)");
  const named = ["plain", "open", "sub", "last", "first", "second", "alone"].map((name) => `(type $${name})`);
  if (hasGc)
    signatures.push(
      ...named,
      "(result (ref func))",
      "(result (ref null $plain))",
      "(param (ref extern))",
      "(param anyref (ref i31) nullref (ref null $array))",
    );
  return signatures.map((signature) => ({
    type: `(func ${signature})`,
    definition: `(func ${signature} unreachable)`,
  }));
}

function globals(): Sample[] {
  const contents: [string, string][] = [
    ["i32", "i32.const 1"],
    ["i64", "i64.const 1"],
    ["f32", "f32.const 1"],
    ["f64", "f64.const 1"],
    ["externref", "ref.null extern"],
    ["funcref", "ref.null func"],
  ];
  if (features["simd"]) contents.push(["v128", "v128.const i64x2 1 2"]);
  const nulls = ["any", "eq", "i31", "struct", "array", "none", "nofunc", "noextern"];
  nulls.push("$plain", "$open", "$sub", "$alone", "$struct", "$wider");
  if (hasGc)
    contents.push(
      ...nulls.map((heap): [string, string] => [`(ref null ${heap})`, `ref.null ${heap}`]),
      ["(ref func)", "ref.func $plain"],
      ["(ref $plain)", "ref.func $plain"],
      ["(ref $sub)", "ref.func $sub"],
      ["(ref i31)", "i32.const 1 ref.i31"],
      ["(ref eq)", "i32.const 1 ref.i31"],
      ["(ref any)", "i32.const 1 ref.i31"],
      ["(ref $struct)", "struct.new_default $struct"],
    );
  return contents.flatMap(([content, value]) =>
    [content, `(mut ${content})`].map((type) => ({
      type: `(global ${type})`,
      definition: `(global ${type} ${value})`,
    })),
  );
}

function tables(): Sample[] {
  const limits = ["0", "1", "1 2", "2 2", "1 3"];
  const elements = [
    "funcref",
    "externref",
    ...(hasGc ? ["anyref", "(ref null $plain)", "(ref null $open)"] : []),
  ];
  const shapes = elements.flatMap((element) => limits.map((limit) => `${limit} ${element}`));
  if (features["memory64"]) shapes.push("i64 1 funcref", "i64 1 2 funcref", "i64 0 externref");
  return shapes.map((shape) => ({ type: `(table ${shape})`, definition: `(table ${shape})` }));
}

function memories(): Sample[] {
  const shapes = ["0", "1", "1 2", "2 2", "1 3", "3"];
  if (features["memory64"]) shapes.push("i64 0", "i64 1 2", "i64 2");
  return shapes.map((shape) => ({ type: `(memory ${shape})`, definition: `(memory ${shape})` }));
}

function tags(): Sample[] {
  const params = ["", "(param i32)", "(param i64)", "(param i32 i32)"];
  if (hasGc) params.push("(param (ref null $plain))", "(param (ref null $open))", "(param funcref)");
  return params.map((list) => ({ type: `(tag ${list})`, definition: `(tag ${list})` }));
}

/** Makes an item of each sample, and asks for it by each of the types. */
function matchingProgram(samples: readonly Sample[]): Step[] {
  const helpers = hasGc
    ? "(func $plain (type $plain)) (func $sub (type $sub)) (elem declare func $plain $sub)"
    : "";
  const steps: Step[] = [
    { op: "engine", as: "e" },
    { op: "store", as: "s", engine: "e" },
    { op: "linker", as: "l", engine: "e" },
    { op: "allowShadowing", linker: "l", value: true },
  ];
  samples.forEach(({ type, definition }, index) => {
    const exported = definition.replace(/\(\w+/, `$& $item (export "")`);
    steps.push(
      { op: "module", as: `m${index}`, engine: "e", wat: `(module ${types} ${helpers} ${exported})` },
      { op: "instantiate", as: `i${index}`, linker: "l", store: "s", module: `m${index}`, quiet: true },
      { op: "module", as: `importer${index}`, engine: "e", wat: `(module ${types} (import "x" "" ${type}))` },
    );
  });
  samples.forEach((_, actual) => {
    steps.push({ op: "defineInstance", linker: "l", store: "s", name: "x", instance: `i${actual}` });
    samples.forEach((_, expected) => {
      steps.push({
        op: "instantiatePre",
        as: `${actual} for ${expected}`,
        linker: "l",
        module: `importer${expected}`,
      });
    });
  });
  return steps;
}

/** Indices of types are each engine's own. */
function withoutIndices(outcome: Outcome): Outcome {
  return "error" in outcome
    ? { ...outcome, message: outcome.message.replaceAll(/\(engine \d+\)/g, "(engine)") }
    : outcome;
}

function expectSameOutcomes(samples: readonly Sample[]): void {
  const program = matchingProgram(samples);
  const [expected] = runOnWasmtime([program]);
  const outcomes = runOnWasmlink(program);
  program.forEach((step, index) => {
    const shown = () => JSON.stringify(step.as === undefined ? step : namesOf(step.as, samples));
    expect(withoutIndices(outcomes[index]!), shown()).toEqual(withoutIndices(expected![index]!));
  });
}

/** The types behind `1 for 2`. */
function namesOf(slot: string, samples: readonly Sample[]): string {
  return slot.replaceAll(/\d+/g, (index) => samples[Number(index)]!.type);
}

describe.skipIf(noOracle !== "")(
  `an import of any type matches what it matches in wasmtime${noOracle && ` (${noOracle})`}`,
  () => {
    test("functions", () => expectSameOutcomes(functions()));
    test("globals", () => expectSameOutcomes(globals()));
    test("tables", () => expectSameOutcomes(tables()));
    test("memories", () => expectSameOutcomes(memories()));
    test.skipIf(!features["tag"])("tags", () => expectSameOutcomes(tags()));
    test("kinds", () => {
      const kinds = [functions(), globals(), tables(), memories(), features["tag"] ? tags() : []];
      expectSameOutcomes(kinds.flatMap((samples) => samples.slice(0, 2)));
    });
  },
);
