// Scripts that nobody trusts, in QuickJS, bounded from outside: by fuel, by time, by memory.
//
//     node examples/untrusted-javascript.mjs
import { readFile } from "node:fs/promises";
import { Engine, Linker, Module, Store, WasiConfig, WasmlinkError } from "wasmlink";

// Fuel and time have to be asked for: the engine compiles its modules with the checks they need.
const engine = new Engine({ consumeFuel: true, epochInterruption: true });
const quickjs = new Module(engine, await readFile(new URL(import.meta.resolve("quickjs-wasi/quickjs.wasm"))));

// QuickJS can stop scripts itself: it asks its host from time to time, here to stop when it asks for the thousandth
// time. But it does not ask everywhere.
let patience = 0;
const linker = new Linker(engine).defineWasi();
linker.defineFunc("env", "host_interrupt", { params: [], results: ["i32"] }, () => Number(--patience <= 0));
linker.defineUnknownImportsAsTraps(quickjs);
const quickjsPre = linker.instantiatePre(quickjs);

/** Evaluates a script in a store of its own, and returns the text of what it gives or throws. */
function evaluate(source, { fuel = 2 ** 40, timeoutMs = 10_000, memoryBytes = 2 ** 30 }) {
  const store = new Store(engine);
  store.setFuel(fuel);
  store.setCallTimeout(timeoutMs);
  store.setLimits({ memorySize: memoryBytes, trapOnGrowFailure: true });
  store.setWasi(new WasiConfig());

  const { exports: js } = quickjsPre.instantiate(store);
  const newString = (text) => {
    const address = js.wasm_malloc(Buffer.byteLength(text) + 1);
    js.memory.writeString(`${text}\0`, address);
    return address;
  };
  js._initialize();
  js.qjs_init();
  js.qjs_set_interrupt_handler(1);
  patience = 1000;
  const value = js.qjs_eval(newString(source), Buffer.byteLength(source), newString("script.js"), 0);
  const text = js.qjs_get_string(js.qjs_is_exception(value) ? js.qjs_get_exception() : value);
  return js.memory.readString(text, js.strlen(text));
}

function show(source, bounds) {
  console.log(source);
  try {
    console.log(`    ${evaluate(source, bounds)}`);
  } catch (error) {
    if (!(error instanceof WasmlinkError)) throw error;
    const [reason] = error.message.trim().split("\n").slice(-1); // after the backtrace
    console.log(`    ${error.trapCode ?? error.code}: ${reason.trim()}`);
  }
}

show("[3, 1, 2].sort().join()", {});

// Fuel counts what is executed: the same script takes the same amount everywhere, in wasmtime too.
show("while (true);", { fuel: 20_000_000 });

// QuickJS's own way works for this loop, but not for this conversion. Time does.
show("for (;;);", {});
show("new Array(1_000_000_000) + ''", { timeoutMs: 500 });

show("const all = []; while (true) all.push(new Uint8Array(100_000));", { memoryBytes: 32 * 2 ** 20 });

// However the last one ended, the next one starts afresh.
show("6 * 7", {});
