/** Every example runs as a user runs it, and prints what it says. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

async function outputOf(example: string, ...args: string[]): Promise<string> {
  const file = new URL(`../../examples/${example}.mjs`, import.meta.url).pathname;
  const { stdout, stderr } = await run(process.execPath, [file, ...args]);
  expect(stderr).toBe("");
  return stdout;
}

test("hello calls the host", async () => {
  expect(await outputOf("hello")).toBe("Hello from JavaScript!\n");
});

test("gcd calls an export with arguments", async () => {
  expect(await outputOf("gcd")).toBe("gcd(6, 27) = 3\n");
});

test("linking shares functions, memory and a global between two modules", async () => {
  expect(await outputOf("linking")).toBe("Hello, twice!\n");
});

test("memory reads, writes and grows", async () => {
  expect(await outputOf("memory")).toBe(
    "Reading...\nWriting...\nGrowing...\nMaking a memory of one's own...\nDone.\n",
  );
});

test("multi passes several results both ways", async () => {
  expect(await outputOf("multi")).toBe("swap(1, 3n) = [ 4n, 2 ]\nreverse(0, 1, 2, 3) = [ 3n, 2n, 1n, 0n ]\n");
});

test("tree-sitter parses JavaScript with two modules linked by name", async () => {
  const sample = new URL("sample.js", import.meta.url).pathname;
  const [, ...tree] = (await outputOf("tree-sitter", sample)).split("\n");
  expect(tree.join("\n")).toBe(`\
(program
  (lexical_declaration
    (variable_declarator
      name: (identifier)
      value: (string
        (string_fragment))))
  (expression_statement
    (binary_expression
      left: (number)
      right: (identifier))))
`);
});
