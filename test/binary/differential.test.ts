import { describe, expect, test } from "vitest";
import { decodeModule } from "../../src/binary/decode.ts";
import { checkFeatures } from "../../src/binary/features.ts";
import type { Feature } from "../../src/binary/opcodes.ts";
import { CompileError } from "../../src/errors.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";
import { defaultFeatures, refused } from "./gated.ts";
import { corpus, mutated, randomNumbers } from "./mutants.ts";
import { askWasmtime, hasWasmtime } from "./wasmtime.ts";

function refusal(bytes: Uint8Array<ArrayBuffer>, features: ReadonlySet<Feature>): string | null {
  try {
    checkFeatures(decodeModule(bytes), features);
    return null;
  } catch (error) {
    if (error instanceof CompileError) return error.message;
    throw error;
  }
}

/** The settings of wasmtime's Python package; it has none for the other proposals, or cannot switch them off alone. */
const settings: { readonly [F in Feature]?: string } = {
  bulkMemory: "wasm_bulk_memory",
  multiValue: "wasm_multi_value",
  relaxedSimd: "wasm_relaxed_simd",
  threads: "wasm_threads",
  tailCall: "wasm_tail_call",
  multiMemory: "wasm_multi_memory",
  memory64: "wasm_memory64",
  exceptions: "wasm_exceptions",
  functionReferences: "wasm_function_references",
  gc: "wasm_gc",
  wideArithmetic: "wasm_wide_arithmetic",
};

describe.skipIf(!hasWasmtime)("compared with wasmtime (skipped without its Python package)", () => {
  test("no module that wasmtime takes is refused, and most refusals have its words", () => {
    const random = randomNumbers(2);
    const modules = Array.from({ length: 2_000 }, () => mutated(corpus[random(corpus.length)]!, random));
    const theirs = askWasmtime(modules.map((bytes) => ({ bytes })));
    let refusals = 0;
    let same = 0;
    modules.forEach((bytes, index) => {
      const ours = refusal(bytes, defaultFeatures);
      if (ours === null) return;
      expect(theirs[index], `${bytes}`).not.toBeNull();
      refusals++;
      if (ours === theirs[index]) same++;
    });
    expect(refusals).toBeGreaterThan(500);
    // What differs is damage in parts that are left to the engine, in front of ours.
    expect(same / refusals).toBeGreaterThan(0.7);
  });

  test("modules that need a proposal which is off are refused with the same words", () => {
    const rows = refused.filter(([features]) => typeof features === "string" && settings[features]);
    const modules = rows.map(([, text]) => wat2wasm(`(module ${text})`));
    const configs = rows.map(([feature]) => ({ [settings[feature as Feature]!]: false }));
    const theirs = askWasmtime(modules.map((bytes, index) => ({ bytes, config: configs[index]! })));
    const ours = modules.map((bytes, index) => {
      const features = new Set(defaultFeatures);
      features.delete(rows[index]![0] as Feature);
      return refusal(bytes, features);
    });
    expect(ours).toEqual(theirs);
  });
});
