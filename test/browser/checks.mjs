// What only browsers show: their threads, what they forbid, and what they do not have.
import {
  Engine,
  hostDirectory,
  Instance,
  Linker,
  Module,
  SharedMemory,
  Store,
  UnsupportedError,
  WasiConfig,
  WasmlinkError,
  wat2wasm,
} from "wasmlink";
import { caught, equal, match, ok } from "../runtimes/assert.mjs";

const { crossOriginIsolated } = globalThis;
const isPage = "document" in globalThis;
const endless = `(module (func (export "forever") loop br 0 end))`;

/** @type {import("../runtimes/checks.mjs").Check[]} */
export const browserChecks = [];
const check = (name, run) => browserChecks.push({ name, run });

function isUnsupported(error, message) {
  ok(error instanceof UnsupportedError, String(error));
  match(error.message, message);
}

async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("the promise was kept");
}

check("a module is compiled from a response", async () => {
  const engine = new Engine();
  const module = await Module.compile(engine, fetch("/node_modules/quickjs-wasi/quickjs.wasm"));
  equal(module.getExport("qjs_eval").kind, "func");
  const error = await rejection(Module.compile(engine, fetch("/dist/nothing.wasm")));
  ok(error instanceof WasmlinkError, String(error));
  match(error.message, /^failed to fetch `http:.*\/dist\/nothing.wasm`: status 404$/);
});

check("a module above 8 MB is refused on the main thread, and runs in a worker", async () => {
  const engine = new Engine();
  const bytes = largeModule();
  const run = (module) => equal(new Instance(new Store(engine), module, []).exports.f(), 7);
  if (!isPage) return run(new Module(engine, bytes));
  isUnsupported(
    caught(() => new Module(engine, bytes)),
    /a module of this size: use a worker/,
  );
  const module = await Module.compile(engine, bytes);
  isUnsupported(
    caught(() => run(module)),
    /a module of this size: use a worker/,
  );
});

/** A function that gives 7, and 8 MB of a custom section. */
function largeModule() {
  const code = wat2wasm(`(module (func (export "f") (result i32) i32.const 7))`);
  const header = [0, 0x80, 0x80, 0x80, 4];
  const bytes = new Uint8Array(code.length + header.length + 2 ** 23);
  bytes.set(code);
  bytes.set(header, code.length);
  return bytes;
}

check("there are no directories and no standard streams of the host", () => {
  isUnsupported(
    caught(() => hostDirectory("/")),
    /use a `MemoryDirectory`/,
  );
  const inherit = new WasiConfig({ stdout: "inherit" });
  isUnsupported(
    caught(() => new Store(new Engine()).setWasi(inherit)),
    /stdout/,
  );
});

check("a guest sleeps in a worker; a page cannot block", () => {
  const engine = new Engine();
  const store = new Store(engine);
  store.setWasi(new WasiConfig());
  const { sleep } = new Linker(engine).defineWasi().instantiate(store, new Module(engine, sleeper)).exports;
  if (isPage) {
    isUnsupported(caught(sleep), /this thread cannot block: run the guest in a worker/);
    return;
  }
  const start = performance.now();
  equal(sleep(), 0);
  ok(performance.now() - start > 15);
});

/** Waits for a clock, 20 ms from now. */
const sleeper = `(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "sleep") (result i32)
    (i32.store (i32.const 16) (i32.const 1)) ;; the monotonic clock
    (i64.store (i32.const 24) (i64.const 20000000))
    (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))))`;

check("memory is shared with workers where the page is isolated", () => {
  equal(Engine.features().sharedArrayBuffer, crossOriginIsolated);
  const { buffer } = new SharedMemory(new Engine({ sharedMemory: true }), {
    minimum: 1,
    maximum: 1,
    shared: true,
  });
  const { port1, port2 } = new MessageChannel();
  if (crossOriginIsolated) port1.postMessage(buffer);
  else equal(caught(() => port1.postMessage(buffer)).name, "DataCloneError");
  port2.close();
});

check("code reads the epoch's flag where the page is isolated, and counts down elsewhere", () => {
  const { epochHandle } = new Engine();
  equal(epochHandle.buffer.byteLength, crossOriginIsolated ? 65_536 : 16);
});

check("a worker of one's own moves the epoch on where the page is isolated", async () => {
  if (!crossOriginIsolated) return;
  const engine = new Engine({ epochInterruption: true });
  const store = new Store(engine);
  const { forever } = new Instance(store, new Module(engine, endless), []).exports;
  const worker = new Worker("/built/increment.js", { type: "module" });
  worker.postMessage(engine.epochHandle);
  await new Promise((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = reject;
  });
  store.setEpochDeadline(5);
  equal(caught(forever).trapCode, "INTERRUPT");
  worker.terminate();
});
