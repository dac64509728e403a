// QuickJS, a JavaScript engine, runs modules from a directory in memory. What they print is kept.
//
//     node examples/quickjs.mjs
//
// Its module (npm: quickjs-wasi) is a reactor: a library that is initialised once, then called. It imports WASI, and
// from "env" the functions by which it finds modules and by which scripts call their host.
import { readFile } from "node:fs/promises";
import { Engine, Linker, MemoryDirectory, Module, Store, WasiConfig, WasmlinkError } from "wasmlink";

const scripts = new MemoryDirectory({
  "main.js": `
    import { primes } from "./lib/primes.js";

    print("The primes below 30 are", primes(30).join(", "));
    print("It is", new Date().toISOString());
    print("process is", typeof process, "and fetch is", typeof fetch);
    import("/etc/passwd").catch(print);
  `,
  "lib/primes.js": `
    export function primes(limit) {
      const found = [];
      for (let n = 2; n < limit; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
      return found;
    }
  `,
});

const engine = new Engine();
const quickjs = new Module(engine, await readFile(new URL(import.meta.resolve("quickjs-wasi/quickjs.wasm"))));
const linker = new Linker(engine).defineWasi();

// QuickJS asks for modules by name. Names and sources are C strings in its memory.
const normalized = (specifier, base) => new URL(specifier, `file:///${base}`).pathname;
linker.defineFunc(
  "env",
  "host_module_normalize",
  { params: ["i32", "i32"], results: ["i32"] },
  (base, specifier) => newString(normalized(readString(specifier), readString(base))).address,
);
linker.defineFunc(
  "env",
  "host_module_load",
  { params: ["i32", "i32"], results: ["i32"] },
  (path, lengthAddress) => {
    try {
      const { address, length } = newString(Buffer.from(scripts.readFile(readString(path))).toString());
      writeU32(lengthAddress, length);
      return address;
    } catch (error) {
      if (error instanceof WasmlinkError) return 0; // no such file: the script gets an exception
      throw error;
    }
  },
);

// Scripts call the host by name as well. Here the only one is `print`.
const output = [];
linker.defineFunc(
  "env",
  "host_call",
  { params: ["i32", "i32", "i32", "i32", "i32"], results: ["i32"] },
  (_name, _nameLength, _this, count, values) => {
    output.push(Array.from({ length: count }, (_, index) => textOf(readU32(values + 4 * index))).join(" "));
    return js.qjs_dup_value(js.qjs_get_undefined());
  },
);

// Time zones, interrupts and the watch over promises are not wanted here. Should they be called, they trap, named.
linker.defineUnknownImportsAsTraps(quickjs);

// The clock is the host's choice too: to the guest it is always the same moment.
const store = new Store(engine);
const moment = BigInt(Date.UTC(2000, 0, 1)) * 1_000_000n;
store.setWasi(new WasiConfig({ clock: { realtimeNs: () => moment, monotonicNs: () => 0n } }));

const { exports: js } = linker.instantiate(store, quickjs);
js._initialize();
js.qjs_init();
js.qjs_set_module_loader(1);

const readString = (address, length = js.strlen(address)) => js.memory.readString(address, length);
const readU32 = (address) => new DataView(js.memory.data().buffer).getUint32(address, true);
const writeU32 = (address, value) => js.memory.write(new Uint8Array(Uint32Array.of(value).buffer), address);

function newString(text) {
  const length = Buffer.byteLength(text);
  const address = js.wasm_malloc(length + 1);
  js.memory.writeString(`${text}\0`, address);
  return { address, length };
}

/** Text of a value of the guest, as the guest itself converts it. */
function textOf(value) {
  const address = js.qjs_get_string(value);
  const text = readString(address);
  js.qjs_free_cstring(address);
  return text;
}

/** Runs the source of a module, and what it leaves to be done later. */
function run(source) {
  const evaluateAsModule = 1;
  const rejected = 2;
  const code = newString(source);
  const file = newString("host.js");
  const promise = js.qjs_eval(code.address, code.length, file.address, evaluateAsModule);
  if (js.qjs_is_exception(promise)) throw new Error(textOf(js.qjs_get_exception()));
  while (js.qjs_execute_pending_job() > 0);
  if (js.qjs_promise_state(promise) === rejected) throw new Error(textOf(js.qjs_promise_result(promise)));
}

const print = newString("print");
const printFunction = js.qjs_new_host_function(print.address, print.length, 0);
js.qjs_set_prop_string(js.qjs_get_global(), print.address, printFunction);

run('import "./main.js"');
console.log(output.join("\n"));
