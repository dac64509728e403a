import { describe, expect, test } from "vitest";
import {
  ClosedError,
  Engine,
  LimitError,
  Memory,
  Store,
  UnsupportedError,
  WasmlinkError,
} from "../../src/index.ts";
import { instantiate, requires, thrownBy } from "../support/modules.ts";

const pageBytes = 65536;

describe("new Memory", () => {
  test("has the declared type, its size, and zeros", () => {
    const store = new Store();
    const memory = new Memory(store, { minimum: 1, maximum: 2 });
    expect(memory.type).toEqual({
      kind: "memory",
      minimum: 1,
      maximum: 2,
      shared: false,
      address: "i32",
      pageSize: pageBytes,
    });
    expect(memory.store).toBe(store);
    expect([memory.size, memory.byteLength, memory.pageSize]).toEqual([1, pageBytes, pageBytes]);
    expect(memory.data().every((byte) => byte === 0)).toBe(true);
    const empty = new Memory(store, { minimum: 0 });
    expect(empty.type).not.toHaveProperty("maximum");
    expect([empty.size, empty.data().length, empty.grow(1)]).toEqual([0, 0, 0]);
  });

  test.each([
    [{ minimum: 3, maximum: 1 }, "maximum page size cannot be smaller than the minimum page size"],
    [{ minimum: 2 ** 32 }, "minimum size too large"],
    [{ minimum: 1, maximum: 2 ** 32 }, "maximum size too large"],
    [{ minimum: 2n ** 64n, address: "i64" }, "minimum size too large"],
    [{ minimum: 1, maximum: 2n ** 64n, address: "i64" }, "maximum size too large"],
    [{ minimum: 65537 }, "minimum size is too large for this memory type's index type"],
    [{ minimum: 1, maximum: 65537 }, "maximum size is too large for this memory type's index type"],
    [
      { minimum: 2n ** 48n, address: "i64" },
      "memory's minimum byte size must fit in a u64\n\nCaused by:\n    size overflow calculating memory size\n",
    ],
    [{ minimum: 1, shared: true }, "shared memories must have a maximum size"],
    [{ minimum: 1, maximum: 1, shared: true }, "shared memories must be created through `SharedMemory`"],
    [
      { minimum: 1, pageSize: 2 },
      "page size must be 2**16 or 2**0, but was given 2**1; note that future Wasm extensions might allow any power " +
        "of two page size, but only 2**16 and 2**0 are currently valid",
    ],
  ] as const)("refuses %o", (type, message) => {
    expect(() => new Memory(new Store(), type)).toThrow(new WasmlinkError(message));
  });

  test.each([
    [undefined, "Expected a memory type, got `undefined`"],
    [{}, "Expected `minimum` to be a non-negative integer, got `undefined`"],
    [{ minimum: "1" }, 'Expected `minimum` to be a non-negative integer, got "1"'],
    [{ minimum: 1, maximum: 1.5 }, "Expected `maximum` to be a non-negative integer, got `1.5` (number)"],
    [{ minimum: 1, shared: 1 }, "Expected `shared` to be a boolean, got `1` (number)"],
    [{ minimum: 1, address: "i16" }, 'Expected `address` to be "i32" or "i64", got "i16"'],
  ])("refuses what is no type: %o", (type, message) => {
    expect(() => new Memory(new Store(), type as never)).toThrow(new TypeError(message));
  });

  test("refuses what is no store", () => {
    expect(() => new Memory({} as never, { minimum: 1 })).toThrow(TypeError);
  });

  test("fails with a LimitError where the engine has no room for the size", (context) => {
    requires(context, "memory64");
    const type = { minimum: 2n ** 47n, address: "i64" } as const;
    expect(() => new Memory(new Store(), type)).toThrow(LimitError);
  });

  test("takes 64-bit addresses", (context) => {
    requires(context, "memory64");
    const memory = new Memory(new Store(), { minimum: 1, maximum: 2n ** 18n, address: "i64" });
    expect(memory.type.maximum).toBe(2 ** 18);
    expect([memory.grow(1), memory.size]).toEqual([1, 2]);
    expect(memory.type.address).toBe("i64");
    memory.write(Uint8Array.of(5), 70_000);
    const { exports } = instantiate(
      `(module (import "" "" (memory i64 1)) (func (export "load") (param i64) (result i32)
        (i32.load8_u (local.get 0))))`,
      [memory],
      memory.store,
    );
    expect(exports["load"](70_000n)).toBe(5);
  });

  test("takes pages of one byte", (context) => {
    requires(context, "customPageSizes");
    const memory = new Memory(new Store(), { minimum: 3, maximum: 5, pageSize: 1 });
    expect([memory.size, memory.byteLength, memory.pageSize]).toEqual([3, 3, 1]);
    expect([memory.grow(2), memory.byteLength]).toEqual([3, 5]);
    expect(() => memory.grow(1)).toThrow(LimitError);
  });
});

