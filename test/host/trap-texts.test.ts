import { describe, expect, it } from "vitest";
import { type TrapCode, trapCodes } from "../../src/host/trap-codes.ts";
import { classifyTrap, isTrap, refineTrap } from "../../src/host/trap-texts.ts";
import {
  assemble,
  type Bytes,
  body,
  exportFunc,
  func,
  funcref,
  i32,
  instantiate,
  isValid,
  leb,
  vec,
} from "./assemble.ts";

const drop = 0x1a;
const refNull = (heap: number) => [0xd0, heap];
const f32Const = (bits: number) => [0x43, bits & 255, (bits >> 8) & 255, (bits >> 16) & 255, bits >>> 24];
const k = (value: number) => [0x41, value]; // i32.const, -64 to 63 as its byte
const minI32 = [0x41, 0x80, 0x80, 0x80, 0x80, 0x78];
const gc = (code: number, ...immediates: Bytes) => [0xfb, code, immediates];
const bulk = (code: number, ...immediates: Bytes) => [0xfc, code, immediates];

/**
 * One memory of a page, a table of two elements (null and a function of type 1), a passive segment of four bytes and
 * one of two functions.
 */
function module(code: Bytes, moreTypes: Bytes[] = []): Uint8Array<ArrayBuffer> {
  return assemble(
    [1, vec([func([], []), func([i32], []), ...moreTypes])],
    [3, vec([[0], [1]])],
    [4, vec([[funcref, 0, 2]])],
    [5, vec([[0, 1]])],
    [7, vec([exportFunc("run", 0)])],
    [
      9,
      vec([
        [0, k(1), 0x0b, vec([[1]])],
        [1, 0, vec([[1], [1]])],
      ]),
    ],
    [12, [1]],
    [10, vec([body(code), body()])],
    [11, vec([[1, leb(4), 1, 2, 3, 4]])],
  );
}

/** Types 2 to 4: arrays of mutable i32, i8 and funcref. */
const arrays = [
  [0x5e, i32, 1],
  [0x5e, 0x78, 1],
  [0x5e, funcref, 1],
];
const newArray = (type: number, length: number) => [k(length), gc(7, type)];

