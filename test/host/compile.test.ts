import { createContext, runInContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { CompileError, UnsupportedError } from "../../src/errors.ts";
import { compileErrorFrom, compileNative, compileNativeAsync } from "../../src/host/compile.ts";
import { assemble, body, func, i32, importFunc, nameSection, vec } from "./assemble.ts";

const onV8 = process.versions.bun === undefined;

const { CompileError: NativeCompileError } = (globalThis as any).WebAssembly;

/** Function 0 is imported, 1 is right, 2 lacks its result. */
const missingResult = assemble(
  [1, vec([func([], []), func([], [i32])])],
  [2, vec([importFunc("a", "b", 0)])],
  [3, vec([[0], [1]])],
  [10, vec([body(), body()])],
  [0, nameSection(undefined, { 2: "bad" })],
);

function failure(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return expect.unreachable("nothing was thrown");
}

function chainOf(message: string, names = {}): readonly string[] {
  return (
    compileErrorFrom(new NativeCompileError(message), { imported: 0, name: () => undefined, ...names }) as any
  ).chain;
}

describe("compileNative", () => {
  it("compiles", () => {
    expect(compileNative(assemble())).toBeInstanceOf((globalThis as any).WebAssembly.Module);
  });

  it.skipIf(!onV8)("tells an invalid body as wasmtime does (V8's texts)", () => {
    const error = failure(() =>
      compileNative(missingResult, { imported: 1, name: (index) => (index === 2 ? "bad" : undefined) }),
    );
    expect(error).toBeInstanceOf(CompileError);
    const { chain, offset } = error as CompileError;
    expect(offset).toBe(40);
    expect(chain).toEqual([
      "failed to compile: wasm[0]::function[2]::bad",
      "WebAssembly translation error",
      expect.stringMatching(/^Invalid input WebAssembly code at offset 40: expected 1 elements .* found 0$/),
    ]);
  });

  it.skipIf(!onV8)("tells a malformed module as wasmtime does (V8's texts)", () => {
    const error = failure(() => compileNative(assemble([99, []]))) as CompileError;
    expect(error.offset).toBe(10);
    expect(error.message).toBe(
      "failed to parse WebAssembly module\n\nCaused by:\n    unknown section code #0x63 (at offset 0xa)\n",
    );
  });

  it("rejects with the same error when it compiles asynchronously", async () => {
    const error = await compileNativeAsync(missingResult).catch((thrown) => thrown);
    expect(error).toEqual(failure(() => compileNative(missingResult)));
    expect(await compileNativeAsync(assemble())).toBeInstanceOf((globalThis as any).WebAssembly.Module);
  });

  it("leaves other errors alone", () => {
    expect(failure(() => compileNative("x" as any))).toBeInstanceOf(TypeError);
  });
});

describe("compileErrorFrom", () => {
  const invalidBody = (text: string) => [
    "WebAssembly translation error",
    `Invalid input WebAssembly code${text}`,
  ];

  it("reads V8's texts whatever the function is called", () => {
    const text = 'WebAssembly.compile(): Compiling function #7:"a" failed: b @+3" failed: no good @+24';
    expect(chainOf(text)).toEqual([
      "failed to compile: wasm[0]::function[7]",
      ...invalidBody(" at offset 24: no good"),
    ]);
    expect(chainOf('WebAssembly.Module(): Compiling function #7:"a\n" failed: no good @+24')).toEqual([
      "failed to compile: wasm[0]::function[7]",
      ...invalidBody(" at offset 24: no good"),
    ]);
  });

  it("reads JSC's texts", () => {
    expect(
      chainOf("WebAssembly.Module doesn't parse at byte 8: invalid section (evaluating 'new Module(b)')"),
    ).toEqual(["failed to parse WebAssembly module", "invalid section (at offset 0x8)"]);
    expect(
      chainOf("WebAssembly.Module doesn't parse at byte 4: bad opcode, in function at index 1", {
        imported: 2,
      }),
    ).toEqual(["failed to compile: wasm[0]::function[3]", ...invalidBody(": bad opcode")]);
    expect(chainOf("WebAssembly.Module doesn't validate:  no value, in function at index 1")).toEqual([
      "failed to compile: wasm[0]::function[1]",
      ...invalidBody(": no value"),
    ]);
  });

  it("reads SpiderMonkey's texts", () => {
    expect(chainOf("wasm validation error: at offset 24: popping value from empty stack")).toEqual([
      "failed to parse WebAssembly module",
      "popping value from empty stack (at offset 0x18)",
    ]);
  });

  it("keeps a text it does not know", () => {
    expect(chainOf("something else")).toEqual(["failed to parse WebAssembly module", "something else"]);
  });

  it.each([
    ["plain", "plain"],
    ["we ird<T>\n", "we?ird<T>?"],
    ["a??b", "a??b"],
    ["aé?b", "a?b"],
    ["x".repeat(300), "x".repeat(96)],
    ["é".repeat(200), "?"],
    ["", ""],
  ])("writes the function name %j as wasmtime's symbols have it", (name, symbol) => {
    expect(
      chainOf("WebAssembly.Module(): Compiling function #0 failed: no @+1", { name: () => name }).at(0),
    ).toBe(`failed to compile: wasm[0]::function[0]::${symbol}`);
  });

  it("throws UnsupportedError where the environment forbids code from bytes", () => {
    const context = createContext({ bytes: assemble() }, { codeGeneration: { strings: true, wasm: false } });
    const message = runInContext(
      "try { new WebAssembly.Module(bytes); 'compiled' } catch (error) { error.message }",
      context,
    );
    const error = compileErrorFrom(new NativeCompileError(message));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as Error).message).toContain("Module.fromNative");
  });
});
