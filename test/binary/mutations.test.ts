import { expect, test } from "vitest";
import { decodeModule } from "../../src/binary/decode.ts";
import { checkFeatures } from "../../src/binary/features.ts";
import type { ModuleInfo } from "../../src/binary/module-info.ts";
import { Names } from "../../src/binary/names.ts";
import { declaredFunctions } from "../../src/binary/references.ts";
import { readDataSegments } from "../../src/binary/segments.ts";
import { CompileError } from "../../src/errors.ts";
import { without } from "./gated.ts";
import { corpus, mutated, randomNumbers } from "./mutants.ts";

declare const WebAssembly: { validate(bytes: Uint8Array): boolean };

/** Everything there is to read. Wide arithmetic is off, so that bodies are walked. */
function readAll(bytes: Uint8Array<ArrayBuffer>): ModuleInfo {
  const info = decodeModule(bytes);
  const names = new Names(info);
  expect(names.functions.size + names.locals.size + names.fields.size).toBeLessThanOrEqual(bytes.length);
  checkFeatures(info, without("wideArithmetic"));
  declaredFunctions(info);
  readDataSegments(info);
  return info;
}

test("the corpus itself is read", () => {
  for (const bytes of corpus) readAll(bytes);
});

test("10,000 mutated modules are read or refused, and what the engine takes is read", () => {
  const random = randomNumbers(1);
  let refused = 0;
  for (let round = 0; round < 10_000; round++) {
    const bytes = mutated(corpus[random(corpus.length)]!, random);
    try {
      const info = readAll(bytes);
      expect(info.functions.length + info.types.length + info.exports.length).toBeLessThan(bytes.length);
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      refused++;
      if (WebAssembly.validate(bytes)) throw new Error(`the engine takes ${bytes}`, { cause: error });
    }
  }
  expect(refused).toBeGreaterThan(1_000);
});