const cases: readonly (readonly [name: string, code: TrapCode, bytes: Uint8Array<ArrayBuffer>])[] = [
  ["unreachable", "UNREACHABLE", module([0x00])],
  ["i32.load", "MEMORY_OUT_OF_BOUNDS", module([k(127), 0x28, 2, 0, drop])],
  ["memory.fill", "MEMORY_OUT_OF_BOUNDS", module([k(127), k(0), k(1), bulk(11, 0)])],
  ["memory.init", "MEMORY_OUT_OF_BOUNDS", module([k(0), k(1), k(4), bulk(8, 0, 0)])],
  ["i32.atomic.load", "HEAP_MISALIGNED", module([k(1), 0xfe, 0x10, 2, 0, drop])],
  ["table.get", "TABLE_OUT_OF_BOUNDS", module([k(2), 0x25, 0, drop])],
  ["table.set", "TABLE_OUT_OF_BOUNDS", module([k(2), refNull(funcref), 0x26, 0])],
  ["table.init", "TABLE_OUT_OF_BOUNDS", module([k(0), k(1), k(2), bulk(12, 1, 0)])],
  ["table.copy", "TABLE_OUT_OF_BOUNDS", module([k(1), k(0), k(2), bulk(14, 0, 0)])],
  ["table.fill", "TABLE_OUT_OF_BOUNDS", module([k(1), refNull(funcref), k(2), bulk(17, 0)])],
  ["call_indirect out of bounds", "TABLE_OUT_OF_BOUNDS", module([k(2), 0x11, 0, 0])],
  ["call_indirect of null", "INDIRECT_CALL_TO_NULL", module([k(0), 0x11, 0, 0])],
  ["i32.div_s by zero", "INTEGER_DIVISION_BY_ZERO", module([k(1), k(0), 0x6d, drop])],
  ["i32.rem_u by zero", "INTEGER_DIVISION_BY_ZERO", module([k(1), k(0), 0x70, drop])],
  ["i32.div_s of the minimum by -1", "INTEGER_OVERFLOW", module([minI32, k(0x7f), 0x6d, drop])],
  ["i32.trunc_f32_s of 1e30", "INTEGER_OVERFLOW", module([f32Const(0x7149f2ca), 0xa8, drop])],
  ["ref.as_non_null", "NULL_REFERENCE", module([refNull(funcref), 0xd4, drop])],
  ["call_ref", "NULL_REFERENCE", module([refNull(0), 0x14, 0])],
  ["throw_ref", "NULL_REFERENCE", module([refNull(0x69), 0x0a])],
  ["i31.get_s", "NULL_REFERENCE", module([refNull(0x6c), gc(29), drop])],
  ["array.len", "NULL_REFERENCE", module([refNull(2), gc(15), drop], arrays)],
  ["array.get of null", "NULL_REFERENCE", module([refNull(2), k(0), gc(11, 2), drop], arrays)],
  ["array.fill of null", "NULL_REFERENCE", module([refNull(2), k(0), k(0), k(0), gc(16, 2)], arrays)],
  ["struct.get", "NULL_REFERENCE", module([refNull(2), gc(2, 2, 0), drop], [[0x5f, 1, i32, 1]])],
  ["ref.cast", "CAST_FAILURE", module([k(1), gc(28), gc(22, 0x6b), drop])],
  ["ref.cast of null", "CAST_FAILURE", module([refNull(0x6e), gc(22, 0x6b), drop])],
  ["array.get", "ARRAY_OUT_OF_BOUNDS", module([newArray(2, 1), k(1), gc(11, 2), drop], arrays)],
  ["array.set", "ARRAY_OUT_OF_BOUNDS", module([newArray(2, 1), k(1), k(0), gc(14, 2)], arrays)],
  ["array.fill", "ARRAY_OUT_OF_BOUNDS", module([newArray(2, 1), k(1), k(0), k(1), gc(16, 2)], arrays)],
  [
    "array.copy",
    "ARRAY_OUT_OF_BOUNDS",
    module([newArray(2, 1), k(1), newArray(2, 1), k(0), k(1), gc(17, 2, 2)], arrays),
  ],
  [
    "array.init_data out of the array",
    "ARRAY_OUT_OF_BOUNDS",
    module([newArray(3, 1), k(0), k(0), k(2), gc(18, 3, 0)], arrays),
  ],
  ["array.new_data", "MEMORY_OUT_OF_BOUNDS", module([k(1), k(4), gc(9, 3, 0), drop], arrays)],
  ["array.new_elem", "TABLE_OUT_OF_BOUNDS", module([k(1), k(2), gc(10, 4, 1), drop], arrays)],
  ["array.new_default", "ALLOCATION_TOO_LARGE", module([newArray(2, 0x7f), drop], arrays)],
];

function thrownBy(bytes: Uint8Array<ArrayBuffer>): Error {
  try {
    instantiate(bytes).run();
  } catch (thrown) {
    return thrown as Error;
  }
  return expect.unreachable("nothing was thrown");
}

describe("trapCodes", () => {
  it("has wasmtime's 50", () => {
    expect(Object.keys(trapCodes)).toHaveLength(50);
    expect(Object.keys(trapCodes).indexOf("UNREACHABLE")).toBe(9);
    expect(trapCodes.UNREACHABLE).toBe("wasm `unreachable` instruction executed");
  });
});

