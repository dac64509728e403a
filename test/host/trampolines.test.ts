import { describe, expect, it } from "vitest";
import {
  exportFunction,
  exportFunctions,
  isExportedFunction,
  matchesType,
} from "../../src/host/trampolines.ts";
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
  vec,
} from "./assemble.ts";
import { funcTypeIn, plainFuncType } from "./func-types.ts";

const { Table, LinkError } = (globalThis as any).WebAssembly;
const add = plainFuncType({ params: ["i32", "i32"], results: ["i32"] });
const nothing = plainFuncType({ params: [], results: [] });

/** Exports `f`, a function of type 0. */
function exporting(groups: readonly Bytes[], code: Bytes = []): Uint8Array<ArrayBuffer> {
  return assemble([1, vec(groups)], [3, vec([[0]])], [7, vec([exportFunc("f", 0)])], [10, vec([body(code)])]);
}

describe("exportFunction", () => {
  it("makes an exported function that a table takes and wasm calls with its type", () => {
    const seen: unknown[] = [];
    const fn = exportFunction(add, (a, b) => {
      seen.push(a, b);
      return a + b;
    });
    expect(fn(1, 2)).toBe(3);
    expect(seen).toEqual([1, 2]);
    const table = new Table({ element: "anyfunc", initial: 1 });
    table.set(0, fn);
    expect(table.get(0)).toBe(fn);
    const caller = assemble(
      [1, vec([func([i32, i32], [i32])])],
      [2, vec([[1, 0x61, 1, 0x74, 1, funcref, 0, 1]])],
      [3, vec([[0]])],
      [7, vec([exportFunc("call", 0)])],
      [10, vec([body(0x20, 0, 0x20, 1, 0x41, 0, 0x11, 0, 0)])],
    );
    expect(instantiate(caller, { a: { t: table } }).call(20, 22)).toBe(42);
  });

  it("makes another one every time", () => {
    const fn = () => {};
    expect(exportFunction(nothing, fn)).not.toBe(exportFunction(nothing, fn));
    expect(new Set(exportFunctions(nothing, [fn, fn])).size).toBe(2);
  });

  it("returns an exported function of the type as it is, and refuses one of another", () => {
    const { f } = instantiate(exporting([func([], [])]));
    expect(exportFunction(nothing, f)).toBe(f);
    expect(() => exportFunction(add, f)).toThrow(LinkError);
  });

  it("lets what the function throws through", () => {
    const error = new Error("boom");
    const fn = exportFunction(nothing, () => {
      throw error;
    });
    expect(() => fn()).toThrow(error);
  });
});

describe("exportFunctions", () => {
  it.each([0, 1, 15, 16, 17, 40])("makes %d functions in order", (count) => {
    const type = plainFuncType({ params: [], results: ["i32"] });
    const functions = exportFunctions(
      type,
      Array.from({ length: count }, (_, index) => () => index),
    );
    expect(functions.map((fn) => fn())).toEqual(Array.from({ length: count }, (_, index) => index));
  });
});

describe("isExportedFunction", () => {
  it("tells exported functions from the rest", () => {
    expect(isExportedFunction(exportFunction(nothing, () => {}))).toBe(true);
    for (const value of [() => {}, null, undefined, {}, 1]) expect(isExportedFunction(value)).toBe(false);
  });
});

describe("matchesType", () => {
  it("compares parameters and results", () => {
    const { f } = instantiate(exporting([func([i32, i32], [i32])], [0x20, 0]));
    expect(matchesType(f, add)).toBe(true);
    expect(matchesType(f, nothing)).toBe(false);
    expect(matchesType(f, plainFuncType({ params: ["i32", "i64"], results: ["i32"] }))).toBe(false);
    expect(matchesType(() => {}, nothing)).toBe(false);
  });

  const group: Bytes = [0x4e, vec([func([], []), [0x5f, 0]])];
  const inGroup = exporting([group]);

  it.skipIf(!isValid(inGroup))("tells recursion groups apart (skipped where the engine has no GC)", () => {
    const type = funcTypeIn([group], 2, 0);
    const { f } = instantiate(inGroup);
    expect(matchesType(f, type)).toBe(true);
    expect(matchesType(f, nothing)).toBe(false);
    const host = exportFunction(type, () => {});
    expect(matchesType(host, type)).toBe(true);
    expect(matchesType(host, nothing)).toBe(false);
  });

  const parentAndChild: Bytes[] = [
    [0x50, 0, func([], [])],
    [0x50, 1, 0, func([], [])],
  ];

  it.skipIf(!isValid(exporting(parentAndChild)))(
    "takes subtypes (skipped where the engine has no GC)",
    () => {
      const types = [0, 1].map((index) => funcTypeIn(parentAndChild, 2, index));
      const [parent, child] = types.map((type) => exportFunction(type, () => {}));
      expect(types.map((type) => matchesType(parent!, type))).toEqual([true, false]);
      expect(types.map((type) => matchesType(child!, type))).toEqual([true, true]);
    },
  );

  const referring: Bytes[] = [func([], []), func([[0x63, 0]], [])];

  it.skipIf(!isValid(exporting(referring)))(
    "repeats types that a signature refers to (skipped where the engine has none)",
    () => {
      const type = funcTypeIn(referring, 2, 1);
      const fn = exportFunction(type, () => {});
      expect(matchesType(fn, type)).toBe(true);
      expect(matchesType(fn, plainFuncType({ params: ["funcref"], results: [] }))).toBe(false);
    },
  );
});
