import { describe, expect, it } from "vitest";
import type { GlobalType, ValType } from "../../src/binary/types.ts";
import { UnsupportedError } from "../../src/errors.ts";
import { createGlobal, createMemory, createTable, createTag } from "../../src/host/externs.ts";
import { engineFeatures } from "../../src/host/features.ts";
import { accessGlobal } from "../../src/host/global-access.ts";
import { exportFunction } from "../../src/host/trampolines.ts";
import { func } from "./assemble.ts";
import { funcTypeIn, plainFuncType } from "./func-types.ts";

const bytes16 = (fill: number) => new Uint8Array(16).fill(fill);
const globalType = (content: ValType, mutable: boolean): GlobalType => ({ kind: "global", content, mutable });

const { gc: hasGc, memory64: hasMemory64, table64: hasTable64, exceptions: hasExnRef } = engineFeatures();

describe("createGlobal", () => {
  it.each<[ValType, unknown]>([
    ["i32", -1],
    ["i64", 5n],
    ["f32", 0.5],
    ["f64", -0],
    ["externref", "x"],
    ["externref", null],
    ["externref", undefined],
    ["funcref", null],
    ["funcref", exportFunction(plainFuncType({ params: [], results: [] }), () => {})],
  ])("of %s holds %s", (content, value) => {
    for (const mutable of [true, false]) {
      expect(createGlobal(globalType(content, mutable), value).value).toBe(value);
    }
    const mutable = createGlobal(globalType(content, true), value);
    mutable.value = value;
    expect(() => {
      createGlobal(globalType(content, false), value).value = value;
    }).toThrow(TypeError);
  });

  it.skipIf(!hasGc)("of GC types (skipped where the engine has none)", () => {
    for (const content of ["anyref", "eqref", "i31ref", "nullref", "nullexternref"] as const) {
      expect(createGlobal(globalType(content, true), null).value).toBe(null);
    }
    expect(createGlobal(globalType("i31ref", false), 7).value).toBe(7);
    expect(createGlobal(globalType({ ref: "i31", nullable: false }, false), 7).value).toBe(7);
    expect(() => createGlobal(globalType({ ref: "any", nullable: false }, false), null)).toThrow();
  });

  it.skipIf(!hasGc)("of types by index (skipped where the engine has none)", () => {
    const types = funcTypeIn([func([], [])], 1, 0);
    const content = { ref: { typeIndex: 0 }, nullable: true } as const;
    const fn = exportFunction(plainFuncType({ params: [], results: [] }), () => {});
    const other = exportFunction(plainFuncType({ params: ["i32"], results: [] }), () => {});
    expect(createGlobal(globalType(content, true), fn, types).value).toBe(fn);
    expect(createGlobal(globalType(content, true), null, types).value).toBe(null);
    expect(() => createGlobal(globalType(content, true), other, types)).toThrow();
  });
});

describe("accessGlobal", () => {
  it("reads and writes a v128", () => {
    const type = globalType("v128", true);
    const global = createGlobal(type, bytes16(1));
    const access = accessGlobal(global, type, "values");
    const first = access.get();
    expect(first).toEqual(bytes16(1));
    access.set(bytes16(2));
    expect(access.get()).toEqual(bytes16(2));
    expect(first).toEqual(bytes16(1));
    expect(accessGlobal(global, type, "values").get()).toEqual(bytes16(2));
    expect(() => access.set([1])).toThrow("expected a Uint8Array of 16 bytes for a v128, got object");
    expect(() => createGlobal(type, new Uint8Array(3))).toThrow("got one of 3");
  });

  it("does not write an immutable one", () => {
    for (const [content, value] of [
      ["v128", bytes16(1)],
      ["i32", 1],
    ] as const) {
      const type = globalType(content, false);
      const access = accessGlobal(createGlobal(type, value), type, "values");
      expect(() => access.set(value)).toThrow(TypeError);
      expect(access.get()).toEqual(value);
    }
  });

  it.each<[ValType, unknown]>([
    ["f32", 0x7fa00001],
    ["f64", 0xfff4000000000001n],
  ])("keeps the bits of a signalling NaN in an %s", (content, bits) => {
    const type = globalType(content, true);
    const access = accessGlobal(createGlobal(type, 0), type, "bits");
    access.set(bits);
    expect(access.get()).toBe(bits);
  });

  it("leaves to the engine what it can carry", () => {
    const type = globalType("i64", true);
    const access = accessGlobal(createGlobal(type, 1n), type, "bits");
    access.set(2n);
    expect(access.get()).toBe(2n);
  });

  it.skipIf(!hasExnRef)("tells that an exnref is null (skipped where the engine has none)", () => {
    const type = globalType("exnref", true);
    const access = accessGlobal(createGlobal(type, null), type, "bits");
    access.set(null);
    expect(access.get()).toBe(true);
  });
});

