/** Instantiation with ten imports, raw `WebAssembly` beside ours: `npm run build && node bench/instantiate.mjs`. */
import { Engine, Linker, Module, Store, wat2wasm } from "wasmlink";
import { compare } from "./compare.mjs";

const instances = 300;
const names = Array.from({ length: 10 }, (_, index) => `f${index}`);
const text = `(module
  ${names.map((name) => `(import "host" "${name}" (func (param i32) (result i32)))`).join("\n  ")}
  (func (export "run") (param i32) (result i32) (call 0 (local.get 0))))`;

const bytes = wat2wasm(text);
const compiled = new WebAssembly.Module(bytes);
const host = Object.fromEntries(names.map((name) => [name, (x) => x + 1]));
const imports = { host };

const engine = new Engine();
const module = new Module(engine, bytes);
const store = new Store(engine);
store.setLimits({});
const linker = new Linker(engine);
const withCaller = new Linker(engine);
for (const name of names) {
  linker.defineFunc("host", name, { params: ["i32"], results: ["i32"] }, host[name]);
  withCaller.defineFunc("host", name, { params: ["i32"], results: ["i32"] }, (_caller, x) => x + 1, {
    accessCaller: true,
  });
}
const pre = linker.instantiatePre(module);
const preWithCaller = withCaller.instantiatePre(module);

const repeat = (work) => () => {
  for (let count = 0; count < instances; count++) work();
};

compare(
  "instance of a module with 10 imports",
  {
    raw: repeat(() => new WebAssembly.Instance(compiled, imports)),
    "InstancePre, one store": repeat(() => pre.instantiate(store)),
    "InstancePre, new stores": repeat(() => pre.instantiate(new Store(engine))),
    "InstancePre, Caller": repeat(() => preWithCaller.instantiate(store)),
    "Linker.instantiate": repeat(() => linker.instantiate(store, module)),
  },
  { operations: instances, unit: "us" },
);
