import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { WasiConfig } from "../../src/index.ts";
import { backends, readTree, type Tree } from "./backends.ts";
import { runCommand } from "./guests.ts";

const suite =
  process.env.WASMLINK_WASI_SUITE ??
  new URL("../../../shared/suites/wasi-testsuite", import.meta.url).pathname;
const languages = ["as", "c", "rust"];

interface Expectation {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly root?: string;
  readonly exit_code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

function expectationOf(file: string): Expectation {
  const path = file.replace(/\.wasm$/, ".json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Expectation) : {};
}

const missing = existsSync(suite) ? "" : ` (none at ${suite})`;

describe.skipIf(missing)(`wasi-testsuite${missing}`, () => {
  it("has programs in every language", () => {
    expect(readdirSync(suite)).toEqual(expect.arrayContaining(languages));
  });

  for (const language of languages) {
    const folder = join(suite, language);
    const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".wasm")) : [];
    for (const backend of backends) {
      it.for(files)(`${language}/%s passes on ${backend.name}`, (name) => {
        const file = join(folder, name);
        const { args = [], env = {}, root, exit_code = 0, stdout, stderr } = expectationOf(file);
        const fixture: Tree = root === undefined ? {} : readTree(join(folder, root));
        const scratch = backend.create(fixture);
        const output = { stdout: "", stderr: "" };
        const decoder = new TextDecoder();
        try {
          const config = new WasiConfig({
            args: [basename(file), ...args],
            env,
            stdin: "",
            stdout: (chunk) => {
              output.stdout += decoder.decode(chunk);
            },
            stderr: (chunk) => {
              output.stderr += decoder.decode(chunk);
            },
            preopens: root === undefined ? {} : { "/": scratch.directory },
          });
          const code = runCommand(readFileSync(file), config);
          expect({ code, stderr: output.stderr }).toEqual({
            code: exit_code,
            stderr: stderr ?? output.stderr,
          });
          if (stdout !== undefined) expect(output.stdout).toBe(stdout);
        } finally {
          scratch.remove();
        }
      });
    }
  }
});
