// Tests in Chromium, which `CHROMIUM` names or `PATH` has: of the built package, then the specification's suite.
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { findChromium } from "../test/browser/chromium.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const chromium = findChromium();

if (chromium === undefined) {
  console.log("skipped: there is no Chromium in PATH, and CHROMIUM names none");
  process.exit();
}
for (const args of [["test/browser/run.mjs"], ["test/conformance/conformance.mjs", chromium]]) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
