// Runs the smoke tests on every runtime that test/runtimes installs, then the whole suite on the Node among them.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const binary = (name) => `${root}test/runtimes/node_modules/.bin/${name}`;
const smoke = "test/runtimes/smoke.mjs";

const runs = [
  ["Node 26", binary("node"), smoke],
  ["Deno", binary("deno"), "run", "--allow-all", smoke],
  ["Bun", binary("bun"), smoke],
  ["Node 26, whole suite", binary("node"), "node_modules/vitest/vitest.mjs", "run"],
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
