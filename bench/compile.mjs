/**
 * `new Module` with nothing switched on beside `new WebAssembly.Module`, on modules given as arguments:
 * `npm run build && node bench/compile.mjs FILE…`.
 */
import { readFileSync } from "node:fs";
import { Engine, Module } from "wasmlink";
import { compare } from "./compare.mjs";

const engine = new Engine();
for (const file of process.argv.slice(2)) {
  const bytes = new Uint8Array(readFileSync(file));
  compare(
    `${file}: ${(bytes.length / 1e6).toFixed(1)} MB`,
    { raw: () => new WebAssembly.Module(bytes), ours: () => new Module(engine, bytes) },
    { operations: 1, rounds: 15, unit: "ms" },
  );
}
