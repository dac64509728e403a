/** The rules of matching for types that not every JavaScript engine has. */
import { describe, expect, test } from "vitest";
import type { GlobalType, MemoryType, TableType, ValType } from "../../src/binary/types.ts";
import { type MatchType, mismatch } from "../../src/runtime/matching.ts";
import { TypeRegistry } from "../../src/runtime/type-registry.ts";

const registry = new TypeRegistry();
const memory: MemoryType = { kind: "memory", minimum: 1, shared: false, address: "i32", pageSize: 65536 };
const table: TableType = { kind: "table", element: "funcref", minimum: 1, address: "i32" };
const nothing = registry.indexOfSignature({ params: [], results: [] });

const global = (content: GlobalType["content"], mutable = false): GlobalType => ({
  kind: "global",
  content,
  mutable,
});
const tag = (...params: readonly ValType[]): MatchType => ({
  kind: "tag",
  typeIndex: registry.indexOfSignature({ params, results: [] }),
});

describe("memories", () => {
  test("differ in being shared, in address, in limits and in page size, in this order", () => {
    const every = { shared: true, maximum: 1, address: "i64", minimum: 2, pageSize: 1 } as const;
    const wanted = { ...memory, ...every };
    expect(mismatch(wanted, memory, registry)).toBe(
      "memory types incompatible: expected shared memory, found non-shared memory",
    );
    expect(mismatch(memory, { ...memory, shared: true, maximum: 1 }, registry)).toBe(
      "memory types incompatible: expected non-shared memory, found shared memory",
    );
    expect(mismatch({ ...wanted, shared: false }, memory, registry)).toBe(
      "memory types incompatible: expected 64-bit memory, found 32-bit memory",
    );
    expect(mismatch({ ...memory, minimum: 2, maximum: 3, pageSize: 1 }, memory, registry)).toBe(
      "memory types incompatible: expected memory limits (min: 2, max: 3) " +
        "doesn't match provided memory limits (min: 1, max: none)",
    );
    expect(mismatch(memory, { ...memory, pageSize: 1 }, registry)).toBe(
      "memory types incompatible: expected a memory with a page size of 65536, " +
        "but received a memory with a page size of 1",
    );
    expect(mismatch(memory, { ...memory }, registry)).toBeUndefined();
  });

  test("compare sizes beyond numbers", () => {
    const large = { ...memory, address: "i64", minimum: 2n ** 63n } as const;
    expect(mismatch({ ...large, minimum: 1 }, large, registry)).toBeUndefined();
    expect(mismatch(large, { ...large, minimum: 1 }, registry)).toContain(
      "(min: 9223372036854775808, max: none)",
    );
  });
});

describe("tables", () => {
  test("differ in element, address and limits, in this order", () => {
    const wanted = { ...table, element: "externref", address: "i64", minimum: 5 } as const;
    expect(mismatch(wanted, table, registry)).toBe(
      "table types incompatible: expected table of type `externref`, found table of type `funcref`",
    );
    expect(mismatch({ ...wanted, element: "funcref" }, table, registry)).toBe(
      "table types incompatible: expected 64-bit table, found 32-bit table",
    );
    expect(mismatch({ ...table, maximum: 2 }, { ...table, maximum: 3 }, registry)).toBe(
      "table types incompatible: expected table limits (min: 1, max: 2) " +
        "doesn't match provided table limits (min: 1, max: 3)",
    );
  });

  test("of a subtype do not match", () => {
    expect(mismatch(table, { ...table, element: "nullfuncref" }, registry)).toBe(
      "table types incompatible: expected table of type `funcref`, found table of type `(ref null nofunc)`",
    );
  });
});

describe("globals", () => {
  test("of a subtype match as long as nobody can write them", () => {
    const concrete = { ref: { typeIndex: nothing }, nullable: true } as const;
    expect(mismatch(global("funcref"), global(concrete), registry)).toBeUndefined();
    expect(mismatch(global("funcref", true), global(concrete, true), registry)).toBe(
      "global types incompatible: expected global of type `funcref`, " +
        `found global of type \`(ref null func (engine ${nothing}))\``,
    );
    expect(mismatch(global(concrete), global("nullfuncref"), registry)).toBeUndefined();
    expect(mismatch(global(concrete), global(concrete), registry)).toBeUndefined();
  });

  test("show heap types alone where only these differ", () => {
    expect(mismatch(global("anyref"), global("externref"), registry)).toBe(
      "global types incompatible: expected global of type `any`, found global of type `extern`",
    );
    expect(mismatch(global({ ref: "any", nullable: false }), global("anyref"), registry)).toBe(
      "global types incompatible: expected global of type `(ref any)`, found global of type `(ref null any)`",
    );
  });

  test("differ in mutability last", () => {
    expect(mismatch(global("i32", true), global("i32"), registry)).toBe(
      "global types incompatible: expected mutable global, found immutable global",
    );
    expect(mismatch(global("i32"), global("i64", true), registry)).toContain("expected global of type `i32`");
  });
});

describe("functions", () => {
  // (type (sub (func))), and a subtype of it
  const [open, sub] = registry.canonicalize({
    types: [
      { composite: { kind: "func", params: [], results: [] }, final: false, supertypes: [] },
      { composite: { kind: "func", params: [], results: [] }, final: true, supertypes: [0] },
    ],
    groups: [
      { first: 0, length: 1 },
      { first: 1, length: 1 },
    ],
  });
  const func = (typeIndex: number, exact?: true): MatchType =>
    exact ? { kind: "func", typeIndex, exact } : { kind: "func", typeIndex };

  test("match where their type is declared a subtype", () => {
    expect(mismatch(func(open!), func(sub!), registry)).toBeUndefined();
    expect(mismatch(func(sub!), func(open!), registry)).toBe(
      `types incompatible: expected type \`(sub final (engine ${open}) (func))\`, found type \`(sub (func))\``,
    );
    expect(mismatch(func(nothing), func(open!), registry)).toBe(
      "types incompatible: expected type `(func)`, found type `(sub (func))`",
    );
  });

  test("match nothing but their own type where it is to be exact", () => {
    expect(mismatch(func(open!, true), func(open!), registry)).toBeUndefined();
    expect(mismatch(func(open!, true), func(sub!), registry)).toMatch(/^types incompatible/);
  });
});

describe("tags", () => {
  test("match by their type", () => {
    expect(mismatch(tag("i32"), tag("i32"), registry)).toBeUndefined();
    for (const other of [tag(), tag("i64"), tag("i32", "i32")])
      expect(mismatch(tag("i32"), other, registry)).toBe("incompatible tag types");
  });
});

describe("kinds", () => {
  test("are named for what they are", () => {
    const func = { kind: "func", typeIndex: nothing } as const;
    const types = [func, global("i32"), table, memory, tag()];
    const words = ["function", "global", "table", "memory", "tag"];
    types.forEach((wanted, index) => {
      types.forEach((found, other) => {
        expect(mismatch(wanted, found, registry)).toBe(
          index === other ? undefined : `expected ${wanted.kind}, but found ${words[other]}`,
        );
      });
    });
  });
});
