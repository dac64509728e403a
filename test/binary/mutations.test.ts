import { expect, test } from "vitest";
import { decodeModule } from "../../src/binary/decode.ts";
import { checkFeatures } from "../../src/binary/features.ts";
import type { ModuleInfo } from "../../src/binary/module-info.ts";
import { Names } from "../../src/binary/names.ts";
import type { Feature } from "../../src/binary/opcodes.ts";
import { declaredFunctions } from "../../src/binary/references.ts";
import { readDataSegments } from "../../src/binary/segments.ts";
import { CompileError } from "../../src/errors.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";

declare const WebAssembly: { validate(bytes: Uint8Array): boolean };

const sources = [
  `(module $mvp
    (type $t (func (param i32) (result i32)))
    (import "env" "f" (func $f (type $t)))
    (import "env" "m" (memory 1 2))
    (import "env" "g" (global $g (mut i64)))
    (table $table 3 10 funcref)
    (global $h f64 (f64.const 1.5))
    (func $loop (type $t) (local $i i64)
      (block $out (loop $again
        (br_table $out $again (local.get 0))
        (if (i32.eqz (local.get 0)) (then (call_indirect (type $t) (i32.const 1) (i32.const 0)) (drop)))))
      (i32.load offset=8 align=2 (local.get 0)))
    (func $start)
    (export "loop" (func $loop)) (export "table" (table $table)) (export "h" (global $h))
    (start $start)
    (elem (i32.const 0) func $loop $f)
    (data (i32.const 16) "hello"))`,
  `(module $recent
    (rec
      (type $node (sub (struct (field $value (mut i32)) (field $next (ref null $node)))))
      (type $leaf (sub final $node (struct (field (mut i32)) (field (ref null $node)) (field i8)))))
    (type $bytes (array (mut i8)))
    (type $f (func (param (ref $node)) (result i32 v128)))
    (import "a" "t" (tag $tag (param i64)))
    (memory i64 1 100) (memory 1 1 shared)
    (table i64 1 (ref null $f) (ref.null $f))
    (global (ref $bytes) (array.new_default $bytes (i32.const 3)))
    (func $g (type $f)
      (struct.get $node $value (local.get 0))
      (v128.const i32x4 1 2 3 4)
      (v128.load8_lane 3 (i64.const 0) (v128.const i64x2 0 0))
      (drop))
    (func (result exnref)
      (block $h (result i64 exnref)
        (try_table (catch_ref $tag $h) (throw $tag (i64.const 1)))
        (unreachable))
      (return))
    (elem $declared declare func $g)
    (elem (ref null $f) (ref.func $g) (ref.null nofunc))
    (data $passive "\\00\\01")
    (@custom "note" "content"))`,
];
const corpus = sources.map(wat2wasm);

const all = new Set<Feature>([
  "mvp",
  "signExtension",
  "saturatingFloatToInt",
  "bulkMemory",
  "multiValue",
  "referenceTypes",
  "simd",
  "relaxedSimd",
  "threads",
  "tailCall",
  "multiMemory",
  "memory64",
  "extendedConst",
  "exceptions",
  "functionReferences",
  "gc",
]);

/** A generator of the same numbers every time: integers below `bound`. */
function randomNumbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

const hugeCount = [0xff, 0xff, 0xff, 0xff, 0x0f];

function mutated(bytes: Uint8Array, random: (bound: number) => number): Uint8Array<ArrayBuffer> {
  const at = random(bytes.length);
  switch (random(5)) {
    case 0: {
      const flipped = new Uint8Array(bytes);
      for (let flips = 1 + random(3); flips > 0; flips--) flipped[random(bytes.length)]! ^= 1 << random(8);
      return flipped;
    }
    case 1:
      return bytes.slice(0, at);
    case 2:
      return Uint8Array.of(...bytes.subarray(0, at), ...hugeCount, ...bytes.subarray(at + 1));
    case 3:
      return Uint8Array.of(...bytes.subarray(0, at), random(256), ...bytes.subarray(at));
    default:
      return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1 + random(4)));
  }
}

/** Everything there is to read. Wide arithmetic is off, so that bodies are walked. */
function readAll(bytes: Uint8Array<ArrayBuffer>): ModuleInfo {
  const info = decodeModule(bytes);
  const names = new Names(info);
  expect(names.functions.size + names.locals.size + names.fields.size).toBeLessThanOrEqual(bytes.length);
  checkFeatures(info, all);
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
