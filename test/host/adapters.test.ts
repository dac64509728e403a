import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ValType } from "../../src/binary/types.ts";
import { adaptExportedFunction, adaptHostFunction, needsAdapter } from "../../src/host/adapters.ts";
import { wasmFrames } from "../../src/host/stack.ts";
import { matchesType } from "../../src/host/trampolines.ts";
import {
  assemble,
  type Bytes,
  body,
  exnref,
  exportFunc,
  func,
  importFunc,
  instantiate,
  isValid,
  leb,
  v128,
  vec,
} from "./assemble.ts";
import { funcTypeIn, plainFuncType } from "./func-types.ts";

const bytes16 = (fill: number) => new Uint8Array(16).fill(fill);
const codes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128, externref: 0x6f } as const;
type Simple = keyof typeof codes;

/** `call` hands its parameters to the import and returns its results. */
function passing(params: readonly Simple[], results: readonly Simple[]): Uint8Array<ArrayBuffer> {
  const type = func(
    params.map((name) => codes[name]),
    results.map((name) => codes[name]),
  );
  return assemble(
    [1, vec([type])],
    [2, vec([importFunc("", "f", 0)])],
    [3, vec([[0]])],
    [7, vec([exportFunc("call", 1)])],
    [
      10,
      vec([
        body(
          params.map((_, index) => [0x20, leb(index)]),
          0x10,
          0,
        ),
      ]),
    ],
  );
}

const anyOf: Record<"values" | "bits", Record<Simple, fc.Arbitrary<unknown>>> = {
  values: {
    i32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    i64: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    f32: fc.float(),
    f64: fc.double(),
    v128: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    externref: fc.oneof(fc.string(), fc.constant(null), fc.object()),
  },
  bits: {
    i32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    i64: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    f32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    f64: fc.bigInt(0n, 2n ** 64n - 1n),
    v128: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    externref: fc.constant(null),
  },
};

const typesAndValues = (carry: "values" | "bits") =>
  fc
    .array(fc.constantFrom(...(Object.keys(codes) as Simple[])), { maxLength: 8 })
    .chain((types) => fc.tuple(fc.constant(types), fc.tuple(...types.map((type) => anyOf[carry][type]))));

