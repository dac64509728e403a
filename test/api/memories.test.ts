import { describe, expect, test } from "vitest";
import {
  Engine,
  LimitError,
  Memory,
  SharedMemory,
  Store,
  UnsupportedError,
  WasmlinkError,
} from "../../src/index.ts";
import { instantiate, requires, thrownBy } from "../support/modules.ts";

const page = 65536;

describe("a Memory", () => {
  test("has a type, a size in pages and in bytes, and zeros", () => {
    const store = new Store();
    const memory = new Memory(store, { minimum: 1 });
    expect(memory.type).toEqual({
      kind: "memory",
      minimum: 1,
      shared: false,
      address: "i32",
      pageSize: page,
    });
    expect(memory.store).toBe(store);
    expect([memory.size, memory.byteLength, memory.pageSize]).toEqual([1, page, page]);
    expect(memory.data().every((byte) => byte === 0)).toBe(true);
  });

  test("grows up to its maximum; its type stays and old views go dead", () => {
    const memory = new Memory(new Store(), { minimum: 1, maximum: 2 });
    const view = memory.data();
    expect(memory.grow(1)).toBe(1);
    expect(memory.grow(0)).toBe(2);
    expect([memory.size, memory.byteLength, view.length]).toEqual([2, 2 * page, 0]);
    const error = thrownBy(() => memory.grow(1));
    expect(error).toBeInstanceOf(LimitError);
    expect(error.message).toBe("failed to grow memory by `1`");
    expect(memory.type).toMatchObject({ minimum: 1, maximum: 2 });
    expect(memory.size).toBe(2);
  });

  test("grows by a number of pages that is one", () => {
    const memory = new Memory(new Store(), { minimum: 1 });
    expect(() => memory.grow("" as never)).toThrow(TypeError);
    expect(() => memory.grow(0.5)).toThrow(TypeError);
    expect(() => memory.grow(-1)).toThrow("cannot grow by negative amount");
    for (const pages of [65536, 2 ** 32, 2 ** 53])
      expect(() => memory.grow(pages)).toThrow(`failed to grow memory by \`${pages}\``);
    expect(memory.size).toBe(1);
  });

  test("is read as arrays are sliced", () => {
    const memory = new Memory(new Store(), { minimum: 3 });
    const bytes = Uint8Array.from({ length: 200 }, (_, index) => index);
    expect(memory.write(bytes, 2048)).toBe(200);
    expect(memory.read(2048, 2248)).toEqual(bytes);
    expect(memory.data().subarray(2048, 2248)).toEqual(bytes);
    expect(memory.read(-10)).toHaveLength(10);
    expect(memory.read()).toHaveLength(memory.byteLength);
    for (const [start, stop] of [
      [0, 0],
      [2048, 2048],
      [2048, 2047],
      [memory.byteLength + 1, undefined],
    ] as const)
      expect(memory.read(start, stop)).toHaveLength(0);
    memory.read(2048, 2049).fill(9);
    expect(memory.data()[2048]).toBe(0);
  });

  test("is written whole or not at all", () => {
    const memory = new Memory(new Store(), { minimum: 1 });
    const bytes = new Uint8Array(200).fill(7);
    expect(memory.write(bytes, -200)).toBe(200);
    expect(memory.read(-200)).toEqual(bytes);
    expect(memory.write(bytes)).toBe(200);
    expect(memory.write(new Uint8Array(0), 5)).toBe(0);
    memory.data().fill(0);
    for (const start of [page, page - 199, 2 ** 40])
      expect(() => memory.write(bytes, start)).toThrow(RangeError);
    expect(() => memory.write(new Uint8Array(0), page)).toThrow(RangeError);
    expect(memory.data().every((byte) => byte === 0)).toBe(true);
    expect(() => memory.write("text" as never)).toThrow("Expected `bytes` to be a Uint8Array");
    expect(() => memory.write(bytes, 0.5)).toThrow(TypeError);
  });

  test("holds text", () => {
    const memory = new Memory(new Store(), { minimum: 1 });
    expect(memory.writeString("héllo 🎈", 16)).toBe(11);
    expect(memory.readString(16, 11)).toBe("héllo 🎈");
    expect(memory.readString(0, 0)).toBe("");
    expect(memory.readString(page, 0)).toBe("");
    expect(() => memory.readString(17, 1)).not.toThrow(RangeError);
    expect(() => memory.readString(18, 1)).toThrow(TypeError);
    expect(() => memory.readString(page - 1, 2)).toThrow(RangeError);
    expect(() => memory.writeString("ab", page - 1)).toThrow(RangeError);
    expect(() => memory.writeString(1 as never, 0)).toThrow(TypeError);
  });

  test("is shared with wasm", () => {
    const store = new Store();
    const memory = new Memory(store, { minimum: 1, maximum: 4 });
    const { exports } = instantiate(
      `(module (import "" "" (memory 1 4)) (func (export "load") (param i32) (result i32) local.get 0 i32.load)
        (func (export "grow") (result i32) i32.const 1 memory.grow))`,
      [memory],
      store,
    );
    memory.write(Uint8Array.of(1, 2, 3, 4), 8);
    expect(exports["load"](8)).toBe(0x04030201);
    expect([exports["grow"](), memory.size]).toEqual([1, 2]);
    expect([memory.grow(1), exports["grow"](), exports["grow"]()]).toEqual([2, 3, -1]);
  });

  test("of no pages", () => {
    const memory = new Memory(new Store(), { minimum: 0 });
    expect([memory.size, memory.data().length]).toEqual([0, 0]);
    expect(memory.grow(1)).toBe(0);
  });

  test("needs a store and a type", () => {
    expect(() => new Memory(1 as never, { minimum: 1 })).toThrow("Expected a Store, got `1` (number)");
    expect(() => new Memory(new Store(), 1 as never)).toThrow("Expected a memory type, got `1` (number)");
    expect(() => new Memory(new Store(), { minimum: "1" as never })).toThrow("Expected `minimum` to be");
    expect(() => new Memory(new Store(), { minimum: -1 })).toThrow(RangeError);
    expect(() => new Memory(new Store(), { minimum: 1, address: "i8" as never })).toThrow(
      'Expected `address` to be "i32" or "i64", got "i8"',
    );
    expect(() => new Memory(new Store(), { minimum: 1, shared: 1 as never })).toThrow(TypeError);
  });
});