describe("memory.grow", () => {
  test("gives the size before, and leaves the declared type as it was", () => {
    const memory = new Memory(new Store(), { minimum: 1, maximum: 3 });
    expect([memory.grow(0), memory.grow(1), memory.grow(1), memory.grow(0)]).toEqual([1, 1, 2, 3]);
    expect([memory.size, memory.byteLength]).toEqual([3, 3 * pageBytes]);
    expect(memory.type.minimum).toBe(1);
  });

  test("fails beyond the maximum, and changes nothing", () => {
    const memory = new Memory(new Store(), { minimum: 1, maximum: 2 });
    expect(() => memory.grow(2)).toThrow(new LimitError("failed to grow memory by `2`"));
    for (const pages of [65536, 2 ** 32, 2 ** 53])
      expect(() => memory.grow(pages)).toThrow(`failed to grow memory by \`${pages}\``);
    expect(memory.size).toBe(1);
    expect(() => new Memory(new Store(), { minimum: 1 }).grow(65536)).toThrow(LimitError);
  });

  test("takes non-negative integers only", () => {
    const memory = new Memory(new Store(), { minimum: 1 });
    expect(() => memory.grow(-1)).toThrow(new RangeError("cannot grow by negative amount"));
    for (const value of [1.5, "1", undefined, Number.NaN])
      expect(() => memory.grow(value as never)).toThrow(TypeError);
    expect(memory.size).toBe(1);
  });

  test("keeps the contents; what was fetched before goes dead", () => {
    const memory = new Memory(new Store(), { minimum: 1 });
    const before = memory.data();
    before[7] = 42;
    memory.grow(1);
    expect(before.length).toBe(0);
    expect(memory.data()[7]).toBe(42);
    expect(memory.data().length).toBe(2 * pageBytes);
  });

  test("is seen by wasm, and wasm's by the host", () => {
    const { exports } = instantiate(
      `(module (memory (export "m") 1 4) (func (export "size") (result i32) memory.size)
        (func (export "grow") (param i32) (result i32) local.get 0 memory.grow))`,
    );
    const memory: Memory = exports["m"];
    memory.grow(1);
    expect(exports["size"]()).toBe(2);
    expect(exports["grow"](2)).toBe(2);
    expect(memory.size).toBe(4);
    expect(exports["grow"](1)).toBe(-1);
  });
});

describe("memory.read", () => {
  const memory = new Memory(new Store(), { minimum: 1 });
  memory.write(Uint8Array.of(1, 2, 3, 4, 5));
  memory.write(Uint8Array.of(6, 7), -2);

  test.each([
    [
      [0, 3],
      [1, 2, 3],
    ],
    [
      [2, 4],
      [3, 4],
    ],
    [[-2], [6, 7]],
    [
      [-3, -1],
      [0, 6],
    ],
    [[3, 1], []],
    [[pageBytes - 1, pageBytes + 10], [7]],
    [[pageBytes], []],
    [
      [-(10 ** 9), 2],
      [1, 2],
    ],
  ] as [number[], number[]][])("takes a range as slice does: %o", (range, bytes) => {
    expect([...memory.read(...(range as [number, number?]))]).toEqual(bytes);
  });

  test("copies", () => {
    const copy = memory.read(0, 2);
    copy[0] = 99;
    expect(memory.data()[0]).toBe(1);
    expect(memory.read().length).toBe(pageBytes);
  });
});

