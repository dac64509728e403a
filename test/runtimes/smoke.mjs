// The built package on whatever runtime executes this file: what users meet first, from one plain script.
//
//     node test/runtimes/smoke.mjs
//     deno run -A test/runtimes/smoke.mjs
//     bun test/runtimes/smoke.mjs
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import {
  Engine,
  ExitTrap,
  Func,
  Global,
  hostDirectory,
  IncompatibleImportError,
  Instance,
  Linker,
  Memory,
  MemoryDirectory,
  Module,
  Store,
  Table,
  Trap,
  UnknownImportError,
  WasiConfig,
  WatSyntaxError,
  wasm2wat,
  wat2wasm,
} from "../../dist/index.js";

const engine = new Engine();
const cases = [];
const test = (name, run) => cases.push({ name, run });

/** The exports of a text module, linked with what `define` adds. */
function exportsOf(text, define = () => undefined, store = new Store(engine)) {
  const linker = new Linker(engine);
  define(linker, store);
  return linker.instantiate(store, new Module(engine, text)).exports;
}

function caught(run) {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

test("text is compiled, and a mistake in it has a place", () => {
  assert.equal(exportsOf(`(module (func (export "f") (result i32) i32.const 42))`).f(), 42);
  const error = caught(() => new Module(engine, "(module\n  oops)"));
  assert.ok(error instanceof WatSyntaxError);
  assert.deepEqual([error.line, error.column], [2, 3]);
});

test("bytes are compiled without blocking", async () => {
  const bytes = wat2wasm(`(module (func (export "f") (result i64) i64.const 7))`);
  const module = await Module.compile(engine, bytes);
  assert.equal(new Instance(new Store(engine), module, []).exports.f(), 7n);
});

test("bytes are printed as text", () => {
  assert.match(wasm2wat(wat2wasm(`(module (func $add (export "add")))`)), /\(func \$add/);
});

test("values of every number type cross in both directions", () => {
  const types = ["i32", "i64", "f32", "f64"];
  const { f } = exportsOf(
    `(module
      (import "host" "f" (func $f (param ${types.join(" ")}) (result ${types.join(" ")})))
      (func (export "f") (param ${types.join(" ")}) (result ${types.join(" ")})
        (call $f (local.get 0) (local.get 1) (local.get 2) (local.get 3))))`,
    (linker) => linker.defineFunc("host", "f", { params: types, results: types }, (...values) => values),
  );
  assert.deepEqual(f(-1, -(2n ** 63n), 0.5, Math.PI), [-1, -(2n ** 63n), 0.5, Math.PI]);
  assert.throws(() => f(1), /too few parameters provided: given 1, expected 4/);
  assert.throws(() => f("1", 2n, 3, 4), TypeError);
});

test("v128 crosses as sixteen bytes", () => {
  const { f } = exportsOf(`(module (func (export "f") (param v128) (result v128) local.get 0))`);
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => index);
  assert.deepEqual(f(bytes), bytes);
});

test("a trap has a code, a message and frames", () => {
  const { f } = exportsOf(
    `(module $m (func $f (export "f") (call $g)) (func $g (drop (i32.div_s (i32.const 1) (i32.const 0)))))`,
  );
  const trap = caught(f);
  assert.ok(trap instanceof Trap);
  assert.equal(trap.trapCode, "INTEGER_DIVISION_BY_ZERO");
  assert.match(trap.message, /wasm trap: integer divide by zero$/m);
  assert.deepEqual(
    trap.frames.map(({ funcName }) => funcName),
    ["g", "f"],
  );
});

test("every common trap is recognised", () => {
  const { unreachable, bounds, overflow, indirect } = exportsOf(`(module
    (memory 1) (table 1 funcref) (type $t (func))
    (func (export "unreachable") unreachable)
    (func (export "bounds") (drop (i32.load (i32.const 65536))))
    (func $overflow (export "overflow") (call $overflow))
    (func (export "indirect") (call_indirect (type $t) (i32.const 0))))`);
  const codes = [unreachable, bounds, overflow, indirect].map((run) => caught(run).trapCode);
  assert.deepEqual(codes, ["UNREACHABLE", "MEMORY_OUT_OF_BOUNDS", "STACK_OVERFLOW", "INDIRECT_CALL_TO_NULL"]);
});

test("a host function's exception crosses wasm as the same object, past catch_all", () => {
  const thrown = new Error("mine");
  const { f } = exportsOf(
    `(module
      (import "host" "fail" (func $fail))
      (func (export "f") try call $fail catch_all end))`,
    (linker) =>
      linker.defineFunc("host", "fail", { params: [], results: [] }, () => {
        throw thrown;
      }),
  );
  assert.equal(caught(f), thrown);
});

test("every missing import is listed", () => {
  const text = `(module (import "a" "b" (func)) (import "c" "d" (global i32)))`;
  const error = caught(() => exportsOf(text));
  assert.ok(error instanceof UnknownImportError);
  assert.deepEqual(
    error.missing.map(({ module, name }) => `${module}.${name}`),
    ["a.b", "c.d"],
  );
});

test("an import of the wrong type is refused", () => {
  const text = `(module (import "a" "b" (func (param i32))))`;
  const define = (linker) => linker.defineFunc("a", "b", { params: ["i64"], results: [] }, () => undefined);
  assert.ok(caught(() => exportsOf(text, define)) instanceof IncompatibleImportError);
});

test("one name is imported with two types", () => {
  const { f } = exportsOf(
    `(module
      (import "host" "f" (func $f (param i32)))
      (import "host" "f" (func $g (param i32)))
      (func (export "f") (call $f (i32.const 1)) (call $g (i32.const 2))))`,
    (linker) => linker.defineFunc("host", "f", { params: ["i32"], results: [] }, () => undefined),
  );
  f();
});

test("the start function's calls see the instance's exports", () => {
  let size;
  exportsOf(
    `(module
      (import "host" "f" (func $f))
      (memory (export "memory") 3)
      (start $f))`,
    (linker) =>
      linker.defineFunc(
        "host",
        "f",
        { params: [], results: [] },
        (caller) => {
          size = caller.getMemory("memory").size;
        },
        { accessCaller: true },
      ),
  );
  assert.equal(size, 3);
});

test("modules share a memory, a table and a global", () => {
  const store = new Store(engine);
  const memory = new Memory(store, { minimum: 1 });
  const table = new Table(store, { element: "funcref", minimum: 1 }, null);
  const global = new Global(store, { content: "i32", mutable: true }, 0);
  const define = (linker) =>
    linker
      .define(store, "env", "memory", memory)
      .define(store, "env", "table", table)
      .define(store, "env", "global", global);
  const imports = `(import "env" "memory" (memory 1)) (import "env" "table" (table 1 funcref))
    (import "env" "global" (global $g (mut i32)))`;
  exportsOf(
    `(module ${imports} (data (i32.const 8) "shared") (elem (i32.const 0) $f)
      (func $f (global.set $g (i32.const 5))))`,
    define,
    store,
  );
  const { call } = exportsOf(
    `(module ${imports} (func (export "call") (call_indirect (i32.const 0))))`,
    define,
    store,
  );
  call();
  assert.equal(global.value, 5);
  assert.equal(memory.readString(8, 6), "shared");
});

test("a host function in a table is called by wasm and is the same Func again", () => {
  const store = new Store(engine);
  const { table, call } = exportsOf(
    `(module
      (type $t (func (param i32) (result i32)))
      (table (export "table") 1 funcref)
      (func (export "call") (param i32) (result i32)
        (call_indirect (type $t) (local.get 0) (i32.const 0))))`,
    () => undefined,
    store,
  );
  const double = new Func(store, { params: ["i32"], results: ["i32"] }, (value) => value * 2);
  table.set(0, double);
  assert.equal(call(21), 42);
  assert.equal(table.get(0), double);
});

test("a memory grows and old views die", () => {
  const { memory } = exportsOf(`(module (memory (export "memory") 1 2))`);
  const view = memory.data();
  assert.equal(memory.grow(1), 1);
  assert.equal(view.length, 0);
  assert.equal(memory.data().length, 131072);
});

test("a command is instantiated anew for each call", () => {
  const { f } = exportsOf(
    `(module (import "command" "next" (func $next (result i32)))
      (func (export "f") (result i32) (i32.add (call $next) (call $next))))`,
    (linker, store) =>
      linker.defineModule(
        store,
        "command",
        new Module(
          engine,
          `(module (global $n (mut i32) (i32.const 0)) (func (export "_start"))
            (func (export "next") (result i32)
              (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))`,
        ),
      ),
  );
  assert.equal(f(), 2);
});

test("a prepared instantiation makes independent instances", () => {
  const module = new Module(engine, `(module (global (export "g") (mut i32) (i32.const 0)))`);
  const pre = new Linker(engine).instantiatePre(module);
  const [first, second] = [pre.instantiate(new Store(engine)), pre.instantiate(new Store(engine))];
  first.exports.g.value = 1;
  assert.equal(second.exports.g.value, 0);
});

test("a serialized module is read back", () => {
  const module = new Module(engine, `(module (func (export "f") (result i32) i32.const 3))`);
  const copy = Module.deserialize(engine, module.serialize());
  assert.equal(new Instance(new Store(engine), copy, []).exports.f(), 3);
});

const copyFile = `(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "in.txt")
  (func (export "_start")
    (if (call $open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 6) (i32.const 0)
        (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 32))
      (then (call $exit (i32.const 1))))
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 1000))
    (drop (call $read (i32.load (i32.const 32)) (i32.const 0) (i32.const 1) (i32.const 8)))
    (i32.store (i32.const 4) (i32.load (i32.const 8)))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $exit (i32.const 7))))`;

/** Runs the guest above on a directory: what it wrote, and its exit status. */
function copiedFrom(directory) {
  const store = new Store(engine);
  let output = "";
  store.setWasi(
    new WasiConfig({
      preopens: { "/": directory },
      stdout: (chunk) => {
        output += new TextDecoder().decode(chunk);
      },
    }),
  );
  const { _start } = exportsOf(copyFile, (linker) => linker.defineWasi(), store);
  const exit = caught(_start);
  assert.ok(exit instanceof ExitTrap, String(exit));
  return [output, exit.exitCode];
}

test("a WASI program reads a file in memory", () => {
  assert.deepEqual(copiedFrom(new MemoryDirectory({ "in.txt": "from memory" })), ["from memory", 7]);
});

test("a WASI program reads a file of the host, and none it was not given", () => {
  const folder = mkdtempSync(join(tmpdir(), "wasmlink-smoke-"));
  try {
    writeFileSync(join(folder, "in.txt"), "from the host");
    assert.deepEqual(copiedFrom(hostDirectory(folder)), ["from the host", 7]);
    assert.deepEqual(copiedFrom(new MemoryDirectory()), ["", 1]);
    assert.equal(readFileSync(join(folder, "in.txt"), "utf8"), "from the host");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const endless = `(module
  (func (export "forever") loop br 0 end)
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (memory 1))`;

test("a guest without end is stopped by its fuel, and its store goes on", () => {
  const metered = new Engine({ consumeFuel: true });
  const store = new Store(metered);
  store.setFuel(10_000);
  const { forever, grow } = new Instance(store, new Module(metered, endless), []).exports;
  assert.equal(caught(forever).trapCode, "OUT_OF_FUEL");
  assert.equal(store.getFuel(), 0n);
  store.setFuel(100n);
  assert.equal(grow(), 1);
});

test("a guest without end is stopped by a timeout, and by an epoch", () => {
  const interruptible = new Engine({ epochInterruption: true });
  const module = new Module(interruptible, endless);
  const timed = new Store(interruptible);
  timed.setEpochDeadline(1);
  timed.setCallTimeout(5);
  assert.equal(caught(new Instance(timed, module, []).exports.forever).trapCode, "INTERRUPT");
  const store = new Store(interruptible);
  store.setEpochDeadline(1);
  const { forever } = new Instance(store, module, []).exports;
  interruptible.incrementEpoch();
  assert.equal(caught(forever).trapCode, "INTERRUPT");
});

test("a guest's memory stays within its limit", () => {
  const store = new Store(engine);
  store.setLimits({ memorySize: 100_000 });
  assert.equal(new Instance(store, new Module(engine, endless), []).exports.grow(), -1);
});

test("features are probed", () => {
  const features = Engine.features();
  assert.equal(features.simd, true);
  assert.equal(features.tailCall, true);
});

let failed = 0;
for (const { name, run } of cases) {
  try {
    await run();
  } catch (error) {
    failed++;
    console.error(`FAILED ${name}\n`, error);
  }
}
console.log(`${cases.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
