import { describe, expect, test } from "vitest";
import { Engine, type EngineOptions, Store, Trap, type TrapCode } from "../../src/index.ts";
import { instantiate, requires, thrownBy } from "../support/modules.ts";

/** Instructions that trap, and the code in wasmtime; then that of engines that have one text for two traps. */
const cases: readonly (readonly [code: string, ...TrapCode[]])[] = [
  ["unreachable", "UNREACHABLE"],
  ["(drop (i32.load (i32.const 65536)))", "MEMORY_OUT_OF_BOUNDS"],
  ["(drop (i64.load offset=0xffffffff (i32.const 1)))", "MEMORY_OUT_OF_BOUNDS"],
  ["(i32.store8 (i32.const -1) (i32.const 0))", "MEMORY_OUT_OF_BOUNDS"],
  ["(memory.fill (i32.const 65535) (i32.const 0) (i32.const 2))", "MEMORY_OUT_OF_BOUNDS"],
  ["(drop (i32.div_s (i32.const 1) (i32.const 0)))", "INTEGER_DIVISION_BY_ZERO"],
  ["(drop (i64.rem_u (i64.const 1) (i64.const 0)))", "INTEGER_DIVISION_BY_ZERO"],
  ["(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))", "INTEGER_OVERFLOW"],
  ["(drop (i32.trunc_f32_s (f32.const inf)))", "INTEGER_OVERFLOW"],
  ["(drop (i64.trunc_f64_u (f64.const nan)))", "BAD_CONVERSION_TO_INTEGER", "INTEGER_OVERFLOW"],
  ["(call_indirect (i32.const 0))", "INDIRECT_CALL_TO_NULL"],
  ["(call_indirect (i32.const 2))", "TABLE_OUT_OF_BOUNDS"],
  ["(call_indirect (param i32) (i32.const 0) (i32.const 1))", "BAD_SIGNATURE", "INDIRECT_CALL_TO_NULL"],
  ["(table.set (i32.const 2) (ref.null func))", "TABLE_OUT_OF_BOUNDS"],
  // What divides is loaded in the same line of machine code.
  ["(drop (i32.div_u (i32.load (i32.const 0)) (i32.load (i32.const 4))))", "INTEGER_DIVISION_BY_ZERO"],
  ["(drop (i32.div_u (i32.load (i32.const 0)) (i32.load (i32.const 65533))))", "MEMORY_OUT_OF_BOUNDS"],
];

const wat = (code: string) =>
  `(module (memory 1) (table 2 funcref) (func $f) (elem (i32.const 1) $f) (func (export "run") ${code}))`;

/** A store in which guests may run a while. */
function storeOf(options: EngineOptions): Store {
  const store = new Store(new Engine(options));
  if (options.consumeFuel) store.setFuel(1000);
  store.setEpochDeadline(1);
  return store;
}

describe.each<[string, EngineOptions]>([
  ["as it is", {}],
  ["with fuel", { consumeFuel: true }],
  ["with epochs", { epochInterruption: true }],
])("code %s", (_, options) => {
  test.each(cases)("traps at %s with %s", (code, ...trapCodes) => {
    const store = storeOf(options);
    const error = thrownBy(instantiate(wat(code), [], store).exports["run"]);
    expect(error).toBeInstanceOf(Trap);
    expect(trapCodes).toContain(error.trapCode);
    expect(error.frames).toHaveLength(1);
    expect(error.frames[0].funcIndex).toBe(1);
  });

  test("shows the same places in its backtrace", () => {
    const store = storeOf(options);
    const run = () =>
      instantiate(
        `(module $m (func $die unreachable) (func call $die) (func $foo (loop call 1))
          (func $start nop call $foo) (start $start))`,
        [],
        store,
      );
    expect(thrownBy(run).message).toBe(
      "error while executing at wasm backtrace:\n    0:     0x1d - m!die\n" +
        "    1:     0x21 - m!<wasm function 1>\n    2:     0x28 - m!foo\n    3:     0x2f - m!start\n\n" +
        "Caused by:\n    wasm trap: wasm `unreachable` instruction executed\n",
    );
  });

  test("shows no frames of functions that were left by a tail call", (context) => {
    requires(context, "tailCall");
    const store = storeOf(options);
    const { exports } = instantiate(
      `(module $m (func $die unreachable) (func $gone (return_call $die)) (func $run (export "run") call $gone))`,
      [],
      store,
    );
    const error = thrownBy(exports["run"]);
    expect(error.frames.map(({ funcName }: { funcName: string }) => funcName)).toEqual(["die", "run"]);
    expect(error.frames.map(({ moduleOffset }: { moduleOffset: number }) => moduleOffset)).toEqual([
      0x22, 0x2b,
    ]);
  });
});
