// Functions with several results, in both directions.
import { readFile } from "node:fs/promises";
import { Engine, Linker, Module, Store } from "wasmlink";

const engine = new Engine();
const module = new Module(engine, await readFile(new URL("multi.wat", import.meta.url)));

// Several results are an array. An i64 is a bigint.
const linker = new Linker(engine);
linker.defineFunc("host", "swap", { params: ["i32", "i64"], results: ["i64", "i32"] }, (a, b) => [
  b + 1n,
  a + 1,
]);

const { swap, reverse } = linker.instantiate(new Store(engine), module).exports;
console.log("swap(1, 3n) =", swap(1, 3n));

// Where an i64 is wanted, a safe integer does as well.
console.log("reverse(0, 1, 2, 3) =", reverse(0, 1, 2, 3));
