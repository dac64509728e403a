/** Calls across the boundary, raw `WebAssembly` beside ours: `npm run build && node bench/calls.mjs`. */
import { Engine, Linker, Module, Store, wat2wasm } from "wasmlink";
import { compare } from "./compare.mjs";

const calls = 1_000_000;

/** A function that differs from one target to the next, as real targets do. */
const addText = (target) =>
  `(module (func (export "add") (param i32 i32) (result i32)
    (i32.add (i32.xor (local.get 0) (i32.const ${target})) (local.get 1))))`;
const loopText = `(module
  (import "host" "add" (func $add (param i32 i32) (result i32)))
  (func (export "run") (param $n i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (call $add (local.get $sum) (local.get $n)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))`;

/** A loop of its own for each candidate, so that no two share inline caches. */
function exportLoop(targets) {
  return new Function(
    "targets",
    `return () => { let sum = 0;
      ${
        targets === 1
          ? `const t = targets[0]; for (let i = 0; i < ${calls}; i++) sum = t.add(sum, i);`
          : `for (let i = 0; i < ${calls}; i++) sum = targets[i % ${targets}].add(sum, i);`
      }
      return sum; }`,
  );
}

const engine = new Engine();
for (const targets of [1, 12]) {
  const raw = Array.from(
    { length: targets },
    (_, target) => new WebAssembly.Instance(new WebAssembly.Module(wat2wasm(addText(target)))).exports,
  );
  const ours = Array.from({ length: targets }, (_, target) => {
    const linker = new Linker(engine);
    return linker.instantiate(new Store(engine), new Module(engine, addText(target))).exports;
  });
  compare(
    `export (i32, i32) -> i32, ${targets} target${targets > 1 ? "s" : ""}`,
    { raw: exportLoop(targets)(raw), ours: exportLoop(targets)(ours) },
    { operations: calls },
  );
}

const loop = wat2wasm(loopText);
const fn = (a, b) => (a + b) | 0;
const type = { params: ["i32", "i32"], results: ["i32"] };
for (const targets of [1, 12]) {
  const bodies = Array.from({ length: targets }, (_, i) =>
    targets === 1 ? fn : new Function("a", "b", `return (a + b + ${i}) | 0`),
  );
  const callerBodies = Array.from(
    { length: targets },
    (_, i) => new Function("caller", "a", "b", `return (a + b + ${i}) | 0`),
  );
  const instances = {
    raw: bodies.map(
      (add) => new WebAssembly.Instance(new WebAssembly.Module(loop), { host: { add } }).exports.run,
    ),
    ours: bodies.map((add) => {
      const linker = new Linker(engine).defineFunc("host", "add", type, add);
      return linker.instantiate(new Store(engine), new Module(engine, loop)).native.exports.run;
    }),
    "ours with Caller": callerBodies.map((add) => {
      const linker = new Linker(engine).defineFunc("host", "add", type, add, { accessCaller: true });
      return linker.instantiate(new Store(engine), new Module(engine, loop)).native.exports.run;
    }),
  };
  const slice = calls / targets / 10;
  const run = (functions) => () => {
    for (let round = 0; round < 10; round++) for (const call of functions) call(slice);
  };
  compare(
    `host call (i32, i32) -> i32 from a wasm loop, ${targets} target${targets > 1 ? "s" : ""}`,
    Object.fromEntries(Object.entries(instances).map(([name, functions]) => [name, run(functions)])),
    { operations: calls },
  );
}
