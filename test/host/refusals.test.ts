import { expect, it } from "vitest";
import { UnsupportedError } from "../../src/errors.ts";
import { compileErrorFrom } from "../../src/host/compile.ts";
import { refusal } from "../../src/host/refusals.ts";

const { CompileError } = (globalThis as any).WebAssembly;

it.each([
  [
    "Chromium",
    new CompileError(
      "WebAssembly.Module(): Compiling or instantiating WebAssembly module violates the following Content Security " +
        "policy directive because 'unsafe-eval' is not an allowed source of script",
    ),
  ],
  [
    "Safari",
    new EvalError(
      "Refused to create a WebAssembly object because 'unsafe-eval' or 'wasm-unsafe-eval' is not an allowed source " +
        "of script in the following Content Security Policy directive: \"script-src 'self'\".",
    ),
  ],
  ["Firefox", new CompileError("call to WebAssembly.Module() blocked by CSP")],
])("a content security policy's refusal is told by name (%s)", (_, thrown) => {
  for (const error of [refusal(thrown), compileErrorFrom(thrown)]) {
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error).toMatchObject({ feature: "compile", reason: "host" });
  }
});

it("a module too large for the main thread is refused with the way out", () => {
  const thrown = new RangeError(
    "WebAssembly.Instance is disallowed on the main thread, if the buffer size is larger than 8MB. Use WebAssembly.instantiate.",
  );
  expect(refusal(thrown)?.message).toMatch(/^the main thread of a page cannot .*: use a worker/);
});

it("other errors are no refusals", () => {
  expect(refusal(new CompileError("WebAssembly.Module(): expected magic word @+0"))).toBeUndefined();
  expect(refusal(new TypeError("blocked by CSP"))).toBeUndefined();
});
