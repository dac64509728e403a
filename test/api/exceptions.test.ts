import { describe, expect, test } from "vitest";
import { Engine, Func, Instance, Module, Store, Tag, Trap, WasmlinkError } from "../../src/index.ts";
import { instantiate, requires, thrownBy } from "../support/modules.ts";

const native = (globalThis as any).WebAssembly;

describe("a Tag", () => {
  test("has a type", (context) => {
    requires(context, "tag");
    const store = new Store();
    const tag = new Tag(store, { params: ["i32", "externref"] });
    expect(tag.type).toEqual({ kind: "tag", params: ["i32", "externref"] });
    expect(tag.store).toBe(store);
    const module = new Module(store.engine, '(module (tag (export "mytag") (param i32)))');
    expect(module.exports).toEqual([{ name: "mytag", type: { kind: "tag", params: ["i32"] } }]);
  });

  test("equals itself alone", (context) => {
    requires(context, "tag");
    const store = new Store();
    const type = { params: ["i32"] } as const;
    const [first, second] = [new Tag(store, type), new Tag(store, type)];
    expect([first.equals(first), first.equals(second)]).toEqual([true, false]);
    const instance = instantiate(
      '(module (import "" "" (tag (param i32))) (export "t" (tag 0)))',
      [first],
      store,
    );
    expect(instance.exports["t"]).toBe(first);
    expect(() => first.equals({} as never)).toThrow("Expected a Tag, got an object (Object)");
  });

  test("needs a store and parameter types, and no results", (context) => {
    requires(context, "tag");
    const store = new Store();
    expect(() => new Tag(store, "not a type" as never)).toThrow(TypeError);
    expect(() => new Tag(store, { params: ["x" as never] })).toThrow(TypeError);
    expect(() => new Tag(1 as never, { params: [] })).toThrow("Expected a Store");
    expect(() => new Tag(store, { params: [], results: ["i32"] } as never)).toThrow(
      new WasmlinkError("Cannot create an exception type from a tag type with results in the signature"),
    );
  });

  test("is imported and exported", (context) => {
    requires(context, "tag");
    const store = new Store();
    const module = new Module(store.engine, '(module (import "" "" (tag)))');
    expect(() => new Instance(store, module, [])).toThrow("expected 1 imports, found 0");
    new Instance(store, module, [new Tag(store, { params: [] })]);
    expect(() => new Instance(store, module, [new Tag(store, { params: ["i32"] })])).toThrow(
      "incompatible tag types",
    );
    expect(instantiate('(module (tag (export "")))').exports[""].type.params).toEqual([]);
  });
});

describe("an exception of wasm", () => {
  test("that nobody catches is a Trap without a code", (context) => {
    requires(context, "tag");
    const store = new Store();
    const { exports } = instantiate(
      `(module (tag $e (export "e") (param i64)) (func (export "throw") (throw $e (i64.const 84)))
        (func (export "start") call 0))`,
      [],
      store,
    );
    const error = thrownBy(exports["throw"]);
    expect(error).toBeInstanceOf(Trap);
    expect(error.trapCode).toBeUndefined();
    expect(error.message).toContain("thrown Wasm exception");
    expect(error.cause).toBeInstanceOf(native.Exception);
    expect(error.cause.is(exports["e"].native)).toBe(true);
    expect(error.cause.getArg(exports["e"].native, 0)).toBe(84n);
  });

  test("in a start function is an error, but no trap", (context) => {
    requires(context, "tag");
    const error = thrownBy(() => instantiate("(module (tag $e) (func $s throw $e) (start $s))"));
    expect(error).toBeInstanceOf(WasmlinkError);
    expect(error).not.toBeInstanceOf(Trap);
    // wasmtime puts a backtrace in front; no JavaScript engine keeps one for exceptions of wasm.
    expect(error.message).toBe("thrown Wasm exception");
    expect(error.cause).toBeInstanceOf(native.Exception);
  });

  test("is caught by its tag, in the instance that throws and in others", (context) => {
    requires(context, "exceptions");
    const store = new Store();
    const tag = new Tag(store, { params: ["i32", "i64"] });
    const thrower = instantiate(
      `(module (import "" "" (tag $e (param i32 i64))) (func (export "throw") (param i32 i64)
        (throw $e (local.get 0) (local.get 1))))`,
      [tag],
      store,
    ).exports["throw"];
    const catching = `(module (import "" "throw" (func $throw (param i32 i64)))
      (import "" "e0" (tag $e0 (param i32 i64))) (import "" "e1" (tag $e1 (param i32 i64)))
      (func (export "catch") (param i32 i64) (result i32 i64 i32)
        (block $b1 (result i32 i64)
          (block $b0 (result i32 i64)
            (try_table (result i32 i64) (catch $e0 $b0) (catch $e1 $b1)
              (call $throw (local.get 0) (local.get 1)) (unreachable)))
          (i32.const 0) (return))
        (i32.const 1) (return)))`;
    const other = new Tag(store, { params: ["i32", "i64"] });
    expect(instantiate(catching, [thrower, other, tag], store).exports["catch"](1, 2n)).toEqual([1, 2n, 1]);
    expect(instantiate(catching, [thrower, tag, tag], store).exports["catch"](1, 2n)).toEqual([1, 2n, 0]);
    expect(() => instantiate(catching, [thrower, other, other], store).exports["catch"](1, 2n)).toThrow(
      "thrown Wasm exception",
    );
  });

  test("passes host functions, who may look at it", (context) => {
    requires(context, "exceptions");
    const store = new Store();
    const tag = new Tag(store, { params: ["i32"] });
    const thrower = instantiate(
      '(module (import "" "" (tag $e (param i32))) (func (export "throw") (throw $e (i32.const 42))))',
      [tag],
      store,
    ).exports["throw"];
    const seen: unknown[] = [];
    const passing = new Func(store, { params: [], results: [] }, () => {
      try {
        thrower();
      } catch (error) {
        seen.push((error as Trap).message);
        throw error;
      }
    });
    const { exports } = instantiate(
      `(module (import "" "f" (func $f)) (import "" "e" (tag $e (param i32))) (func (export "catch") (result i32)
        (block $b (result i32) (try_table (result i32) (catch $e $b) call $f (i32.const 0)))))`,
      [passing, tag],
      store,
    );
    expect(exports["catch"]()).toBe(42);
    expect(seen).toEqual([expect.stringContaining("thrown Wasm exception")]);
  });

  test("may come from a host function", (context) => {
    requires(context, "exceptions");
    const store = new Store();
    const tag = new Tag(store, { params: ["i32"] });
    const throwing = new Func(store, { params: ["i32"], results: [] }, (value) => {
      throw new native.Exception(tag.native, [value]);
    });
    const { exports } = instantiate(
      `(module (import "" "e" (tag $e (param i32))) (import "" "f" (func $f (param i32)))
        (func (export "catch") (result i32)
          (block $b (result i32) (try_table (result i32) (catch $e $b) (call $f (i32.const 42)) (i32.const 0)))))`,
      [tag, throwing],
      store,
    );
    expect(exports["catch"]()).toBe(42);
  });
});

describe("the gate of exceptions", () => {
  test("refuses tags when it is off", () => {
    expect(() => new Module(new Engine({ wasmExceptions: false }), "(module (tag))")).toThrow(
      "exceptions proposal not enabled",
    );
  });
});
