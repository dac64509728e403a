import { describe, expect, test } from "vitest";
import {
  CompileError,
  Engine,
  Instance,
  Module,
  Store,
  UnsupportedError,
  WasmlinkError,
  WatSyntaxError,
  wat2wasm,
} from "../../src/index.ts";
import { requires, thrownBy } from "../support/modules.ts";

const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const native = (globalThis as any).WebAssembly;

describe("a Module", () => {
  const engine = new Engine();

  test("is made of text and of bytes in any container", () => {
    const sources = [
      "(module)",
      new TextEncoder().encode("(module)"),
      empty,
      empty.buffer.slice(0),
      new DataView(empty.buffer.slice(0)),
      new Uint8Array([9, 9, ...empty, 9]).subarray(2, 10),
    ];
    for (const source of sources) {
      const module = new Module(engine, source);
      expect([module.imports, module.exports, module.name]).toEqual([[], [], undefined]);
      expect(module.engine).toBe(engine);
    }
  });

  test("is made of nothing else", () => {
    expect(() => new Module(1 as never, empty)).toThrow("Expected an Engine, got `1` (number)");
    for (const source of [2, null, undefined, [0, 1], {}]) {
      expect(() => new Module(engine, source as never)).toThrow(TypeError);
      expect(() => new Module(engine, source as never)).toThrow("expected wasm bytes");
    }
  });

  test("of malformed bytes is refused with the offset", () => {
    for (const bytes of [new Uint8Array(0), Uint8Array.of(0)]) {
      const error = thrownBy(() => new Module(engine, bytes));
      expect(error).toBeInstanceOf(CompileError);
      expect(error.message).toMatch(/^failed to parse WebAssembly module\n\nCaused by:\n {4}unexpected end/);
      expect(error.code).toBe("ERR_COMPILE");
    }
    const truncated = thrownBy(
      () => new Module(engine, wat2wasm('(module (func (export "f")))').subarray(0, 20)),
    );
    expect(truncated).toBeInstanceOf(CompileError);
    expect(truncated.offset).toBeTypeOf("number");
    expect(() => new Module(engine, Uint8Array.of(...empty.subarray(0, 4), 0xd, 0, 1, 0))).toThrow(
      "expected a WebAssembly module but was given a WebAssembly component",
    );
  });

  test("of invalid code is refused with the function", () => {
    const error = thrownBy(() => new Module(engine, "(module (func $f (result i32)))"));
    expect(error).toBeInstanceOf(CompileError);
    expect(error.message).toMatch(/^failed to compile: wasm\[0\]::function\[0\]/);
    expect(error.offset).toBeTypeOf("number");
  });

  test("of malformed text is refused with the place", () => {
    const error = thrownBy(() => new Module(engine, "(module\n  (func foo))"));
    expect(error).toBeInstanceOf(WatSyntaxError);
    expect(error).toBeInstanceOf(CompileError);
    expect([error.line, error.column]).toEqual([2, 9]);
  });

  test("copies small sources, so that they may change afterwards", () => {
    const bytes = wat2wasm('(module $m (func (export "f") (result i32) i32.const 1))');
    const module = new Module(engine, bytes);
    bytes.fill(0xff);
    expect(module.name).toBe("m");
    expect(module.exports[0]!.name).toBe("f");
    expect(new Instance(new Store(engine), module, []).exports["f"]()).toBe(1);
  });

  test("tells its name, from the name section", () => {
    expect(new Module(engine, "(module $hello)").name).toBe("hello");
    expect(new Module(engine, '(module (@name "a b"))').name).toBe("a b");
  });

  test("lists its imports, with repeated names", () => {
    const module = new Module(
      engine,
      '(module (import "" "" (func)) (import "a" "bcd" (global i32)) (import "" "" (memory 1)) (import "" "x" (table 1 funcref)))',
    );
    expect(module.imports).toEqual([
      { module: "", name: "", type: { kind: "func", params: [], results: [] } },
      { module: "a", name: "bcd", type: { kind: "global", content: "i32", mutable: false } },
      {
        module: "",
        name: "",
        type: { kind: "memory", minimum: 1, shared: false, address: "i32", pageSize: 65536 },
      },
      { module: "", name: "x", type: { kind: "table", element: "funcref", minimum: 1, address: "i32" } },
    ]);
    expect(module.imports).toBe(module.imports);
  });

  test("lists its exports and finds them by name", () => {
    const module = new Module(
      engine,
      `(module (func (export "a") (param i32 f32) (result f64) f64.const 0) (global (export "") (mut i32) (i32.const 1))
        (memory (export "mem") 1 2) (table (export "table") 1 2 externref))`,
    );
    const types = [
      { kind: "func", params: ["i32", "f32"], results: ["f64"] },
      { kind: "global", content: "i32", mutable: true },
      { kind: "memory", minimum: 1, maximum: 2, shared: false, address: "i32", pageSize: 65536 },
      { kind: "table", element: "externref", minimum: 1, maximum: 2, address: "i32" },
    ];
    expect(module.exports).toEqual(
      ["a", "", "mem", "table"].map((name, index) => ({ name, type: types[index] })),
    );
    expect(module.getExport("")).toEqual(types[1]);
    expect(module.getExport("none")).toBeUndefined();
  });

  test("gives its custom sections", () => {
    const module = new Module(engine, '(module (@custom "x" "one") (@custom "y" "") (@custom "x" "two"))');
    const texts = (name: string) =>
      module.customSections(name).map((bytes) => new TextDecoder().decode(bytes));
    expect([texts("x"), texts("y"), texts("z")]).toEqual([["one", "two"], [""], []]);
    module.customSections("x")[0]!.fill(0);
    expect(texts("x")).toEqual(["one", "two"]);
    expect(() => module.customSections(1 as never)).toThrow("Expected `name` to be a string");
  });
});