describe("memory.write", () => {
  const memory = new Memory(new Store(), { minimum: 1 });

  test("gives the number of bytes, and counts a negative start from the end", () => {
    expect(memory.write(Uint8Array.of(1, 2))).toBe(2);
    expect(memory.write(Uint8Array.of(3), 2)).toBe(1);
    expect(memory.write(new Uint8Array(), 5)).toBe(0);
    expect(memory.write(Uint8Array.of(8, 9), -2)).toBe(2);
    expect([...memory.read(0, 4)]).toEqual([1, 2, 3, 0]);
    expect([...memory.read(-3)]).toEqual([0, 8, 9]);
    // A start further before the beginning than there are bytes is the beginning.
    expect(memory.write(Uint8Array.of(4), -(10 ** 7))).toBe(1);
    expect(memory.data()[0]).toBe(4);
  });

  test("writes all or nothing", () => {
    const before = memory.read();
    for (const [bytes, start] of [
      [Uint8Array.of(1, 2), pageBytes - 1],
      [Uint8Array.of(1), pageBytes],
      [new Uint8Array(), pageBytes],
      [Uint8Array.of(1, 2, 3), -2],
      [new Uint8Array(pageBytes + 1), 0],
    ] as const)
      expect(() => memory.write(bytes, start)).toThrow(RangeError);
    expect(memory.read()).toEqual(before);
  });

  test("takes bytes and integers only", () => {
    for (const bytes of ["ab", [1, 2], undefined, new ArrayBuffer(2)])
      expect(() => memory.write(bytes as never)).toThrow(TypeError);
    for (const start of [0.5, "0", Number.NaN])
      expect(() => memory.write(Uint8Array.of(1), start as never)).toThrow(TypeError);
  });
});

describe("strings in a memory", () => {
  const memory = new Memory(new Store(), { minimum: 1 });

  test("are UTF-8 of so many bytes", () => {
    expect(memory.writeString("naïve 💡", 8)).toBe(11);
    expect(memory.readString(8, 11)).toBe("naïve 💡");
    expect(memory.writeString("", 0)).toBe(0);
    expect(memory.readString(pageBytes, 0)).toBe("");
    // A byte order mark is a character like others.
    memory.writeString("\ufeffx", 0);
    expect(memory.readString(0, 4)).toBe("\ufeffx");
  });

  test("are inside the memory and well-formed", () => {
    expect(() => memory.readString(pageBytes - 1, 2)).toThrow(RangeError);
    expect(() => memory.readString(-1, 1)).toThrow(RangeError);
    expect(() => memory.writeString("ab", pageBytes - 1)).toThrow(RangeError);
    memory.write(Uint8Array.of(0xc3, 0x28), 0);
    expect(() => memory.readString(0, 2)).toThrow(TypeError);
    expect(() => memory.writeString(1 as never, 0)).toThrow(TypeError);
  });
});

test("a memory of a closed store is closed", () => {
  const store = new Store();
  const memory = new Memory(store, { minimum: 1 });
  store.close();
  for (const use of [
    () => memory.size,
    () => memory.data(),
    () => memory.grow(1),
    () => memory.read(),
    () => memory.write(Uint8Array.of(1)),
    () => new Memory(store, { minimum: 1 }),
  ])
    expect(use).toThrow(new ClosedError("already closed"));
});

test("stores into a memory reach wasm, bytes beyond the end trap there", () => {
  const { exports } = instantiate(
    `(module (memory (export "m") 1) (func (export "load") (param i32) (result i32) local.get 0 i32.load8_u)
      (func (export "store") (param i32 i32) (i32.store8 (local.get 0) (local.get 1))))`,
  );
  const memory: Memory = exports["m"];
  memory.data()[pageBytes - 1] = 7;
  expect(exports["load"](pageBytes - 1)).toBe(7);
  exports["store"](3, 258);
  expect(memory.data()[3]).toBe(2);
  expect(() => exports["load"](pageBytes)).toThrow("out of bounds memory access");
});

test("a memory of a kind that JavaScript lacks is refused by the feature's name", (context) => {
  context.skip(Engine.features()["customPageSizes"] === true, "this JavaScript engine has custom page sizes");
  const error = thrownBy(() => new Memory(new Store(), { minimum: 1, pageSize: 1 }));
  expect(error).toBeInstanceOf(UnsupportedError);
  expect([error.feature, error.reason]).toEqual(["customPageSizes", "host"]);
});
