// Two modules and WASI, linked by name.
import { readFile } from "node:fs/promises";
import { Engine, Linker, Module, Store, WasiConfig } from "wasmlink";

const engine = new Engine();
const load = async (name) => new Module(engine, await readFile(new URL(name, import.meta.url)));

// The linker knows WASI's functions; what they may touch, here standard output alone, is the store's business.
const linker = new Linker(engine).defineWasi();
const store = new Store(engine);
store.setWasi(new WasiConfig({ stdout: "inherit" }));

// The second module needs WASI. Its exports become definitions under the name "linking2"...
const linking2 = linker.instantiate(store, await load("linking2.wat"));
linker.defineInstance(store, "linking2", linking2);

// ...which are what the first module asks for: two functions, a memory and a global.
const linking1 = linker.instantiate(store, await load("linking1.wat"));
linking1.exports.run();
