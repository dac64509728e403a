/** esbuild, a program in Go, bundles and minifies this library's sources. */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { ExitTrap, Linker, MemoryDirectory, WasiConfig } from "../../dist/index.js";
import { readGuest } from "../../examples/guests/read-guest.mjs";

export const wasm = await readGuest("@esbuild/wasi-preview1/esbuild.wasm");

const sources = fileURLToPath(new URL("../../src/", import.meta.url));
const files = {};
for (const path of await readdir(sources, { recursive: true })) {
  if (path.endsWith(".ts")) files[path.replaceAll("\\", "/")] = await readFile(sources + path);
}

const args =
  "esbuild index.ts --bundle --minify --format=esm --external:#platform --outfile=out.js --log-level=error";

/** @returns runs the workload once, and returns what came out */
export function start(module, newStore) {
  const pre = new Linker(module.engine).defineWasi().instantiatePre(module);
  const directory = new MemoryDirectory(files);
  return () => {
    // Every run is a process: with memory of its own, and ended by an exit.
    const store = newStore();
    store.setWasi(new WasiConfig({ args: args.split(" "), env: { PWD: "/" }, preopens: { "/": directory } }));
    try {
      pre.instantiate(store).exports._start();
    } catch (error) {
      if (!(error instanceof ExitTrap) || error.exitCode !== 0) throw error;
    }
    return Buffer.from(directory.readFile("out.js")).toString();
  };
}
