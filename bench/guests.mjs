/**
 * What fuel and epochs cost in programs: QuickJS, SQLite and esbuild, each with a workload of its own.
 *
 *     npm ci --prefix examples/guests && npm run build
 *     node bench/guests.mjs [--processes N] [--rounds N] [--warm S] [GUEST…]
 *
 * Every variant is set up through the API as users do it, and warmed up for so many seconds. How an engine optimises a
 * program depends on what it happens to see first, so every guest is measured in several processes; the table shows the
 * medians of their ratios, and from where to where these go. "plain again" is how far to trust them.
 */
import { execFileSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Engine, Module, Store } from "../dist/index.js";
import { median, printTable, ratiosOf, shuffled, timeInTurns } from "./compare.mjs";

const {
  values: { processes, rounds, warm },
  positionals: chosen,
} = parseArgs({
  allowPositionals: true,
  options: {
    processes: { type: "string", default: "5" },
    rounds: { type: "string", default: "20" },
    warm: { type: "string", default: "3" },
  },
});

const never = 2 ** 40;
const variants = {
  plain: { options: {}, prepare() {} },
  "plain again": { options: {}, prepare() {} },
  fuel: { options: { consumeFuel: true }, prepare: (store) => store.setFuel(2n ** 62n) },
  epoch: { options: { epochInterruption: true }, prepare: (store) => store.setEpochDeadline(never) },
  countdown: { options: { epochInterruption: true }, prepare: (store) => store.setCallTimeout(never) },
  "fuel and epoch": {
    options: { consumeFuel: true, epochInterruption: true },
    prepare(store) {
      store.setFuel(2n ** 62n);
      store.setEpochDeadline(never);
    },
  },
};

/** The same program in other bytes: engines share the code of modules that are equal. */
function copyOf(wasm) {
  const customSectionNamedCopy = [0, 5, 4, ...Buffer.from("copy")];
  return Buffer.concat([wasm, Uint8Array.from(customSectionNamedCopy)]);
}

async function prepared({ wasm, start }, name) {
  const { options, prepare } = variants[name];
  const engine = new Engine(options);
  const module = new Module(engine, name === "plain" ? wasm : copyOf(wasm));
  return start(module, () => {
    const store = new Store(engine);
    prepare(store);
    return store;
  });
}

/** Runs for some seconds, so that the engine has optimised what matters. */
function warmUp(run, seconds) {
  const end = performance.now() + seconds * 1000;
  let result;
  while (performance.now() < end) result = run();
  return result;
}

async function measure(guest) {
  const runs = {};
  const results = new Set();
  for (const name of shuffled(Object.keys(variants))) {
    runs[name] = await prepared(guest, name);
    results.add(warmUp(runs[name], Number(warm)));
  }
  if (results.size > 1) throw new Error(`variants differ: ${[...results].join("\n")}`);
  const inOrder = Object.fromEntries(Object.keys(variants).map((name) => [name, runs[name]]));
  return timeInTurns(inOrder, Number(rounds));
}

/** Rows for the table: the medians, and between which ratios they are. */
function measureInProcesses(name) {
  const args = [fileURLToPath(import.meta.url), "--rounds", rounds, "--warm", warm, name];
  const all = Array.from({ length: Number(processes) }, () =>
    JSON.parse(execFileSync(process.execPath, args, { env: { ...process.env, GUEST_ONCE: "1" } })),
  );
  const ratios = all.map(ratiosOf);
  const medians = {};
  const ranges = {};
  for (const variant of Object.keys(variants)) {
    const sorted = ratios.map((row) => row[variant]).sort((a, b) => a - b);
    medians[variant] = median(sorted).toFixed(2);
    ranges[variant] = `${sorted[0].toFixed(2)}–${sorted.at(-1).toFixed(2)}`;
  }
  const milliseconds = median(all.flatMap(({ plain }) => plain)).toFixed(0);
  return { [`${name}, ${milliseconds} ms`]: medians, "  from–to": ranges };
}

if (process.env.GUEST_ONCE !== undefined) {
  console.log(JSON.stringify(await measure(await import(`./guests/${chosen[0]}.mjs`))));
} else {
  for (const name of chosen.length > 0 ? chosen : ["quickjs", "sqlite", "esbuild"]) {
    printTable(measureInProcesses(name));
  }
}
