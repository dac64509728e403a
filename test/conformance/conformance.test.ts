/** The specification's test suite on the running Node.js, compared with `expectations/`. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { ScriptValue } from "../../src/text/script-values.ts";
import { ScriptReader } from "../../src/wast/script-reader.ts";
import { ScriptRun } from "../../src/wast/script-run.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const suite = process.env["WASMLINK_SPEC_SUITE"] ?? here("../../../shared/suites/spec-testsuite");
const withSuite = test.skipIf(!existsSync(suite));

withSuite.each([
  ["code as it is", []],
  ["code that counts fuel", ["--fuel"]],
  ["code for epochs", ["--epochs"]],
])(
  "the suite goes as expected with %s (skipped without the suite: WASMLINK_SPEC_SUITE)",
  { timeout: 120_000 },
  (_code, options) => {
    const args = [here("conformance.mjs"), ...options, process.execPath];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(stderr).toContain("core assertions");
    expect(status, stderr).toBe(0);
  },
);

/** Something else than what is expected. */
function falsified(value: ScriptValue): ScriptValue {
  switch (value.kind) {
    case "number":
      return { ...value, value: typeof value.value === "bigint" ? value.value ^ 1n : 0n };
    case "vector": {
      const [first, ...rest] = value.lanes;
      return { ...value, lanes: [typeof first === "bigint" ? first ^ 1n : 0n, ...rest] };
    }
    case "reference":
      return { ...value, what: value.what === "null" ? "any" : "null" };
    case "either":
      return { ...value, values: value.values.map(falsified) };
  }
}

withSuite.each([
  "f32.wast",
  "i64.wast",
  "float_misc.wast",
  "ref_null.wast",
  "table_get.wast",
  "simd_f32x4.wast",
  "simd_i8x16_arith.wast",
])("no assertion of %s holds with its results falsified", (file) => {
  const run = new ScriptRun();
  const reader = new ScriptReader(readFileSync(`${suite}/${file}`, "utf8"));
  const survivors: number[] = [];
  let falsifications = 0;
  for (let command = reader.next(); command !== undefined; command = reader.next()) {
    if (command.kind === "thread" || command.kind === "wait") continue;
    if (command.kind === "assert_return" && command.expected.length > 0) {
      falsifications++;
      const { ok } = run.execute({ ...command, expected: command.expected.map(falsified) });
      if (ok) survivors.push(command.line);
    } else run.execute(command);
  }
  expect(falsifications).toBeGreaterThan(0);
  expect(survivors).toEqual([]);
});