describe("memory types keep wasmtime's rules", () => {
  const store = new Store();
  const cases = [
    [{ minimum: 2 ** 32 }, "minimum size too large"],
    [{ minimum: 1, maximum: 2 ** 32 }, "maximum size too large"],
    [{ minimum: 2n ** 64n, address: "i64" }, "minimum size too large"],
    [{ minimum: 2, maximum: 1 }, "maximum page size cannot be smaller than the minimum page size"],
    [{ minimum: 65537 }, "minimum size is too large for this memory type's index type"],
    [{ minimum: 1, maximum: 65537 }, "maximum size is too large for this memory type's index type"],
    [{ minimum: 1, shared: true }, "shared memories must have a maximum size"],
    [{ minimum: 2 ** 48, address: "i64" }, "memory's minimum byte size must fit in a u64"],
    [
      { minimum: 1, pageSize: 4 },
      "page size must be 2**16 or 2**0, but was given 2**2; note that future Wasm extensions might allow any power of " +
        "two page size, but only 2**16 and 2**0 are currently valid",
    ],
    [{ minimum: 1, maximum: 1, shared: true }, "shared memories must be created through `SharedMemory`"],
  ] as const;
  for (const [type, message] of cases) {
    test(message, () => {
      expect(() => new Memory(store, type)).toThrow(new WasmlinkError(message));
    });
  }
});

