// Puts the core module of wasm-tools where scripts/wasm-tools.mjs looks for it. Development only.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { wasmToolsPath } from "./wasm-tools.mjs";

const version = "0.15.0";

const directory = mkdtempSync(join(tmpdir(), "wasm-tools-"));
try {
  // The package alone: its dependencies are a hundred megabytes that nobody needs here.
  const packed = execFileSync("npm", ["pack", "--json", `@bytecodealliance/jco-transpile@${version}`], {
    cwd: directory,
    encoding: "utf8",
  });
  execFileSync("tar", ["-xzf", JSON.parse(packed)[0].filename], { cwd: directory });
  mkdirSync(dirname(wasmToolsPath), { recursive: true });
  cpSync(join(directory, "package/vendor/wasm-tools.core.wasm"), wasmToolsPath);
  console.log(wasmToolsPath);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
