// A module that calls a function of the host.
import { readFile } from "node:fs/promises";
import { Engine, Linker, Module, Store } from "wasmlink";

// An engine holds the configuration; a module is code compiled for it, here from the text format.
const engine = new Engine();
const module = new Module(engine, await readFile(new URL("hello.wat", import.meta.url)));

// A linker holds definitions by name: the module asks for "host" "hello".
const linker = new Linker(engine);
linker.defineFunc("host", "hello", { params: [], results: [] }, () => console.log("Hello from JavaScript!"));

// A store holds everything that lives while wasm runs. The instance is the module with its imports filled in.
const store = new Store(engine);
const instance = linker.instantiate(store, module);
instance.exports.run();
