import { expect, test } from "vitest";
import { runScript, runScriptThread, type ScriptOptions } from "../../src/wast/index.ts";

/** The messages of what failed; the script has to have as many assertions as expected. */
async function failures(script: string, options?: ScriptOptions): Promise<readonly string[]> {
  const result = await runScript(script, options);
  return result.failures.map(
    ({ line, command, message }) => `${line} ${command}: ${message?.split("\n")[0]}`,
  );
}

const identities = `(module
  (func (export "i32") (param i32) (result i32) local.get 0)
  (func (export "i64") (param i64) (result i64) local.get 0)
  (func (export "f32") (param f32) (result f32) local.get 0)
  (func (export "f64") (param f64) (result f64) local.get 0)
  (func (export "v128") (param v128) (result v128) local.get 0)
  (func (export "funcref") (param funcref) (result funcref) local.get 0)
  (func (export "self") (result funcref) ref.func 0)
  (func (export "externref") (param externref) (result externref) local.get 0)
  (func (export "two") (result i32 f32) i32.const 1 f32.const 2)
  (func (export "unreachable") unreachable)
  (func (export "divide") (param i32) (result i32) i32.const 1 local.get 0 i32.div_s)
  (func $forever (export "forever") call $forever)
  (global (export "global") f32 (f32.const nan:0x200000)))`;

const held = `${identities}
  (assert_return (invoke "i32" (i32.const -1)) (i32.const 0xffffffff))
  (assert_return (invoke "i64" (i64.const 0x8000000000000000)) (i64.const -9223372036854775808))
  (assert_return (invoke "f32" (f32.const nan:0x200000)) (f32.const nan:0x200000))
  (assert_return (invoke "f32" (f32.const -nan)) (f32.const nan:canonical))
  (assert_return (invoke "f64" (f64.const -0)) (f64.const -0))
  (assert_return (invoke "f64" (f64.const nan:0xc000000000000)) (f64.const nan:arithmetic))
  (assert_return (invoke "f64" (f64.const 1)) (either (f64.const 2) (f64.const 1)))
  (assert_return (invoke "v128" (v128.const i16x8 1 2 3 4 5 6 7 -8)) (v128.const i16x8 1 2 3 4 5 6 7 0xfff8))
  (assert_return (invoke "v128" (v128.const f32x4 0 nan 2 -nan:0x400001)) (v128.const f32x4 0 nan:canonical 2 nan:arithmetic))
  (assert_return (invoke "funcref" (ref.null func)) (ref.null func))
  (assert_return (invoke "self") (ref.func))
  (assert_return (invoke "externref" (ref.extern 7)) (ref.extern 7))
  (assert_return (invoke "externref" (ref.null extern)) (ref.null extern))
  (assert_return (invoke "two") (i32.const 1) (f32.const 2))
  (assert_return (get "global") (f32.const nan:0x200000))
  (assert_trap (invoke "unreachable") "unreachable")
  (assert_trap (invoke "divide" (i32.const 0)) "integer divide by zero")
  (assert_exhaustion (invoke "forever") "call stack exhausted")
  (assert_invalid (module (func (result i32))) "type mismatch")
  (assert_malformed (module quote "(func i32.cons)") "unknown operator")
  (assert_malformed (module binary "\\00asm\\01\\00\\00") "unexpected end")
  (assert_unlinkable (module (import "spectest" "print_i32" (func))) "incompatible import type")
  (assert_unlinkable (module (import "a" "b" (func))) "unknown import")`;

test("runScript passes what holds", async () => {
  const result = await runScript(held);
  expect(result.failures).toEqual([]);
  expect(result).toMatchObject({ assertions: 23, passedAssertions: 23, steps: 1, passedSteps: 1 });
});

test("runScript lets scripts come to their end in engines that bound guests", async () => {
  for (const engine of [{ consumeFuel: true }, { epochInterruption: true }]) {
    const result = await runScript(held, { engine });
    expect(result.failures).toEqual([]);
    expect(result.passedAssertions).toBe(23);
  }
});

test("runScript fails what does not hold, with what was expected and what there was", async () => {
  const script = `${identities}
  (assert_return (invoke "i32" (i32.const 1)) (i32.const 0))
  (assert_return (invoke "i32" (i32.const 1)) (i64.const 1))
  (assert_return (invoke "i32" (i32.const 1)))
  (assert_return (invoke "unreachable") (i32.const 1))
  (assert_return (invoke "f32" (f32.const nan:0x200000)) (f32.const nan:0x600000))
  (assert_return (invoke "f32" (f32.const nan:0x200000)) (f32.const nan:arithmetic))
  (assert_return (invoke "f32" (f32.const nan:0x400001)) (f32.const nan:canonical))
  (assert_return (invoke "f64" (f64.const 0)) (f64.const -0))
  (assert_return (invoke "f64" (f64.const 1)) (either (f64.const 2) (f64.const 3)))
  (assert_return (invoke "v128" (v128.const f32x4 0 1 2 3)) (v128.const f32x4 0 nan:canonical 2 3))
  (assert_return (invoke "v128" (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15))
    (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 16))
  (assert_return (invoke "self") (ref.null func))
  (assert_return (invoke "externref" (ref.extern 7)) (ref.extern 8))
  (assert_return (invoke "externref" (ref.null extern)) (ref.extern))
  (assert_return (get "global") (f32.const nan:0x600000))
  (assert_trap (invoke "unreachable") "integer overflow")
  (assert_trap (invoke "two") "unreachable")
  (assert_exhaustion (invoke "unreachable") "call stack exhausted")
  (assert_exception (invoke "unreachable"))
  (assert_invalid (module (func)) "type mismatch")
  (assert_malformed (module quote "(func)") "unknown operator")
  (assert_unlinkable (module (import "spectest" "print" (func))) "unknown import")
  (assert_unlinkable (module (import "a" "b" (func))) "incompatible import type")
  (invoke "unreachable")`;
  const result = await runScript(script);
  expect(result.failures).toHaveLength(24);
  expect(result).toMatchObject({ assertions: 24, passedAssertions: 0, passedSteps: 1 });
  expect(result.failures.slice(0, 5).map(({ line, message }) => `${line}: ${message}`)).toEqual([
    "15: expected (i32 0x0), got (i32 0x1)",
    "16: expected (i64 0x1), got (i32 0x1)",
    "17: expected (), got (i32 0x1)",
    expect.stringContaining("wasm `unreachable` instruction executed"),
    "19: expected (f32 0x7fe00000), got (f32 0x7fa00000)",
  ]);
});

