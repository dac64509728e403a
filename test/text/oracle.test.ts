import { describe, expect, it } from "vitest";
import { loadWasmTools, wasmToolsPath } from "../../scripts/wasm-tools.mjs";
import { wasm2wat } from "../../src/text/wasm2wat.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";
import { everything } from "./everything.ts";
import { suiteMissing, suiteModules } from "./suite.ts";

const wasmTools = loadWasmTools();
const missing =
  wasmTools === undefined ? `no wasm-tools at ${wasmToolsPath}: node scripts/fetch-wasm-tools.mjs` : "";

describe.skipIf(missing)(`wat2wasm beside wasm-tools${missing && ` (${missing})`}`, () => {
  it.skipIf(suiteMissing)(
    `makes the same bytes of the test suite${suiteMissing && ` (${suiteMissing})`}`,
    () => {
      let same = 0;
      let compared = 0;
      for (const { kind, expectation, text, assemble } of suiteModules()) {
        if (kind !== "text" || expectation === "malformed") continue;
        const theirs = wasmTools!.parse(text.replace(/^\(module\s+definition/, "(module"));
        // Folded legacy exceptions, and text that it finds confusing.
        if (typeof theirs === "string") continue;
        compared++;
        if (Buffer.compare(theirs, assemble()) === 0) same++;
      }
      expect(compared).toBeGreaterThan(5000);
      expect(same / compared).toBeGreaterThanOrEqual(0.98);
    },
  );

  it("makes the same bytes of what has been printed", () => {
    for (const source of everything.filter((text) => !text.includes('(@name "n")'))) {
      const text = wasm2wat(wat2wasm(source));
      expect(Buffer.from(wasmTools!.parse(text))).toEqual(Buffer.from(wat2wasm(text)));
    }
  });

  it("prints text for the same module", () => {
    for (const source of everything) {
      const bytes = wat2wasm(source);
      const printed = wasmTools!.print(bytes);
      if (typeof printed === "string") expect(Buffer.from(wat2wasm(printed))).toEqual(Buffer.from(bytes));
    }
  });

  it.each([
    "(module (func foo))",
    "(module (func call $x))",
    "(module (func i32.const 0x1_0000_0000))",
    "(module (memory))",
    "(module (func (if (i32.const 1))))",
    '(module (export "a" (foo 0)))',
    '(module (func) (import "a" "b" (func)))',
    "(module\n  (func (block $a)\n  (br $b)))",
    "(module (func",
  ])("reports the mistake of %j as wasm-tools does", (text) => {
    const theirs = String(wasmTools!.parse(text));
    const [, line, column] = /line: (\d+), col: (\d+)/.exec(theirs)!;
    const [, message] = /kind: Custom\("(.*)"\)/.exec(theirs)!;
    expect(() => wat2wasm(text)).toThrow(
      `${message}\n     --> <anon>:${Number(line) + 1}:${Number(column) + 1}\n`,
    );
  });
});
