/** Every example runs as a user runs it, and prints what it says. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

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

test("quickjs runs modules from memory", async () => {
  expect(await outputOf("quickjs")).toBe(`\
The primes below 30 are 2, 3, 5, 7, 11, 13, 17, 19, 23, 29
It is 2000-01-01T00:00:00.000Z
process is undefined and fetch is undefined
ReferenceError: could not load module '/etc/passwd'
`);
});

test("untrusted-javascript stops scripts by fuel, time and memory", async () => {
  expect(await outputOf("untrusted-javascript")).toBe(`\
[3, 1, 2].sort().join()
    1,2,3
while (true);
    OUT_OF_FUEL: wasm trap: all fuel consumed by WebAssembly
for (;;);
    InternalError: interrupted
new Array(1_000_000_000) + ''
    INTERRUPT: wasm trap: interrupt
const all = []; while (true) all.push(new Uint8Array(100_000));
    ERR_LIMIT: forcing trap when growing memory to 33619968 bytes
6 * 7
    42
`);
});

const installed = existsSync(new URL("../../examples/guests/node_modules", import.meta.url));

describe.skipIf(!installed)(
  "guests (skipped without `npm ci --prefix examples/guests`)",
  { timeout: 120_000 },
  () => {
    test("python keeps what a script prints, writes and exits with", async () => {
      expect(await outputOf("python")).toBe(`\
stdout: Python 3.12.0 has read about 3 cities.

stderr: Traceback (most recent call last):
  File "/work/main.py", line 11, in <module>
    open("/etc/passwd")
FileNotFoundError: [Errno 44] No such file or directory: '/etc/passwd'

exit code: 1
summary.json: {"warmest": "Cairo", "median": 19.5}
`);
    });

    test("untrusted-python stops scripts by fuel, time and memory, and counts fuel as wasmtime does", async () => {
      expect(await outputOf("untrusted-python")).toBe(`\
print(sum(range(1000)))
    499500, for 249,082,580 units of fuel
while True: pass
    OUT_OF_FUEL: wasm trap: all fuel consumed by WebAssembly
import re; re.match('(a+)+b', 'a' * 40)
    INTERRUPT: wasm trap: interrupt
import time; time.sleep(1e6)
    INTERRUPT: wasm trap: interrupt
everything = [bytearray(1_000_000) for _ in range(1000)]
    ERR_LIMIT: forcing trap when growing memory to 67371008 bytes
print(6 * 7)
    42, for 248,188,362 units of fuel
`);
    });

    test("esbuild bundles two files in memory, and says what is wrong with the next two", async () => {
      const output = await outputOf("esbuild");
      expect(output).toContain(`\
// greet.ts
var greet = (name) => "Hello, " + name;

// main.ts
console.log(greet("bundle"));
`);
      expect(output).toContain('[ERROR] No matching export in "greet.ts" for import "great"');
    });

    test("ruby calls functions of the host", async () => {
      expect(await outputOf("ruby")).toBe(`\
Ruby 3.4.1 has found order.json and main.rb
3 × tea at 2.50
2 × cake at 4.00
no gold: Error: we do not sell that
`);
    });
  },
);
