// The script of a page whose content security policy forbids WebAssembly.
import { Engine, Module, UnsupportedError, wasm2wat, wat2wasm } from "wasmlink";
import { caught, match, ok } from "../runtimes/assert.mjs";
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

await report([
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
