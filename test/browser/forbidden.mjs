// The script of a page whose content security policy forbids WebAssembly.
import { Engine, Linker, Module, Store, UnsupportedError, wasm2wat, wat2wasm } from "wasmlink";
import { caught, equal, match, ok } from "../runtimes/assert.mjs";
import { report } from "./report.mjs";

const text = `(module (func (export "f")))`;

async function rejected(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("the promise was kept");
}

function isRefusal(error) {
  ok(error instanceof UnsupportedError, String(error));
  match(error.message, /refuses to compile WebAssembly from bytes/);
}

const guest = `(module
  (import "host" "twice" (func $twice (param i32) (result i32)))
  (memory (export "memory") 1)
  (global $started (export "started") (mut i32) (i32.const 0))
  (func $start (global.set $started (call $twice (i32.const 21))))
  (start $start)
  (func (export "grow") (result i32) (memory.grow (i32.const 4)))
  (func (export "forever") (loop (br 0))))`;

/** What a worker has instrumented and compiled that is under no policy. */
function compiledElsewhere(options) {
  const worker = new Worker("/built/compile-worker.js", { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage({ options, text: guest });
  });
}

/** Runs an instrumented module until it is stopped. */
async function stopped(options, bound) {
  const { file, compiled } = await compiledElsewhere(options);
  const engine = new Engine(options);
  const store = new Store(engine);
  bound(store);
  store.setLimits({ memorySize: 2 * 65_536 });
  const linker = new Linker(engine);
  linker.defineFunc("host", "twice", { params: ["i32"], results: ["i32"] }, (value) => value * 2);
  const { forever, grow, started } = linker.instantiate(
    store,
    Module.fromNative(engine, compiled, file),
  ).exports;
  equal(started.value, 42);
  equal(grow(), -1);
  return caught(forever).trapCode;
}

await report([
  {
    name: "a module instrumented and compiled elsewhere is stopped by fuel",
    run: async () =>
      equal(await stopped({ consumeFuel: true }, (store) => store.setFuel(1_000_000)), "OUT_OF_FUEL"),
  },
  {
    name: "a module instrumented and compiled elsewhere is stopped by the clock",
    run: async () =>
      equal(await stopped({ epochInterruption: true }, (store) => store.setCallTimeout(20)), "INTERRUPT"),
  },
  { name: "compiling is refused", run: () => isRefusal(caught(() => new Module(new Engine(), text))) },
  {
    name: "compiling without blocking is refused",
    run: async () => isRefusal(await rejected(Module.compile(new Engine(), text))),
  },
  {
    name: "an instrumented module is refused",
    run: () => isRefusal(caught(() => new Module(new Engine({ consumeFuel: true }), text))),
  },
  {
    name: "validating is refused",
    run: () => isRefusal(caught(() => Module.validate(new Engine(), wat2wasm(text)))),
  },
  { name: "text and bytes are converted", run: () => match(wasm2wat(wat2wasm(text)), /export "f"/) },
]);
