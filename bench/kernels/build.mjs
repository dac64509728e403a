// Builds the kernels: `node bench/kernels/build.mjs [OUT]` with clang, wasm-ld and wasm-opt on the path.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("./kernels.c", import.meta.url));

/** Builds the kernels into a file. */
export function buildKernels(out) {
  const directory = mkdtempSync(join(tmpdir(), "kernels-"));
  try {
    const linked = join(directory, "linked.wasm");
    execFileSync("clang", [
      "--target=wasm32",
      "-O2",
      "-ffreestanding",
      "-nostdlib",
      "-Wall",
      "-Wl,--no-entry",
      "-Wl,--strip-all",
      "-o",
      linked,
      source,
    ]);
    execFileSync("wasm-opt", ["-O2", linked, "-o", out]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  buildKernels(process.argv[2] ?? "kernels.wasm");
}
