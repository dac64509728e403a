// A module that needs nothing, and an export that takes arguments and returns a result.
import { readFile } from "node:fs/promises";
import { Instance, Module, Store } from "wasmlink";

// A store without an engine makes one with the default options.
const store = new Store();
const module = new Module(store.engine, await readFile(new URL("gcd.wat", import.meta.url)));
const { gcd } = new Instance(store, module, []).exports;

// An exported function is called like any other. Arguments are checked: gcd(6) and gcd(6, "27") throw.
console.log(`gcd(6, 27) = ${gcd(6, 27)}`);
