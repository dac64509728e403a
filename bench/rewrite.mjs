/**
 * What instrumentation costs: run time of the kernels, and time and growth of rewriting on modules given as arguments.
 *
 *     npm run build && node bench/rewrite.mjs [--rounds N] [--kernels FILE] [--only NAME,…] [--wasmtime] [MODULE…]
 *
 * The kernels are built with clang and wasm-opt unless a built file is named. `--wasmtime` adds what metering costs in
 * wasmtime (Python package). Every variant runs in the same process, in a new order each round; a ratio is that of the
 * fastest fifth of a variant's rounds to that of the plain module. "plain again" is the plain module a second time: how
 * far it is from 1.00 is the error of the measurement.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { decodeModule } from "../dist/binary/decode.js";
import { Engine, wat2wasm } from "../dist/index.js";
import { instrument } from "../dist/rewrite/instrument.js";
import { printTable, ratiosOf, timeInTurns } from "./compare.mjs";
import { buildKernels } from "./kernels/build.mjs";

const {
  values: { rounds, kernels: kernelsFile, only, wasmtime },
  positionals: modules,
} = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "24" },
    kernels: { type: "string" },
    only: { type: "string" },
    wasmtime: { type: "boolean", default: false },
  },
});

/** How much each kernel does per call: some milliseconds. */
const amounts = {
  fib: 27,
  sha256: 6000,
  matmul: 140,
  mandel: 160,
  quicksort: 60_000,
  sieve: 1_500_000,
  interpreter: 60_000,
  crc32: 1_500_000,
  nbody: 20_000,
  copy_bytes: 4_000_000,
  copy_words: 4_000_000,
  indirect_calls: 800_000,
  direct_calls: 800_000,
  tree: 8,
};

const slice = 1_000_000n;

const variants = {
  plain: undefined,
  "plain again": undefined,
  fuel: { metering: "fuel" },
  "fuel in slices": { metering: "fuel" },
  ...(Engine.features().multiMemory && { "epoch flag": { metering: "epochFlag" } }),
  countdown: { metering: "epochCountdown" },
};

function instantiate(bytes, name) {
  const plan = variants[name];
  if (plan === undefined) return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const info = decodeModule(bytes);
  const module = instrument(info, plan);
  const imports = {};
  const provide = (key, item) => {
    if (key !== undefined) imports[key.module] = { ...imports[key.module], [key.name]: item() };
  };
  const sliced = name === "fuel in slices";
  const fuel = new WebAssembly.Global({ value: "i64", mutable: true }, sliced ? slice : 1n << 60n);
  const hooks = {
    outOfFuel: (left) => left + slice,
    interrupt: () => 65_536,
  };
  provide(module.fuelKey, () => fuel);
  provide(module.flagKey, () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
  module.memoryKeys.forEach((key, index) => {
    provide(key, () => new WebAssembly.Memory({ initial: info.memories[index].minimum }));
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes), imports);
  module.hooks.forEach((hook, slot) => {
    exports[module.hookTable].set(slot, exported(hook.type, hooks[hook.name]));
  });
  return exports;
}

/** A JavaScript function as one that tables take. */
function exported({ params, results }, fn) {
  const type = `(func (param ${params.join(" ")}) (result ${results.join(" ")}))`;
  const module = new WebAssembly.Module(wat2wasm(`(import "" "f" ${type}) (export "f" (func 0))`));
  return new WebAssembly.Instance(module, { "": { f: fn } }).exports.f;
}

function measureKernels(bytes) {
  const names = Object.keys(variants).filter(
    (name) => name !== "epoch flag" || typeof SharedArrayBuffer === "function",
  );
  const ratios = {};
  for (const [kernel, amount] of Object.entries(amounts)) {
    if (only !== undefined && !only.split(",").includes(kernel)) continue;
    const guests = Object.fromEntries(names.map((name) => [name, instantiate(bytes, name)]));
    for (const name of names) for (let warm = 0; warm < 6; warm++) guests[name][kernel](amount);
    const twice = (name) => () => {
      guests[name][kernel](amount);
      guests[name][kernel](amount);
    };
    const candidates = Object.fromEntries(names.map((name) => [name, twice(name)]));
    ratios[kernel] = ratiosOf(timeInTurns(candidates, Number(rounds)));
  }
  return ratios;
}

function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

function measureWasmtime(file, ratios) {
  const script = fileURLToPath(new URL("./kernels/measure.py", import.meta.url));
  const chosen = Object.fromEntries(Object.keys(ratios).map((kernel) => [kernel, amounts[kernel]]));
  const output = execFileSync("python3", [script, file, JSON.stringify(chosen), rounds], {
    encoding: "utf8",
  });
  for (const [kernel, row] of Object.entries(JSON.parse(output))) Object.assign(ratios[kernel], row);
}

const codeSize = (info) => {
  const code = info.sections.find(({ id }) => id === 10);
  return code.end - code.payload;
};

function measureRewriting(file) {
  const bytes = new Uint8Array(readFileSync(file));
  console.log(`${file}: ${(bytes.length / 1e6).toFixed(1)} MB`);
  const script = fileURLToPath(import.meta.url);
  for (const metering of ["fuel", "epochFlag", "epochCountdown"]) {
    // Cold: every time in a process of its own.
    const runs = Array.from({ length: 5 }, () =>
      JSON.parse(
        execFileSync(process.execPath, [script, file], { env: { ...process.env, REWRITE_ONCE: metering } }),
      ),
    );
    const times = runs.map(({ time }) => time).sort((a, b) => a - b);
    const { code, whole } = runs[0];
    console.log(
      `  ${metering.padEnd(16)} ${times[2].toFixed(0)} ms cold, code ${code.toFixed(2)}x, file ${whole.toFixed(2)}x`,
    );
  }
}

function rewriteOnce(file, metering) {
  const bytes = new Uint8Array(readFileSync(file));
  const info = decodeModule(bytes);
  const start = performance.now();
  const module = instrument(info, { metering });
  const time = performance.now() - start;
  const code = codeSize(decodeModule(module.bytes)) / codeSize(info);
  console.log(JSON.stringify({ time, code, whole: module.bytes.length / bytes.length }));
}

const { REWRITE_ONCE: once } = process.env;
if (once !== undefined) {
  rewriteOnce(modules[0], once);
} else if (modules.length > 0) {
  for (const file of modules) measureRewriting(file);
} else {
  const directory = mkdtempSync(join(tmpdir(), "kernels-"));
  try {
    const file = kernelsFile ?? join(directory, "kernels.wasm");
    if (kernelsFile === undefined) buildKernels(file);
    const ratios = measureKernels(new Uint8Array(readFileSync(file)));
    if (wasmtime) measureWasmtime(file, ratios);
    printTable({
      ...mapValues(ratios, (row) => mapValues(row, (ratio) => ratio.toFixed(2))),
      "geometric mean": mapValues(Object.values(ratios)[0], (_, name) =>
        geometricMean(Object.values(ratios).map((row) => row[name])).toFixed(3),
      ),
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
