// How long a module takes to decode, to walk instruction by instruction and to scan for proposals that are off, beside
// what the engine takes to compile it. Run after `npm run build`: node bench/binary.mjs FILE.wasm…
//
// Every figure is the minimum over interleaved rounds.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import process from "node:process";
import { decodeModule } from "../dist/binary/decode.js";
import { checkFeatures } from "../dist/binary/features.js";
import { InstructionCursor } from "../dist/binary/instructions.js";
import { operatorsOf } from "../dist/binary/opcodes.js";
import { functionBodies, readLocals } from "../dist/binary/segments.js";

const rounds = 10;

// Off is wide arithmetic, which no producer of today emits: so the scan goes through to the end.
const features = new Set(
  [0, 0xfb, 0xfc, 0xfd, 0xfe]
    .flatMap((prefix) => operatorsOf(prefix))
    .flatMap((operator) => operator?.feature ?? [])
    .concat("multiValue", "multiMemory", "memory64", "extendedConst", "customPageSizes"),
);
features.delete("wideArithmetic");

function walk(info) {
  const cursor = new InstructionCursor(info.bytes, 0, 0);
  let instructions = 0;
  for (const body of functionBodies(info)) {
    cursor.reset(readLocals(info.bytes, body).code, body.end);
    while (cursor.advance()) instructions++;
  }
  return instructions;
}

/** The module with a custom section more: V8 does not compile the same bytes twice. */
function distinct(bytes, round) {
  const copy = new Uint8Array(bytes.length + 5);
  copy.set(bytes);
  copy.set([0, 3, 1, 0x72, round], bytes.length);
  return copy;
}

for (const path of process.argv.slice(2)) {
  const bytes = new Uint8Array(readFileSync(path));
  const info = decodeModule(bytes);
  let fresh = bytes;
  const tasks = {
    "new WebAssembly.Module": () => new WebAssembly.Module(fresh),
    decodeModule: () => decodeModule(bytes),
    walk: () => walk(info),
    "checkFeatures, one proposal off": () => checkFeatures(info, features),
  };
  const best = {};
  for (let round = 0; round < rounds; round++) {
    fresh = distinct(bytes, round);
    for (const [name, task] of Object.entries(tasks)) {
      const start = performance.now();
      task();
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, performance.now() - start);
    }
  }
  console.log(`${basename(path)}, ${(bytes.length / 1e6).toFixed(1)} MB, ${walk(info)} instructions`);
  for (const [name, milliseconds] of Object.entries(best)) {
    const speed = (bytes.length / milliseconds / 1e3).toFixed(0);
    console.log(`  ${name.padEnd(36)} ${milliseconds.toFixed(2).padStart(8)} ms ${speed.padStart(8)} MB/s`);
  }
}