describe("Module.validate", () => {
  test("accepts binaries, and throws the reason alone", () => {
    const engine = new Engine();
    Module.validate(engine, empty);
    expect(() => Module.validate(engine, new Uint8Array(0))).toThrow(CompileError);
    const error = thrownBy(() => Module.validate(engine, wat2wasm("(module (func (result i32)))")));
    expect(error).toBeInstanceOf(CompileError);
    expect(error.message).not.toContain("Caused by");
    expect(() => Module.validate(1 as never, empty)).toThrow(TypeError);
    expect(() => Module.validate(engine, "(module)" as never)).toThrow(TypeError);
  });

  test("keeps to the engine's gates", () => {
    const simd = wat2wasm("(module (func (param v128)))");
    Module.validate(new Engine(), simd);
    expect(() => Module.validate(new Engine({ wasmSimd: false, wasmRelaxedSimd: false }), simd)).toThrow(
      "SIMD support is not enabled",
    );
  });
});

describe("Module.compile", () => {
  const engine = new Engine();

  test("makes the same of the same sources", async () => {
    expect((await Module.compile(engine, "(module $m)")).name).toBe("m");
    expect((await Module.compile(engine, empty)).exports).toEqual([]);
    await expect(Module.compile(engine, Uint8Array.of(0))).rejects.toThrow(CompileError);
    await expect(Module.compile(engine, "(module (func (result i32)))")).rejects.toThrow(
      /^failed to compile/,
    );
    await expect(Module.compile(engine, "(modul)")).rejects.toThrow(WatSyntaxError);
    await expect(Module.compile(engine, 1 as never)).rejects.toThrow(TypeError);
    await expect(Module.compile(1 as never, empty)).rejects.toThrow(TypeError);
  });

  test("takes a response, or a promise of one", async () => {
    const response = new Response(empty, { headers: { "content-type": "application/wasm" } });
    expect((await Module.compile(engine, response)).exports).toEqual([]);
    expect((await Module.compile(engine, Promise.resolve(new Response("(module $r)")))).name).toBe("r");
    await expect(Module.compile(engine, new Response("", { status: 404 }))).rejects.toThrow("status 404");
  });
});

describe("serialisation", () => {
  const wat = '(module $m (import "a" "b" (func)) (func (export "f") (result i32) i32.const 5))';

  test("gives the module back", () => {
    const engine = new Engine();
    const bytes = new Module(engine, wat).serialize();
    expect(bytes).toBeInstanceOf(Uint8Array);
    const module = Module.deserialize(engine, bytes);
    expect([module.name, module.imports.length, module.exports.length]).toEqual(["m", 1, 1]);
    expect(new Module(engine, wat).serialize()).toEqual(bytes);
    Module.deserialize(new Engine(), bytes);
  });

  test("is not for other options, nor for other bytes", () => {
    const bytes = new Module(new Engine(), wat).serialize();
    expect(() => Module.deserialize(new Engine({ consumeFuel: true }), bytes)).toThrow(
      "Module was compiled without fuel support but it is enabled for the host",
    );
    for (const wrong of [empty, new Uint8Array(0), bytes.subarray(0, bytes.length - 1)])
      expect(() => Module.deserialize(new Engine(), wrong)).toThrow(WasmlinkError);
    expect(() => Module.deserialize(new Engine(), "x" as never)).toThrow(TypeError);
  });
});

describe("Module.fromNative", () => {
  test("takes what the host compiled", () => {
    const engine = new Engine();
    const bytes = wat2wasm('(module $m (func (export "f") (param i32) (result i32) local.get 0))');
    const module = Module.fromNative(engine, new native.Module(bytes), bytes);
    expect(module.name).toBe("m");
    expect(new Instance(new Store(engine), module, []).exports["f"](8)).toBe(8);
  });

  test("refuses what it would have to change first", () => {
    const bytes = wat2wasm("(module (func $s) (start $s))");
    const error = thrownBy(() => Module.fromNative(new Engine(), new native.Module(bytes), bytes));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect([error.feature, error.reason]).toEqual(["fromNative", "host"]);
  });
});

describe("what the JavaScript engine lacks", () => {
  test("is named", (context) => {
    const [feature, wat] = Object.entries({
      gc: "(module (type (struct)))",
      wideArithmetic:
        "(module (func (param i64 i64) (result i64 i64) local.get 0 local.get 1 i64.mul_wide_u))",
    }).find(([name]) => !Engine.features()[name]) ?? ["", ""];
    context.skip(feature === "", "this JavaScript engine lacks nothing of what is tried");
    const error = thrownBy(() => new Module(new Engine(), wat));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect([error.feature, error.reason]).toEqual([feature, "host"]);
    expect(error.message).toContain(
      `the module uses the WebAssembly feature \`${feature}\`, which this JavaScript engine does not support`,
    );
  });

  test("does not hide what is off by option", (context) => {
    requires(context, "gc");
    expect(() => new Module(new Engine({ wasmGc: false }), "(module (type (struct)))")).toThrow(CompileError);
  });
});
