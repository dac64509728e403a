/** Modules to damage, and ways to damage them. */
import { wat2wasm } from "../../src/text/wat2wasm.ts";

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
/** Two small modules: one of WebAssembly 1.0, one of what came later. */
export const corpus = sources.map(wat2wasm);

/** A generator of the same numbers every time: integers below `bound`. */
export function randomNumbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

const hugeCount = [0xff, 0xff, 0xff, 0xff, 0x0f];

/** The bytes with bits flipped, an end cut off, a huge count put in, a byte inserted or a few removed. */
export function mutated(bytes: Uint8Array, random: (bound: number) => number): Uint8Array<ArrayBuffer> {
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