describe.each(["values", "bits"] as const)("adapters that carry %s", (carry) => {
  it("bring any parameters in and any results out", () => {
    fc.assert(
      fc.property(typesAndValues(carry), typesAndValues(carry), ([params, args], [results, values]) => {
        const type = plainFuncType({ params, results });
        let seen: unknown[] = [];
        const f = adaptHostFunction(
          type,
          (...given) => {
            seen = given;
            return values.length > 1 ? values : values[0];
          },
          carry,
        );
        const call = adaptExportedFunction(
          type,
          instantiate(passing(params, results), { "": { f } }).call,
          carry,
        );
        const result = call(...args);
        expect(seen).toEqual(args);
        expect(result).toEqual(values.length > 1 ? values : values[0]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("adaptExportedFunction", () => {
  const type = plainFuncType({ params: ["v128", "i32"], results: ["v128", "i32"] });
  const bytes = passing(["v128", "i32"], ["v128", "i32"]);

  it("hands out bytes of its own", () => {
    const f = adaptHostFunction(type, (v, n) => [v, n]);
    const call = adaptExportedFunction(type, instantiate(bytes, { "": { f } }).call);
    const [first] = call(bytes16(1), 1);
    const [second] = call(bytes16(2), 2);
    expect(first).toEqual(bytes16(1));
    expect(second).toEqual(bytes16(2));
  });

  it("keeps nested calls apart", () => {
    const f = adaptHostFunction(type, (v: Uint8Array, n: number) => {
      const [inner, count] = n < 20 ? call(bytes16(n + 1), n + 1) : [bytes16(21), 21];
      expect(v).toEqual(bytes16(n));
      expect(inner).toEqual(bytes16(n + 1));
      expect(count).toBe(n + 1);
      return [v, n];
    });
    const call = adaptExportedFunction(type, instantiate(bytes, { "": { f } }).call);
    expect(call(bytes16(0), 0)).toEqual([bytes16(0), 0]);
  });

  it.each([[undefined], ["x"], [new Uint8Array(15)], [new Uint8Array(17)], [new Uint16Array(16)], [1]])(
    "throws TypeError for %s as a v128",
    (value) => {
      const f = adaptHostFunction(type, (v, n) => [v, n]);
      const call = adaptExportedFunction(type, instantiate(bytes, { "": { f } }).call);
      expect(() => call(value, 1)).toThrow(TypeError);
      expect(() => call(value, 1)).toThrow("expected a Uint8Array of 16 bytes for a v128, got ");
      expect(() => call()).toThrow(TypeError);
    },
  );

  it("keeps a signalling NaN and its payload", () => {
    const float = plainFuncType({ params: ["f32", "f64"], results: ["f64", "f32"] });
    const f = adaptHostFunction(float, (a, b) => [b, a], "bits");
    const call = adaptExportedFunction(
      float,
      instantiate(passing(["f32", "f64"], ["f64", "f32"]), { "": { f } }).call,
      "bits",
    );
    expect(call(0x7fa00001, 0xfff4000000000001n)).toEqual([0xfff4000000000001n, 0x7fa00001]);
  });

  const exceptions = assemble(
    [1, vec([func([], []), func([exnref], [exnref])])],
    [3, vec([[1], [1]])],
    [13, vec([[0, 0]])],
    [7, vec([exportFunc("echo", 0), exportFunc("thrown", 1)])],
    [10, vec([body(0x20, 0), body(0x02, exnref, 0x1f, 0x40, vec([[3, 0]]), 0x08, 0, 0x0b, 0x00, 0x0b)])],
  );

  it.skipIf(!isValid(exceptions))(
    "tells null from an exception (skipped where the engine has no exnref)",
    () => {
      const exported = instantiate(exceptions);
      const exnType = plainFuncType({ params: ["exnref"], results: ["exnref"] });
      expect(adaptExportedFunction(exnType, exported.echo, "bits")(null)).toBe(true);
      expect(adaptExportedFunction(exnType, exported.thrown, "bits")(null)).toBe(false);
    },
  );

  it("leaves no frame of its own in a trace", () => {
    let error = new Error();
    const f = adaptHostFunction(type, (v, n) => {
      error = new Error("made under the guest");
      return [v, n];
    });
    adaptExportedFunction(type, instantiate(bytes, { "": { f } }).call)(bytes16(0), 0);
    expect(wasmFrames(error)).toHaveLength(1);
  });
});

describe("adaptHostFunction", () => {
  it("makes a function of exactly the type", () => {
    const type = plainFuncType({ params: ["v128"], results: ["i32"] });
    const fn = adaptHostFunction(type, () => 7);
    expect(matchesType(fn, type)).toBe(true);
    expect(matchesType(fn, plainFuncType({ params: [], results: ["i32"] }))).toBe(false);
  });

  /** Type 1, of a group of two, takes a v128 and a reference to type 0. */
  const group: Bytes = [0x4e, vec([[0x5f, 0], func([v128, [0x63, 0]], [v128])])];
  const grouped = assemble(
    [1, vec([group])],
    [2, vec([importFunc("", "f", 1)])],
    [3, vec([[1]])],
    [7, vec([exportFunc("call", 1)])],
    [10, vec([body(0x20, 0, 0x20, 1, 0x10, 0)])],
  );

  it.skipIf(!isValid(grouped))(
    "keeps the identity of a type in a group (skipped where the engine has no GC)",
    () => {
      const type = funcTypeIn([group], 2, 1, {
        params: ["v128", { ref: { typeIndex: 0 }, nullable: true }],
        results: ["v128"],
      });
      const f = adaptHostFunction(type, (v, ref) => (ref === null ? v : bytes16(0)));
      expect(matchesType(f, type)).toBe(true);
      const { call } = instantiate(grouped, { "": { f } });
      expect(matchesType(call, type)).toBe(true);
      expect(adaptExportedFunction(type, call)(bytes16(3), null)).toEqual(bytes16(3));
    },
  );

  it("throws TypeError for a result that is no v128", () => {
    const type = plainFuncType({ params: [], results: ["v128"] });
    const f = adaptHostFunction(type, () => "x");
    const call = adaptExportedFunction(type, instantiate(passing([], ["v128"]), { "": { f } }).call);
    expect(() => call()).toThrow("expected a Uint8Array of 16 bytes for a v128, got string");
  });

  it("carries as many values as an engine takes", () => {
    const many: ValType[] = Array.from({ length: 1000 }, () => "v128");
    const type = plainFuncType({ params: many, results: [] });
    let sum = 0;
    const f = adaptHostFunction(type, (...vectors) => {
      for (const vector of vectors) sum += vector[15];
    });
    adaptExportedFunction(type, f)(...many.map((_, index) => bytes16(index & 1)));
    expect(sum).toBe(500);
  });
});

describe("needsAdapter", () => {
  it.each<[ValType, boolean, boolean]>([
    ["i32", false, false],
    ["i64", false, false],
    ["f32", false, true],
    ["f64", false, true],
    ["v128", true, true],
    ["externref", false, false],
    ["exnref", false, true],
    [{ ref: "noexn", nullable: true }, false, true],
  ])("of %j", (type, values, bits) => {
    for (const signature of [
      { params: [type], results: [] },
      { params: [], results: ["i32", type] as const },
    ]) {
      expect(needsAdapter(signature, "values")).toBe(values);
      expect(needsAdapter(signature, "bits")).toBe(bits);
    }
  });
});
