// Tests on the runtimes that test/runtimes installs: smoke tests and the specification's suite on each, then all tests on
// the Node among them (which bring the specification's suite along).
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const binary = (name) => `${root}test/runtimes/node_modules/.bin/${name}`;
const smoke = "test/runtimes/smoke.mjs";

const runs = [
  ["Node 26", binary("node"), smoke],
  ["Deno", binary("deno"), "run", "--allow-all", smoke],
  ["Bun", binary("bun"), smoke],
  ["Specification", process.execPath, "test/conformance/conformance.mjs", binary("deno"), binary("bun")],
  ["Node 26, all tests", binary("node"), "node_modules/vitest/vitest.mjs", "run"],
];

for (const [title, command, ...args] of runs) {
  console.log(`\n${title}:`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (error?.code === "ENOENT") {
    console.error(`${command} is missing: run 'npm ci' in test/runtimes first`);
    process.exit(1);
  }
  if (status !== 0) process.exit(status ?? 1);
}
