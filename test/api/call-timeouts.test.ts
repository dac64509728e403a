import { describe, expect, test } from "vitest";
import {
  Engine,
  type EngineOptions,
  Func,
  Instance,
  Linker,
  Module,
  Store,
  WasiConfig,
} from "../../src/index.ts";
import { requires, thrownBy } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;

const guest = `(module
  (memory (export "memory") 1)
  (func (export "nop"))
  (func (export "spin") (loop br 0))
  (func (export "branch") (loop (br_if 0 (i32.const 1))))
  (func $tail (export "tail") (return_call $tail))
  (func (export "fill") (loop (memory.fill (i32.const 0) (i32.const 7) (i32.const 65536)) (br 0)))
  (func (export "pass") (i32.const 0) (loop (param i32) (br 0 (i32.const 1))))
  (func $tree (export "tree") (param $depth i32)
    (if (local.get $depth) (then
      (call $tree (i32.sub (local.get $depth) (i32.const 1)))
      (call $tree (i32.sub (local.get $depth) (i32.const 1)))))))`;

const engines: Record<string, EngineOptions> = {
  "code for epochs": {},
  "code that counts fuel as well": { consumeFuel: true },
};

describe.each(Object.entries(engines))("a call timeout, with %s", (_name, options) => {
  const engine = new Engine({ ...options, epochInterruption: true });
  const module = new Module(engine, guest);

  function newStore(): Store<undefined> {
    const store = new Store(engine);
    if (options.consumeFuel) store.setFuel(2n ** 63n);
    return store;
  }

  test.each(["before", "after"])("set %s instantiation stops everything without end", (when) => {
    const store = newStore();
    if (when === "before") store.setCallTimeout(20);
    const { nop, spin, branch, tail, fill, pass, tree } = new Instance(store, module, []).exports;
    if (when === "after") store.setCallTimeout(20);
    for (const endless of [spin, branch, tail, fill, pass, () => tree(60)]) {
      nop();
      expect(thrownBy(endless).trapCode).toBe("INTERRUPT");
    }
    nop();
  });

  test("bounds calls one by one, and none once it is taken away", () => {
    const store = newStore();
    store.setEpochDeadline(1);
    const { nop, spin } = new Instance(store, module, []).exports;
    for (let round = 0; round < 3; round++) {
      store.setCallTimeout(5);
      expect(thrownBy(spin).trapCode).toBe("INTERRUPT");
      store.setCallTimeout(undefined);
      nop();
    }
    engine.incrementEpoch();
    expect(thrownBy(nop).trapCode).toBe("INTERRUPT");
  });

  test("leaves a deadline in force", () => {
    const store = newStore();
    store.setCallTimeout(60_000);
    store.setEpochDeadline(1);
    const { nop, spin } = new Instance(store, module, []).exports;
    nop();
    engine.incrementEpoch();
    expect(thrownBy(spin).trapCode).toBe("INTERRUPT");
  });

  test("of 0 stops at once, and one of infinity never", () => {
    const store = newStore();
    const { nop } = new Instance(store, module, []).exports;
    store.setCallTimeout(0);
    expect(thrownBy(nop).trapCode).toBe("INTERRUPT");
    store.setCallTimeout(Number.POSITIVE_INFINITY);
    nop();
  });

  test("bounds start functions", () => {
    const store = newStore();
    store.setCallTimeout(5);
    const starting = new Module(engine, "(module (func $f (loop br 0)) (start $f))");
    expect(thrownBy(() => new Instance(store, starting, [])).trapCode).toBe("INTERRUPT");
  });

  test("counts the time in host functions, however long one takes", () => {
    const store = newStore();
    store.setCallTimeout(20);
    let calls = 0;
    const wait = new Func(store, nothing, () => {
      calls++;
      const end = performance.now() + 15;
      while (performance.now() < end);
    });
    const looping = `(module (import "" "" (func)) (func $warm (export "warm") (local i32)
        (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 1000000)))))
      (func (export "run") call $warm (loop call 0 br 0)))`;
    const { run } = new Instance(store, new Module(engine, looping), [wait]).exports;
    expect(thrownBy(run).trapCode).toBe("INTERRUPT");
    expect(calls).toBeLessThanOrEqual(2);
  });

  test("bounds calls of guests in other stores and engines on the way", () => {
    for (const other of [engine, new Engine({ ...options, epochInterruption: true })]) {
      const inner = new Store(other);
      if (options.consumeFuel) inner.setFuel(2n ** 63n);
      inner.setEpochDeadline(1000);
      const { spin: innerSpin } = new Instance(inner, new Module(other, guest), []).exports;
      const outer = newStore();
      outer.setCallTimeout(20);
      const seen: string[] = [];
      const call = new Func(outer, nothing, () => void seen.push(thrownBy(innerSpin).trapCode));
      const calling = '(module (import "" "" (func)) (func (export "run") (loop call 0 br 0)))';
      const { run } = new Instance(outer, new Module(engine, calling), [call]).exports;
      expect(thrownBy(run).trapCode).toBe("INTERRUPT");
      expect(seen).toEqual(["INTERRUPT"]);
    }
  });

  test("of an inner call leaves the time of the outer one as it is", () => {
    const inner = newStore();
    inner.setCallTimeout(5);
    const { spin } = new Instance(inner, module, []).exports;
    const outer = newStore();
    outer.setCallTimeout(60_000);
    const call = new Func(outer, nothing, () => expect(thrownBy(spin).trapCode).toBe("INTERRUPT"));
    const calling = '(module (import "" "" (func)) (func (export "run") call 0 call 0 (loop)))';
    new Instance(outer, new Module(engine, calling), [call]).exports["run"]();
  });

  test("does not start anew in calls that come back to the store", () => {
    const store = newStore();
    store.setCallTimeout(20);
    const instance = new Instance(store, module, []);
    let calls = 0;
    const back = new Func(store, nothing, () => {
      calls++;
      instance.exports["spin"]();
    });
    const calling = '(module (import "" "" (func)) (func (export "run") (loop call 0 br 0)))';
    const { run } = new Instance(store, new Module(engine, calling), [back]).exports;
    expect(thrownBy(run).trapCode).toBe("INTERRUPT");
    expect(calls).toBe(1);
  });

  test("is not seen by handlers of the guest", (context) => {
    requires(context, "legacyExceptions");
    const store = newStore();
    store.setCallTimeout(5);
    const catching = '(module (func (export "run") try (loop br 0) catch_all end))';
    const { run } = new Instance(store, new Module(engine, catching), []).exports;
    expect(thrownBy(run).trapCode).toBe("INTERRUPT");
  });

  test("wakes a guest that sleeps, and one that waits for input", () => {
    const store = newStore();
    store.setCallTimeout(20);
    store.setWasi(new WasiConfig());
    const sleeping = `(module
      (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 16) "\\01") ;; the monotonic clock
      (func (export "sleep")
        (i64.store (i32.const 24) (i64.const 3600_000_000_000))
        (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))))`;
    const { sleep } = new Linker(engine)
      .defineWasi()
      .instantiate(store, new Module(engine, sleeping)).exports;
    expect(thrownBy(sleep).trapCode).toBe("INTERRUPT");
  });
});

test("call timeouts are checked", () => {
  const store = new Store(new Engine({ epochInterruption: true }));
  for (const timeout of [-1, -0.5]) expect(() => store.setCallTimeout(timeout)).toThrow(RangeError);
  for (const timeout of ["1", null, Number.NaN])
    expect(() => store.setCallTimeout(timeout as any)).toThrow(TypeError);
});
