// How fast text is parsed and printed, beside wasm-tools where scripts/fetch-wasm-tools.mjs has fetched it.
// Run after `npm run build`: node bench/text.mjs [FILE.wasm…]
//
// Every figure is megabytes of text a second: the best of some interleaved rounds, and the first, cold one.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { wasm2wat } from "../dist/text/wasm2wat.js";
import { wat2wasm } from "../dist/text/wat2wasm.js";
import { loadWasmTools, wasmToolsPath } from "../scripts/wasm-tools.mjs";

const rounds = 8;
const given = process.argv.slice(2);
const files =
  given.length > 0
    ? given
    : [fileURLToPath(import.meta.resolve("web-tree-sitter/debug/web-tree-sitter.wasm"))];

const wasmTools = loadWasmTools();
if (wasmTools === undefined) console.log(`no wasm-tools at ${wasmToolsPath}: not compared`);

function milliseconds(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

for (const file of files) {
  const bytes = readFileSync(file);
  const text = wasm2wat(bytes);
  const contenders = {
    "wat2wasm      ": () => wat2wasm(text),
    "wasm2wat      ": () => wasm2wat(bytes),
    ...(wasmTools && {
      "wasm-tools parse": () => wasmTools.parse(text),
      "wasm-tools print": () => wasmTools.print(bytes),
    }),
  };
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of Object.entries(contenders)) times[name].push(milliseconds(work));
  }
  console.log(
    `${basename(file)}: ${(bytes.length / 1e6).toFixed(2)} MB binary, ${(text.length / 1e6).toFixed(1)} MB text`,
  );
  for (const [name, list] of Object.entries(times)) {
    const speed = (time) => (text.length / 1e3 / time).toFixed(1).padStart(6);
    console.log(`  ${name.padEnd(18)} ${speed(Math.min(...list))} MB/s, cold ${speed(list[0])} MB/s`);
  }
}