describe("createTable", () => {
  const table = { kind: "table", minimum: 2, address: "i32" } as const;

  it("fills it", () => {
    const fn = exportFunction(plainFuncType({ params: [], results: [] }), () => {});
    const functions = createTable({ ...table, element: "funcref", maximum: 3 }, fn);
    expect([functions.get(0), functions.get(1), functions.length]).toEqual([fn, fn, 2]);
    expect(functions.grow(1)).toBe(2);
    expect(() => functions.grow(1)).toThrow(RangeError);
    expect(createTable({ ...table, element: "externref" }, "x").get(1)).toBe("x");
    expect(createTable({ ...table, element: "externref" }, null).get(1)).toBe(null);
    expect(createTable({ ...table, element: "funcref" }, null).get(1)).toBe(null);
  });

  it.skipIf(!hasGc)("of GC types (skipped where the engine has none)", () => {
    expect(createTable({ ...table, element: "anyref" }, null).get(0)).toBe(null);
    expect(createTable({ ...table, element: "anyref" }, 7).get(1)).toBe(7);
    expect(createTable({ ...table, element: { ref: "i31", nullable: false } }, 7).get(1)).toBe(7);
  });

  it.skipIf(!hasTable64)("with 64-bit addresses (skipped where the engine has none)", () => {
    const wide = createTable({ ...table, element: "externref", address: "i64" }, "x");
    expect(wide.length).toBe(2n);
    expect(wide.get(1n)).toBe("x");
  });
});

describe("createMemory", () => {
  const memory = { kind: "memory", minimum: 1, shared: false, address: "i32", pageSize: 65536 } as const;

  it("has the limits", () => {
    const native = createMemory({ ...memory, maximum: 2 });
    expect(native.buffer.byteLength).toBe(65536);
    expect(native.grow(1)).toBe(1);
    expect(() => native.grow(1)).toThrow(RangeError);
    expect(createMemory({ ...memory, minimum: 0 }).grow(3)).toBe(0);
  });

  it("is shared", () => {
    expect(createMemory({ ...memory, maximum: 2, shared: true }).buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it.skipIf(!hasMemory64)("with 64-bit addresses (skipped where the engine has none)", () => {
    const native = createMemory({ ...memory, maximum: 2, address: "i64" });
    expect(native.grow(1n)).toBe(1n);
    expect(() => native.grow(1n)).toThrow(RangeError);
  });
});

describe("createTag", () => {
  it("makes a tag of its own every time", () => {
    const { Exception } = (globalThis as any).WebAssembly;
    const type = plainFuncType({ params: ["i32"], results: [] });
    const [tag, other] = [createTag(type), createTag(type)];
    const exception = new Exception(tag, [7]);
    expect(exception.getArg(tag, 0)).toBe(7);
    expect([exception.is(tag), exception.is(other)]).toEqual([true, false]);
  });
});

describe("what the engine lacks", () => {
  const attempts = {
    gc: () => createGlobal(globalType("anyref", true), null),
    exceptions: () => createGlobal(globalType("exnref", true), null),
    functionReferences: () => createGlobal(globalType({ ref: "extern", nullable: false }, true), "x"),
    memory64: () =>
      createMemory({ kind: "memory", minimum: 0, shared: false, address: "i64", pageSize: 65536 }),
    table64: () => createTable({ kind: "table", element: "funcref", minimum: 0, address: "i64" }, null),
    customPageSizes: () =>
      createMemory({ kind: "memory", minimum: 0, shared: false, address: "i32", pageSize: 1 }),
  };

  it.each(Object.entries(attempts))("%s is named, and the rest works", (feature, attempt) => {
    if (engineFeatures()[feature as keyof typeof attempts]) {
      expect(attempt()).toBeTypeOf("object");
    } else {
      expect(attempt).toThrow(UnsupportedError);
      expect(attempt).toThrow(
        `this JavaScript engine does not support the WebAssembly feature \`${feature}\``,
      );
    }
  });
});
