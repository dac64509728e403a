// What users meet first, as checks that any environment can execute: the runtimes of smoke.mjs and the pages of
// test/browser.
import {
  Engine,
  ExitTrap,
  Func,
  Global,
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
import { caught, deepEqual, equal, match, ok } from "./assert.mjs";

/**
 * What a check needs of the environment: `read` promises the bytes of a file, by its path from the project's root.
 *
 * @typedef {{ read(path: string): Promise<Uint8Array> }} Environment
 * @typedef {{ name: string, run: (environment: Environment) => unknown }} Check
 */

const engine = new Engine({ sharedMemory: true });
/** @type {Check[]} */
export const checks = [];
const check = (name, run) => checks.push({ name, run });

/** Executes checks one after the other: how many passed, and which did not, with the reason. */
export async function outcomeOf(checks, environment) {
  const failures = [];
  for (const { name, run } of checks) {
    try {
      await run(environment);
    } catch (error) {
      failures.push({ name, reason: String(error?.stack ?? error) });
    }
  }
  return { passed: checks.length - failures.length, failures };
}

/** The exports of a text module, linked with what `define` adds. */
function exportsOf(text, define = () => undefined, store = new Store(engine)) {
  const linker = new Linker(engine);
  define(linker, store);
  return linker.instantiate(store, new Module(engine, text)).exports;
}

check("text is compiled, and a mistake in it has a place", () => {
  equal(exportsOf(`(module (func (export "f") (result i32) i32.const 42))`).f(), 42);
  const error = caught(() => new Module(engine, "(module\n  oops)"));
  ok(error instanceof WatSyntaxError);
  deepEqual([error.line, error.column], [2, 3]);
});

check("bytes are compiled without blocking", async () => {
  const bytes = wat2wasm(`(module (func (export "f") (result i64) i64.const 7))`);
  const module = await Module.compile(engine, bytes);
  equal(new Instance(new Store(engine), module, []).exports.f(), 7n);
});

check("bytes are printed as text", () => {
  match(wasm2wat(wat2wasm(`(module (func $add (export "add")))`)), /\(func \$add/);
});

check("values of every number type cross in both directions", () => {
  const types = ["i32", "i64", "f32", "f64"];
  const { f } = exportsOf(
    `(module
      (import "host" "f" (func $f (param ${types.join(" ")}) (result ${types.join(" ")})))
      (func (export "f") (param ${types.join(" ")}) (result ${types.join(" ")})
        (call $f (local.get 0) (local.get 1) (local.get 2) (local.get 3))))`,
    (linker) => linker.defineFunc("host", "f", { params: types, results: types }, (...values) => values),
  );
  deepEqual(f(-1, -(2n ** 63n), 0.5, Math.PI), [-1, -(2n ** 63n), 0.5, Math.PI]);
  match(caught(() => f(1)).message, /too few parameters provided: given 1, expected 4/);
  ok(caught(() => f("1", 2n, 3, 4)) instanceof TypeError);
});

check("v128 crosses as sixteen bytes", () => {
  const { f } = exportsOf(`(module (func (export "f") (param v128) (result v128) local.get 0))`);
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => index);
  deepEqual(f(bytes), bytes);
});

check("a trap has a code, a message and frames", () => {
  const { f } = exportsOf(
    `(module $m (func $f (export "f") (call $g)) (func $g (drop (i32.div_s (i32.const 1) (i32.const 0)))))`,
  );
  const trap = caught(f);
  ok(trap instanceof Trap);
  equal(trap.trapCode, "INTEGER_DIVISION_BY_ZERO");
  match(trap.message, /wasm trap: integer divide by zero$/m);
  deepEqual(
    trap.frames.map(({ funcName }) => funcName),
    ["g", "f"],
  );
  const offsets = trap.frames.map(({ moduleOffset, funcOffset }) => [moduleOffset, funcOffset]);
  // JavaScriptCore tells none.
  if (offsets[0][0] !== undefined) {
    deepEqual(offsets, [
      [40, 5],
      [31, 1],
    ]);
  }
});

check("every common trap is recognised", () => {
  const { unreachable, bounds, overflow, indirect } = exportsOf(`(module
    (memory 1) (table 1 funcref) (type $t (func))
    (func (export "unreachable") unreachable)
    (func (export "bounds") (drop (i32.load (i32.const 65536))))
    (func $overflow (export "overflow") (call $overflow))
    (func (export "indirect") (call_indirect (type $t) (i32.const 0))))`);
  const codes = [unreachable, bounds, overflow, indirect].map((run) => caught(run).trapCode);
  deepEqual(codes, ["UNREACHABLE", "MEMORY_OUT_OF_BOUNDS", "STACK_OVERFLOW", "INDIRECT_CALL_TO_NULL"]);
});

check("a host function's exception crosses wasm as the same object, past catch_all", () => {
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
  equal(caught(f), thrown);
});

check("every missing import is listed", () => {
  const text = `(module (import "a" "b" (func)) (import "c" "d" (global i32)))`;
  const error = caught(() => exportsOf(text));
  ok(error instanceof UnknownImportError);
  deepEqual(
    error.missing.map(({ module, name }) => `${module}.${name}`),
    ["a.b", "c.d"],
  );
});

check("an import of the wrong type is refused", () => {
  const text = `(module (import "a" "b" (func (param i32))))`;
  const define = (linker) => linker.defineFunc("a", "b", { params: ["i64"], results: [] }, () => undefined);
  ok(caught(() => exportsOf(text, define)) instanceof IncompatibleImportError);
});

check("one name is imported with two types", () => {
  const { f } = exportsOf(
    `(module
      (import "host" "f" (func $f (param i32)))
      (import "host" "f" (func $g (param i32)))
      (func (export "f") (call $f (i32.const 1)) (call $g (i32.const 2))))`,
    (linker) => linker.defineFunc("host", "f", { params: ["i32"], results: [] }, () => undefined),
  );
  f();
});

check("the start function's calls see the instance's exports", () => {
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
  equal(size, 3);
});

check("modules share a memory, a table and a global", () => {
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
  equal(global.value, 5);
  equal(memory.readString(8, 6), "shared");
});

check("a host function in a table is called by wasm and is the same Func again", () => {
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
  equal(call(21), 42);
  equal(table.get(0), double);
});

check("a memory grows and old views die", () => {
  const { memory } = exportsOf(`(module (memory (export "memory") 1 2))`);
  const view = memory.data();
  equal(memory.grow(1), 1);
  equal(view.length, 0);
  equal(memory.data().length, 131072);
});

check("a command is instantiated anew for each call", () => {
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
  equal(f(), 2);
});

check("a prepared instantiation makes independent instances", () => {
  const module = new Module(engine, `(module (global (export "g") (mut i32) (i32.const 0)))`);
  const pre = new Linker(engine).instantiatePre(module);
  const [first, second] = [pre.instantiate(new Store(engine)), pre.instantiate(new Store(engine))];
  first.exports.g.value = 1;
  equal(second.exports.g.value, 0);
});

check("a serialized module is read back", () => {
  const module = new Module(engine, `(module (func (export "f") (result i32) i32.const 3))`);
  const copy = Module.deserialize(engine, module.serialize());
  equal(new Instance(new Store(engine), copy, []).exports.f(), 3);
});

/** Copies `in.txt` to standard output; ends with status 7, or 1 where there is no such file. */
const copyFile = (memory) => `(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") ${memory})
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
export function copiedFrom(directory, memory = "1") {
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
  const { _start } = exportsOf(copyFile(memory), (linker) => linker.defineWasi(), store);
  const exit = caught(_start);
  ok(exit instanceof ExitTrap, String(exit));
  return [output, exit.exitCode];
}

check("a WASI program reads a file in memory", () => {
  const directory = new MemoryDirectory({ "in.txt": "from memory" });
  deepEqual(copiedFrom(directory), ["from memory", 7]);
  deepEqual(copiedFrom(directory, "1 1 shared"), ["from memory", 7]);
});

const endless = `(module
  (func (export "forever") loop br 0 end)
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (memory 1))`;

check("a guest without end is stopped by its fuel, and its store goes on", () => {
  const metered = new Engine({ consumeFuel: true });
  const store = new Store(metered);
  store.setFuel(10_000);
  const { forever, grow } = new Instance(store, new Module(metered, endless), []).exports;
  equal(caught(forever).trapCode, "OUT_OF_FUEL");
  equal(store.getFuel(), 0n);
  store.setFuel(100n);
  equal(grow(), 1);
});

check("a guest without end is stopped by a timeout, and by an epoch", () => {
  const interruptible = new Engine({ epochInterruption: true });
  const module = new Module(interruptible, endless);
  const timed = new Store(interruptible);
  timed.setCallTimeout(5);
  equal(caught(new Instance(timed, module, []).exports.forever).trapCode, "INTERRUPT");
  const store = new Store(interruptible);
  store.setEpochDeadline(1);
  const { forever } = new Instance(store, module, []).exports;
  interruptible.incrementEpoch();
  equal(caught(forever).trapCode, "INTERRUPT");
});

check("a guest's memory stays within its limit", () => {
  const store = new Store(engine);
  store.setLimits({ memorySize: 100_000 });
  equal(new Instance(store, new Module(engine, endless), []).exports.grow(), -1);
});

check("a growth that fails traps where the store asks for that", () => {
  const store = new Store(engine);
  store.setLimits({ memorySize: 65_536, trapOnGrowFailure: true });
  const { grow } = new Instance(store, new Module(engine, endless), []).exports;
  match(caught(grow).message, /forcing trap when growing memory to 131072 bytes/);
});

check("an epoch that a host function moves on stops its guest, unless a callback goes on", () => {
  const interruptible = new Engine({ epochInterruption: true });
  const store = new Store(interruptible);
  const linker = new Linker(interruptible);
  linker.defineFunc("host", "tick", { params: [], results: [] }, () => interruptible.incrementEpoch());
  const module = new Module(
    interruptible,
    `(module (import "host" "tick" (func $tick)) (func (export "f") (loop (call $tick) (br 0))))`,
  );
  const { f } = linker.instantiate(store, module).exports;
  let asked = 0;
  store.epochDeadlineCallback(() => (++asked < 3 ? 1 : "trap"));
  store.setEpochDeadline(1);
  equal(caught(f).trapCode, "INTERRUPT");
  equal(asked, 3);
});

check("a ticker stops a guest where threads can share memory", async () => {
  const interruptible = new Engine({ epochInterruption: true });
  const start = () => interruptible.startEpochTicker({ intervalMs: 1 });
  if (!Engine.features().sharedArrayBuffer) {
    match(caught(start).message, /no threads that share memory/);
    return;
  }
  const store = new Store(interruptible);
  const { forever } = new Instance(store, new Module(interruptible, endless), []).exports;
  const ticker = start();
  await ticker.started;
  store.setEpochDeadline(5);
  equal(caught(forever).trapCode, "INTERRUPT");
  ticker[Symbol.dispose]();
});

check(
  "a program of the size of a JavaScript engine runs, with the clock and the names it is given",
  async ({ read }) => {
    const quickjs = new Module(engine, await read("node_modules/quickjs-wasi/quickjs.wasm"));
    const linker = new Linker(engine).defineWasi().defineUnknownImportsAsTraps(quickjs);
    const store = new Store(engine);
    const moment = BigInt(Date.UTC(2000, 0, 1)) * 1_000_000n;
    store.setWasi(new WasiConfig({ clock: { realtimeNs: () => moment, monotonicNs: () => 0n } }));
    const { exports: js } = linker.instantiate(store, quickjs);
    js._initialize();
    js.qjs_init();
    const newString = (text) => {
      const address = js.wasm_malloc(text.length + 1);
      js.memory.writeString(`${text}\0`, address);
      return address;
    };
    const source = "[1, 2, 3].map((n) => n ** 2) + ' ' + new Date().toISOString() + ' ' + typeof fetch";
    const value = js.qjs_eval(newString(source), source.length, newString("check.js"), 0);
    const text = js.qjs_get_string(value);
    equal(js.memory.readString(text, js.strlen(text)), "1,4,9 2000-01-01T00:00:00.000Z undefined");
  },
);

check("features are probed", () => {
  const features = Engine.features();
  equal(features.simd, true);
  equal(features.tailCall, true);
});
