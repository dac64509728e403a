/**
 * The examples in doc comments and in the README type-check against the published declarations, run, and print what
 * the comment behind each `console.log` says.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { beforeAll, expect, test, vi } from "vitest";
import * as wasmlink from "../../dist/index.js";
import * as wast from "../../dist/wast/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, ".cache/doc-examples");

interface Example {
  readonly place: string;
  readonly code: string;
}

const entryPoints = [
  { path: "../../dist/index.js", names: Object.keys(wasmlink) },
  { path: "../../dist/wast/index.js", names: Object.keys(wast) },
];
const published = new Set(entryPoints.flatMap(({ names }) => names));

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
const examples = [
  ...sources.filter((file) => file.endsWith(".ts")).flatMap((file) => examplesIn(`src/${file}`)),
  ...examplesIn("README.md"),
];

/** The examples of what is published. Blocks elsewhere explain the inside, with names no user can import. */
function examplesIn(file: string): Example[] {
  const text = readFileSync(join(root, file), "utf8");
  const fences =
    /^( *(?:\* )?)```[tj]s\n(.*?)^\1```$(?:(?:.(?!\*\/))*.{4}(?:\n\/\/[^\n]*)*\nexport (?:async )?\w+ (\w+))?/gms;
  return [...text.matchAll(fences)]
    .filter(({ 3: owner }) => file.endsWith(".md") || published.has(owner ?? ""))
    .map(({ 2: block = "", index }) => ({
      place: `${file}:${text.slice(0, index).split("\n").length}`,
      code: block.replace(/^ *\*(?: |$)/gm, ""),
    }));
}

const nameOf = (index: number) => `example-${index}`;

/** An example in a doc comment imports nothing: what it uses of the package is added. */
function complete({ code }: Example): string {
  if (/^import /m.test(code)) return code.replace(/"wasmlink"/g, '"../../dist/index.js"');
  const imports = entryPoints.map(({ path, names }) => {
    const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    return `import { ${used.join(", ")} } from "${path}";\n`;
  });
  return imports.join("") + code;
}

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [index, example] of examples.entries()) {
    writeFileSync(join(folder, `${nameOf(index)}.ts`), complete(example));
  }
  const config = {
    extends: "../../tsconfig.base.json",
    compilerOptions: { types: ["node"], rewriteRelativeImportExtensions: false },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  typeCheckAndEmit();
});

function typeCheckAndEmit(): void {
  try {
    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
  } catch (error) {
    const report = String((error as { stdout: Buffer }).stdout);
    throw new Error(report.replace(/example-(\d+)\.ts/g, (_, index) => `${examples[index]!.place}, example`));
  }
}

test("there are examples", () => {
  expect(examples.length).toBeGreaterThan(10);
});

test.each(examples.map(({ place, code }, index) => ({ place, code, index })))(
  "the example at $place prints what it says",
  async ({ code, index }) => {
    const lines: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((...values) => {
      lines.push(values.map(shown).join(" "));
    });
    try {
      await import(/* @vite-ignore */ join(folder, `${nameOf(index)}.js`));
    } finally {
      log.mockRestore();
    }
    const promised = [...code.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, comment]) => comment);
    expect(lines).toEqual(promised);
  },
);

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : inspect(value);
}