describe("a 64-bit Memory", () => {
  test("grows and is accessed as others are", (context) => {
    requires(context, "memory64");
    const store = new Store();
    const memory = new Memory(store, { minimum: 1, maximum: 3, address: "i64" });
    expect(memory.type.address).toBe("i64");
    expect(memory.grow(1)).toBe(1);
    expect(() => memory.grow(2)).toThrow("failed to grow memory by `2`");
    memory.write(Uint8Array.of(5), 70_000);
    const { exports } = instantiate(
      '(module (import "" "" (memory i64 1 3)) (func (export "load") (param i64) (result i32) local.get 0 i32.load8_u))',
      [memory],
      store,
    );
    expect(exports["load"](70_000n)).toBe(5);
    expect(memory.size).toBe(2);
  });
});

describe("a SharedMemory", () => {
  const type = { minimum: 1, maximum: 2, shared: true } as const;
  const shared = () => new Engine({ sharedMemory: true });

  test("belongs to an engine, and grows without its views going dead", (context) => {
    requires(context, "threads", "sharedArrayBuffer");
    const engine = shared();
    const memory = new SharedMemory(engine, type);
    expect(memory.engine).toBe(engine);
    expect(memory.type).toMatchObject({ ...type, kind: "memory" });
    expect([memory.size, memory.byteLength, memory.data()[0]]).toEqual([1, page, 0]);
    const view = memory.data();
    expect([memory.grow(1), memory.grow(0), memory.size]).toEqual([1, 2, 2]);
    expect([view.length, memory.data().length]).toEqual([page, 2 * page]);
    expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(() => memory.grow(1)).toThrow("failed to grow memory by `1`");
    expect(() => memory.grow(-1)).toThrow("cannot grow by negative amount");
    expect(() => memory.grow("" as never)).toThrow(TypeError);
  });

  test("serves instances of several stores", (context) => {
    requires(context, "threads", "sharedArrayBuffer");
    const engine = shared();
    const memory = new SharedMemory(engine, type);
    const wat = `(module (import "" "" (memory 1 2 shared)) (export "memory" (memory 0))
      (func (export "add") (param i32) (result i32) i32.const 0 local.get 0 i32.atomic.rmw.add))`;
    const [first, second] = [new Store(engine), new Store(engine)].map((store) =>
      instantiate(wat, [memory], store),
    );
    expect([first!.exports["add"](3), second!.exports["add"](4), first!.exports["add"](0)]).toEqual([
      0, 3, 7,
    ]);
    expect(first!.exports["memory"]).toBe(memory);
    expect(second!.getMemory("memory")).toBe(memory);
  });

  test("is what an instance exports that defines one", (context) => {
    requires(context, "threads", "sharedArrayBuffer");
    const { exports } = instantiate('(module (memory (export "m") 1 2 shared))', [], new Store(shared()));
    expect(exports["m"]).toBeInstanceOf(SharedMemory);
  });

  test("is refused unless the engine's options allow it", () => {
    const message = "shared memory support is disabled for this engine -- see `Config::shared_memory`";
    const error = thrownBy(() => new SharedMemory(new Engine(), type));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect([error.message, error.feature, error.reason]).toEqual([message, "sharedMemory", "config"]);
    expect(() => instantiate("(module (memory 1 2 shared))")).toThrow(message);
  });

  test("needs a shared type with a maximum", () => {
    expect(() => new SharedMemory(shared(), { minimum: 1, maximum: 2 })).toThrow(
      "shared memory must have the `shared` flag enabled on its memory type",
    );
    expect(() => new SharedMemory(shared(), { minimum: 1, shared: true })).toThrow(
      "shared memories must have a maximum size",
    );
    expect(() => new SharedMemory(1 as never, type)).toThrow("Expected an Engine");
    expect(() => new SharedMemory(shared(), 1 as never)).toThrow(TypeError);
  });
});
