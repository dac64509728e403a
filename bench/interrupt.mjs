/**
 * How late a guest without end is stopped: after another thread has moved the epoch, and after a call timeout.
 *
 *     npm run build && node bench/interrupt.mjs [--rounds N]
 *
 * Times are from the moment at which the guest should end to the one at which the trap is there, in milliseconds. The
 * thread that moves the epoch says when it did so. A machine with nothing else to do gives the better figures.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { Engine, Instance, Module, Store, Trap } from "../dist/index.js";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "40" } } });
const rounds = Number(values.rounds);

const guest = `(module
  (memory 64)
  (table funcref (elem $callee))
  (type $t (func (param i32) (result i32)))
  (func $callee (type $t) (i32.add (local.get 0) (i32.const 1)))
  (func (export "empty loop") (loop (br 0)))
  (func (export "calls") (local i32) (loop (local.set 0 (call $callee (local.get 0))) (br 0)))
  (func (export "indirect calls") (local i32)
    (loop (local.set 0 (call_indirect (type $t) (local.get 0) (i32.const 0))) (br 0)))
  (func $fib (export "recursion") (param i32) (result i32)
    (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
      (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
  (func $tail (export "tail calls") (return_call $tail))
  (func (export "nested loops") (local i32) (loop
    (local.set 0 (i32.const 1000)) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (br 0)))
  (func (export "memory") (local i32) (loop
    (i32.store (i32.and (local.get 0) (i32.const 0x3ffffc)) (local.get 0))
    (local.set 0 (i32.add (local.get 0) (i32.const 4096))) (br 0)))
  (func (export "bulk fills of 4 MB") (loop
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x400000)) (br 0)))
  (func (export "long iterations") (local f64) (loop
    ${"(local.set 0 (f64.sqrt (f64.div (local.get 0) (f64.const 1.5))))".repeat(1000)} (br 0))))`;

const names = [...guest.matchAll(/\(export "([^"]+)"/g)].map(([, name]) => name);

/** A thread that moves the epoch when it is told how long to wait, and notes the time: `performance.now()` from 1970. */
function startThread(engine) {
  const when = new SharedArrayBuffer(16);
  const code = `const { workerData: { library, handle, when } } = require("node:worker_threads");
    const order = new Int32Array(when, 0, 1), moved = new Float64Array(when, 8, 1);
    import(library).then(({ incrementEpoch }) => {
      for (;;) {
        Atomics.wait(order, 0, 0);
        Atomics.wait(order, 0, order[0], order[0]);
        order[0] = 0;
        moved[0] = performance.timeOrigin + performance.now();
        incrementEpoch(handle);
      }
    });`;
  const library = new URL("../dist/index.js", import.meta.url).href;
  const workerData = { library, handle: engine.epochHandle, when };
  const worker = new Worker(code, { eval: true, workerData });
  worker.unref();
  const order = new Int32Array(when, 0, 1);
  return {
    moveIn: (milliseconds) => {
      order[0] = milliseconds;
      Atomics.notify(order, 0);
    },
    movedAt: () => new Float64Array(when, 8, 1)[0] - performance.timeOrigin,
    stop: () => worker.terminate(),
  };
}

function stopped(run) {
  try {
    run();
  } catch (error) {
    if (error instanceof Trap && error.trapCode === "INTERRUPT") return performance.now();
    throw error;
  }
  throw new Error("the guest has ended");
}

function summary(latenesses) {
  const sorted = [...latenesses].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], worst: sorted.at(-1) };
}

const callOf = (exports, name) => (name === "recursion" ? () => exports[name](60) : () => exports[name]());

/** @param when - what there is before the instance: "timeout" or "deadline" */
function measure(options, when, thread) {
  const engine = new Engine({ ...options, epochInterruption: true });
  const store = new Store(engine);
  if (options.consumeFuel) store.setFuel(2n ** 63n);
  if (when === "timeout") store.setCallTimeout(60_000);
  else store.setEpochDeadline(1);
  const { exports } = new Instance(store, new Module(engine, guest), []);
  const mover = thread ? startThread(engine) : undefined;
  const all = [];
  // The first trap of a process takes some milliseconds: code for it is compiled.
  store.setCallTimeout(0);
  stopped(exports["empty loop"]);
  if (thread) store.setCallTimeout(undefined);
  for (const name of names) {
    const call = callOf(exports, name);
    const latenesses = [];
    for (let round = 0; round < rounds; round++) {
      const wait = 10 + (round % 5);
      let due;
      if (mover === undefined) {
        if (when === "deadline") store.setEpochDeadline(1_000_000);
        store.setCallTimeout(wait);
        due = performance.now() + wait;
        latenesses.push(stopped(call) - due);
      } else {
        store.setEpochDeadline(1);
        mover.moveIn(wait);
        const end = stopped(call);
        latenesses.push(Math.max(end - mover.movedAt(), 0));
      }
    }
    const { median, worst } = summary(latenesses);
    console.log(`  ${name.padEnd(22)} ${median.toFixed(2).padStart(7)} ${worst.toFixed(2).padStart(7)}`);
    all.push(...latenesses);
  }
  const { median, worst } = summary(all);
  console.log(`  ${"all".padEnd(22)} ${median.toFixed(2).padStart(7)} ${worst.toFixed(2).padStart(7)}`);
  mover?.stop();
}

console.log(`${process.release.name} ${process.version}: median and worst of ${rounds} rounds, in ms`);
const flag = Engine.features().multiMemory ? "flag" : "countdown";
console.log(`an epoch moved by another thread, ${flag}`);
measure({}, "deadline", true);
console.log("an epoch moved by another thread, fuel");
measure({ consumeFuel: true }, "deadline", true);
console.log("setCallTimeout before the instance, countdown");
measure({}, "timeout", false);
console.log(`setCallTimeout after the instance, ${flag}`);
measure({}, "deadline", false);
console.log("setCallTimeout, fuel");
measure({ consumeFuel: true }, "timeout", false);
