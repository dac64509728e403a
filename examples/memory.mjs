// Memory seen from both sides, its bounds and its growth.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Instance, Memory, Module, Store, Trap, WasmlinkError } from "wasmlink";

const wasmStore = new Store();
const module = new Module(wasmStore.engine, await readFile(new URL("memory.wat", import.meta.url)));
const { memory, size, load, store } = new Instance(wasmStore, module, []).exports;

console.log("Reading...");
assert.equal(memory.size, 2); // pages
assert.equal(memory.byteLength, 0x20000);
assert.equal(size(), 2);
assert.deepEqual([...memory.read(0x1000, 0x1004)], [1, 2, 3, 4]); // a copy
assert.equal(load(0x1003), 4);
assert.equal(load(0x1ffff), 0);
// One byte too far is a trap of the guest.
assert.throws(() => load(0x20000), { trapCode: "MEMORY_OUT_OF_BOUNDS" });

console.log("Writing...");
memory.data()[0x1003] = 5; // a view, not a copy
store(0x1002, 6);
assert.deepEqual([...memory.read(0x1002, 0x1004)], [6, 5]);
assert.equal(load(0x1003), 5);
assert.throws(() => store(0x20000, 0), Trap);
// The same mistake made by the host is an error of the host.
assert.throws(() => memory.write(Uint8Array.of(0), 0x20000), RangeError);

console.log("Growing...");
const view = memory.data();
assert.equal(memory.grow(1), 2); // how many pages there were
assert.equal(memory.size, 3);
assert.equal(view.length, 0); // a view is dead once its memory has grown: ask for a new one
assert.equal(memory.data()[0x1003], 5);
assert.equal(load(0x20000), 0);
// The module says 3 pages at most.
assert.throws(() => memory.grow(1), WasmlinkError);
assert.equal(memory.grow(0), 3);

console.log("Making a memory of one's own...");
const own = new Memory(wasmStore, { minimum: 5, maximum: 5 });
assert.equal(own.size, 5);
own.writeString("wasm", 8);
assert.equal(own.readString(8, 4), "wasm");
assert.throws(() => own.grow(1), WasmlinkError);
console.log("Done.");