test("runScript keeps modules apart by identifier", async () => {
  const script = `
  (module definition $D (func (export "f") (result i32) i32.const 1))
  (module instance $A $D)
  (module $B (func (export "f") (result i32) i32.const 2))
  (module $C (import "A" "f" (func $f (result i32))) (func (export "f") (result i32) (i32.add (call $f) (i32.const 2))))
  (register "x" $A)
  (module (import "x" "f" (func $f (result i32))) (export "g" (func $f)))
  (assert_return (invoke $A "f") (i32.const 1))
  (assert_return (invoke $B "f") (i32.const 2))
  (assert_return (invoke $C "f") (i32.const 3))
  (assert_return (invoke "g") (i32.const 1))`;
  expect(await failures(script)).toEqual([]);
});

test("runScript fails what needs a module that failed", async () => {
  const script = `
  (module $M (func (export "f") (result i32)))
  (assert_return (invoke $M "f") (i32.const 1))
  (register "x" $M)
  (assert_unlinkable (module (import "x" "g" (func))) "unknown import")`;
  const found = await failures(script);
  expect(found).toHaveLength(4);
  expect(found[1]).toBe("3 assert_return: there is no instance `M`");
  expect(found[3]).toBe("5 assert_unlinkable: expected `unknown import`");
});

test("runScript goes on behind a malformed command", async () => {
  const script = `
  (assert_return (invoke "f" (i32.const x)))
  (wave)
  (module (func (export "f")))
  (assert_return (invoke "f"))
  (assert_return (invoke "f" "`;
  expect(await failures(script)).toEqual([
    "2 script: expected a i32",
    "3 script: unknown command",
    "6 script: unexpected end-of-file",
  ]);
});

test("runScript takes a file of fields for one module", async () => {
  expect(await runScript('(memory 0) (func (export "f"))')).toMatchObject({ passedSteps: 1, failures: [] });
});

test("runScript hands out what scripts print", async () => {
  const lines: string[] = [];
  const script = `
  (module (import "spectest" "print_i32_f32" (func $print (param i32 f32))) (func (export "f") i32.const 3 f32.const 0.5 call $print))
  (invoke "f")`;
  expect(await failures(script, { print: (line) => lines.push(line) })).toEqual([]);
  expect(lines).toEqual(["3 : i32 0.5 : f32"]);
});

test("runScript tells which proposal an engine lacks", async () => {
  const script = `
  (module (func (param i64 i64 i64 i64) (result i64 i64)
    (i64.add128 (local.get 0) (local.get 1) (local.get 2) (local.get 3))))
  (assert_invalid (module (func (result i64) i64.add128)) "type mismatch")`;
  const result = await runScript(script);
  const lacks = result.passedSteps === 0;
  expect(result.failures.map(({ missingFeature }) => missingFeature)).toEqual(
    lacks ? ["wideArithmetic"] : [],
  );
  expect(result.vacuousAssertions).toBe(lacks ? 1 : 0);
});

const threaded = `(module $M (memory (export "memory") 1 1 shared) (func (export "f")))
(thread $T (shared (module $M))
  (register "m" $M)
  (module (import "m" "memory" (memory 1 1 shared)) (func (export "set") (i32.store (i32.const 0) (i32.const 7))))
  (invoke "set")
  (assert_return (get "set")))
(wait $T)
(module (import "M" "memory" (memory 1 1 shared)) (func (export "read") (result i32) (i32.load (i32.const 0))))
(assert_return (invoke "read") (i32.const 7))`;

test("runScript hands threads their commands and the memories they share", async () => {
  const options: ScriptOptions = { startThread: (request) => runScriptThread(structuredClone(request)) };
  expect(await failures(threaded, options)).toEqual(["6 assert_return: there is no global `set`"]);
  expect(await runScript(threaded, options)).toMatchObject({ assertions: 3, steps: 6 });
});

test("runScript waits for threads the script does not wait for", async () => {
  const script = `(thread $T (assert_return (invoke "f")))`;
  expect(await failures(script, { startThread: runScriptThread })).toEqual([
    "1 assert_return: there is no instance",
  ]);
});

test("runScript fails a thread that cannot be started, crashes, or is not there", async () => {
  expect(await failures("(thread $T)")).toEqual(["1 thread: scripts cannot start threads here"]);
  const startThread = () => Promise.reject(new Error("no memory for a thread"));
  expect(await failures("(thread $T)\n(wait $T)", { startThread })).toEqual([
    "1 thread: no memory for a thread",
  ]);
  expect(await failures("(wait $T)")).toEqual(["1 wait: there is no thread `T`"]);
});