describe("classifyTrap", () => {
  for (const [name, code, bytes] of cases) {
    it.skipIf(!isValid(bytes))(`${name} is ${code} (skipped where the engine lacks it)`, () => {
      expect(classifyTrap(thrownBy(bytes))).toBe(code);
    });
  }

  it("reports a mismatch of call_indirect as such only where the engine tells it from null", () => {
    const ofNull = thrownBy(module([k(0), 0x11, 0, 0]));
    const mismatch = thrownBy(module([k(1), 0x11, 0, 0]));
    expect(classifyTrap(mismatch)).toBe(
      ofNull.message === mismatch.message ? "INDIRECT_CALL_TO_NULL" : "BAD_SIGNATURE",
    );
  });

  it("reports the conversion of NaN as that of a number too large", () => {
    expect(classifyTrap(thrownBy(module([f32Const(0x7fc00000), 0xa8, drop])))).toBe("INTEGER_OVERFLOW");
  });

  it("reports a wait on unshared memory as an access out of bounds on JSC, which says so", () => {
    const wait = module([k(0), k(0), 0x42, 0, 0xfe, 0x01, 2, 0, drop]);
    const onJsc = process.versions.bun !== undefined;
    expect(classifyTrap(thrownBy(wait))).toBe(
      onJsc ? "MEMORY_OUT_OF_BOUNDS" : "ATOMIC_WAIT_NON_SHARED_MEMORY",
    );
  });

  it("active segments out of bounds are those of memory and table", () => {
    const data = assemble([5, vec([[0, 0]])], [11, vec([[0, k(0), 0x0b, leb(1), 1]])]);
    const element = assemble(
      [1, vec([func([], [])])],
      [3, vec([[0]])],
      [4, vec([[funcref, 0, 0]])],
      [9, vec([[0, k(0), 0x0b, vec([[0]])]])],
      [10, vec([body()])],
    );
    expect(classifyTrap(thrownBy(data))).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(classifyTrap(thrownBy(element))).toBe("TABLE_OUT_OF_BOUNDS");
  });

  it("endless recursion is STACK_OVERFLOW, in wasm and in JavaScript", () => {
    const recursion = (): number => 1 + recursion();
    expect(classifyTrap(thrownBy(module([0x10, 0, 0x10, 0])))).toBe("STACK_OVERFLOW");
    try {
      recursion();
    } catch (thrown) {
      expect(classifyTrap(thrown)).toBe("STACK_OVERFLOW");
    }
  });

  it("is undefined for a trap of unknown text, which stays a trap", () => {
    const { RuntimeError } = (globalThis as any).WebAssembly;
    expect(classifyTrap(new RuntimeError("something new"))).toBeUndefined();
    expect(isTrap(new RuntimeError("something new"))).toBe(true);
  });

  it("is undefined for what is no trap", () => {
    for (const value of [new Error("unreachable"), new RangeError("bad"), "unreachable", undefined, null]) {
      expect(classifyTrap(value)).toBeUndefined();
      expect(isTrap(value)).toBe(false);
    }
  });

  it.each<[string, TrapCode]>([
    ["access to a null reference (evaluating 'f()')", "NULL_REFERENCE"],
    ["Out of bounds memory access (near '...f()...')", "MEMORY_OUT_OF_BOUNDS"],
    ["Out of bounds array.copy", "ARRAY_OUT_OF_BOUNDS"],
    ["call_indirect to a null table entry", "INDIRECT_CALL_TO_NULL"],
    ["indirect call signature mismatch", "BAD_SIGNATURE"],
    ["null function", "INDIRECT_CALL_TO_NULL"],
    [
      "WebAssembly.Instance(): data segment 1 is out of bounds (offset 5 + size 4 > memory_size 1)",
      "MEMORY_OUT_OF_BOUNDS",
    ],
  ])("knows the text %j of other engines", (text, code) => {
    expect(classifyTrap(new (globalThis as any).WebAssembly.RuntimeError(text))).toBe(code);
  });
});

describe("refineTrap", () => {
  it.each<[TrapCode, string, TrapCode]>([
    ["MEMORY_OUT_OF_BOUNDS", "i32.load", "MEMORY_OUT_OF_BOUNDS"],
    ["MEMORY_OUT_OF_BOUNDS", "array.get_u", "ARRAY_OUT_OF_BOUNDS"],
    ["MEMORY_OUT_OF_BOUNDS", "array.new_data", "MEMORY_OUT_OF_BOUNDS"],
    ["MEMORY_OUT_OF_BOUNDS", "array.init_elem", "TABLE_OUT_OF_BOUNDS"],
    ["ALLOCATION_TOO_LARGE", "array.new_data", "MEMORY_OUT_OF_BOUNDS"],
    ["ALLOCATION_TOO_LARGE", "array.new_elem", "TABLE_OUT_OF_BOUNDS"],
    ["ALLOCATION_TOO_LARGE", "array.new", "ALLOCATION_TOO_LARGE"],
    ["MEMORY_OUT_OF_BOUNDS", "table.get", "TABLE_OUT_OF_BOUNDS"],
    ["MEMORY_OUT_OF_BOUNDS", "return_call_indirect", "TABLE_OUT_OF_BOUNDS"],
    ["NULL_REFERENCE", "array.get", "NULL_REFERENCE"],
  ])("%s at %s is %s", (code, operator, refined) => {
    expect(refineTrap(code, operator)).toBe(refined);
  });
});
