import { describe, expect, test } from "vitest";
import { ClosedError, CrossStoreError, Func, Global, Store, WasmlinkError } from "../../src/index.ts";
import { instantiate, requires } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;

test("a global is immutable unless its type says otherwise", () => {
  const store = new Store();
  const constant = new Global(store, { content: "i32" }, 1);
  expect(constant.type).toEqual({ kind: "global", content: "i32", mutable: false });
  expect(constant.store).toBe(store);
  expect(() => {
    constant.value = 2;
  }).toThrow(new WasmlinkError("immutable global cannot be set"));
  // The rule comes before the value is looked at.
  expect(() => {
    constant.value = "x";
  }).toThrow("immutable global cannot be set");
  expect(constant.value).toBe(1);

  const variable = new Global(store, { content: "i32", mutable: true }, 1);
  variable.value = 2;
  expect(variable.value).toBe(2);
});

test.each([
  ["i32", 0, 2 ** 32 - 1, -1],
  ["i64", 0n, 2n ** 64n - 1n, -1n],
  ["f32", 0, 0.1, Math.fround(0.1)],
  ["f64", -0, 0.1, 0.1],
  ["externref", 0, "", ""],
  ["externref", null, false, false],
] as const)("a global of %s holds %o, then %o", (content, first, second, read) => {
  const global = new Global(new Store(), { content, mutable: true }, first);
  expect(global.value).toBe(first);
  global.value = second;
  expect(global.value).toBe(read);
});

test("a global of v128 holds 16 bytes", (context) => {
  requires(context, "simd");
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => 255 - index);
  const global = new Global(new Store(), { content: "v128", mutable: true }, new Uint8Array(16));
  expect(global.value).toEqual(new Uint8Array(16));
  global.value = bytes;
  expect(global.value).toEqual(bytes);

  const { exports } = instantiate(
    `(module (global (export "g") (mut v128) (v128.const i32x4 1 2 3 4))
      (func (export "lane") (result i32) global.get 0 i32x4.extract_lane 3))`,
  );
  expect(new Uint32Array(exports["g"].value.buffer)).toEqual(Uint32Array.of(1, 2, 3, 4));
  exports["g"].value = new Uint8Array(16).fill(1);
  expect(exports["lane"]()).toBe(0x01010101);
});

describe("values that do not fit", () => {
  test("are refused when the global is made and when it is set", () => {
    const store = new Store();
    const message = 'don\'t know how to convert "x" to i32';
    expect(() => new Global(store, { content: "i32" }, "x")).toThrow(new TypeError(message));
    const global = new Global(store, { content: "i32", mutable: true }, 1);
    for (const value of ["x", 1.5, null, undefined, 1n])
      expect(() => {
        global.value = value;
      }).toThrow(TypeError);
    expect(global.value).toBe(1);
  });

  test("are also functions of another store", () => {
    const store = new Store();
    const foreign = new Func(new Store(store.engine), nothing, () => {});
    expect(() => new Global(store, { content: "funcref" }, foreign)).toThrow(
      new CrossStoreError(
        "type mismatch: initial value provided does not match the type of this global\n\nCaused by:\n    value used with wrong store\n",
      ),
    );
    const global = new Global(store, { content: "funcref", mutable: true }, null);
    expect(() => {
      global.value = foreign;
    }).toThrow(
      "type mismatch: attempt to set global to value of wrong type\n\nCaused by:\n    value used with wrong store\n",
    );
    expect(global.value).toBeNull();
  });

  test("are null where the type has no null, and functions of another type", (context) => {
    requires(context, "functionReferences");
    const { exports, store } = instantiate(
      `(module (type $f (func (param i32))) (global (export "g") (mut (ref $f)) (ref.func $first))
        (func $first (export "first") (type $f)) (func $second (export "second") (type $f)) (func (export "other"))
        (elem declare func $first))`,
    );
    const global: Global = exports["g"];
    expect(global.value).toBe(exports["first"]);
    global.value = exports["second"];
    expect(global.value).toBe(exports["second"]);
    for (const value of [null, exports["other"]])
      expect(() => {
        global.value = value;
      }).toThrow(
        /^type mismatch: attempt to set global to value of wrong type\n\nCaused by:\n {4}type mismatch: /,
      );
    expect(new Global(store, { content: { ref: "func", nullable: false } }, exports["other"]).value).toBe(
      exports["other"],
    );
    expect(() => new Global(store, { content: { ref: "func", nullable: false } }, null)).toThrow(
      WasmlinkError,
    );
  });
});

test.each([
  [{ content: "i16" }, 'Expected a value type, got "i16"'],
  [{ content: "i32", mutable: 1 }, "Expected `mutable` to be a boolean, got `1` (number)"],
  [undefined, "Expected a global type, got `undefined`"],
])("what is no type is refused: %o", (type, message) => {
  expect(() => new Global(new Store(), type as never, 1)).toThrow(new TypeError(message));
});

test("a global is shared by wasm and the host", () => {
  const { exports } = instantiate(
    `(module (global (export "g") (mut i64) (i64.const 5))
      (func (export "double") (global.set 0 (i64.add (global.get 0) (global.get 0)))))`,
  );
  const global: Global = exports["g"];
  expect(global.type).toEqual({ kind: "global", content: "i64", mutable: true });
  global.value = 2n ** 62n;
  exports["double"]();
  expect(global.value).toBe(-(2n ** 63n));
});

test("a global of a closed store is closed", () => {
  const global = new Global(new Store(), { content: "i32", mutable: true }, 1);
  global.store.close();
  expect(() => global.value).toThrow(ClosedError);
  expect(() => {
    global.value = 2;
  }).toThrow(ClosedError);
});
