// The built package on whatever runtime executes this file.
//
//     node test/runtimes/smoke.mjs
//     deno run -A test/runtimes/smoke.mjs
//     bun test/runtimes/smoke.mjs
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { hostDirectory, MemoryDirectory } from "../../dist/index.js";
import { deepEqual, equal } from "./assert.mjs";
import { checks, copiedFrom, outcomeOf } from "./checks.mjs";

const root = new URL("../../", import.meta.url);
const environment = { read: (path) => readFile(new URL(path, root)) };

/** What only runtimes with files can do. */
const fileChecks = [
  {
    name: "a WASI program reads a file of the host, and none it was not given",
    run: () => {
      const folder = mkdtempSync(join(tmpdir(), "wasmlink-smoke-"));
      try {
        writeFileSync(join(folder, "in.txt"), "from the host");
        deepEqual(copiedFrom(hostDirectory(folder)), ["from the host", 7]);
        deepEqual(copiedFrom(new MemoryDirectory()), ["", 1]);
        equal(readFileSync(join(folder, "in.txt"), "utf8"), "from the host");
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  },
];

const { passed, failures } = await outcomeOf([...checks, ...fileChecks], environment);
for (const { name, reason } of failures) console.error(`FAILED ${name}\n${reason}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
