import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { Engine, type EngineOptions, Func, Instance, Memory, Module, Store, Trap } from "../../src/index.ts";
import { requires, thrownBy } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;

/** Every mechanism behind epochs. A timeout that is set first makes code count down instead of looking at a flag. */
const mechanisms: Record<string, { options?: EngineOptions; timeoutMs?: number }> = {
  "code that waits for a flag, where the engine can": {},
  "code that counts down": { timeoutMs: 60_000 },
  "code that counts fuel": { options: { consumeFuel: true } },
};

/** A tree of calls that has no end in sight; its leaves call the function imported. */
const tree = `(func (export "run") call 2 call 2)
  ${[...Array(100).keys()].map((index) => `(func call ${index + 3} call ${index + 3})`).join(" ")}
  (func call 0)`;

/**
 * Increments the epoch of an engine from another thread, once a number has become large enough. A worker cannot load a
 * module in TypeScript: this is what `incrementEpoch` does.
 */
function incrementAfter(engine: Engine, hits: Int32Array<SharedArrayBuffer>, enough: number): Worker {
  const code = `const { hits, enough, handle: { buffer } } = require("node:worker_threads").workerData;
    while (Atomics.load(hits, 0) < enough) Atomics.wait(hits, 0, Atomics.load(hits, 0), 1);
    Atomics.add(new BigInt64Array(buffer), 1, 1n);
    Atomics.store(new Int32Array(buffer), 0, 1);`;
  return new Worker(code, { eval: true, workerData: { hits, enough, handle: engine.epochHandle } });
}

describe.each(Object.entries(mechanisms))("epochs, with %s", (_name, { options, timeoutMs }) => {
  const engine = new Engine({ ...options, epochInterruption: true });

  function newStore(ticks: number): Store<{ asked: number }> {
    const store = new Store(engine, { data: { asked: 0 } });
    if (options?.consumeFuel) store.setFuel(2n ** 60n);
    if (timeoutMs !== undefined) store.setCallTimeout(timeoutMs);
    store.setEpochDeadline(ticks);
    return store;
  }

  /** Instantiates a module that may import a function which moves the epoch on. */
  function run(store: Store<any>, fields: string, name = "run"): Func {
    const tick = new Func(store, nothing, () => engine.incrementEpoch());
    const module = new Module(engine, `(module ${fields})`);
    return new Instance(store, module, module.imports.length > 0 ? [tick] : []).getFunc(name)!;
  }

  /** How often the host is asked in a call when it gives so many ticks each time. */
  function questions(fields: string, ticks: number, more: number): number {
    const store = newStore(ticks);
    store.epochDeadlineCallback(({ data }) => {
      data.asked++;
      return more;
    });
    run(store, fields)();
    return store.data.asked;
  }

  const tick = '(import "" "tick" (func $tick))';

  test("the host is asked at the entry of a function, even of an empty one", () => {
    expect(questions(`${tick} (func (export "run") call $tick call $sub) (func $sub)`, 1, 1)).toBe(1);
  });

  test("the host is asked at the start of each iteration, as often as the epoch moves far enough", () => {
    const loop = `(loop $l call $tick
      (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))`;
    const body = `(local $i i32) (local.set $i (i32.const 10)) ${loop}`;
    expect(questions(`${tick} (func (export "run") ${body})`, 0, 5)).toBe(2);
    expect(questions(`${tick} (func (export "run") ${body})`, 0, 1)).toBe(10);
    expect(questions(`${tick} (func (export "run") ${body})`, 11, 1)).toBe(0);
  });

  test("the host is asked at once when the deadline is now", () => {
    expect(questions('(func (export "run"))', 0, 1)).toBe(1);
  });

  test("the host is asked once, not at the next check again", () => {
    const loop = `(local $i i32) call $sub
      (loop $l (br_if $l (i32.ne (i32.const 10) (local.tee $i (i32.add (i32.const 1) (local.get $i))))))`;
    expect(questions(`${tick} (func (export "run") ${loop}) (func $sub call $tick)`, 1, 1)).toBe(1);
  });

  test("the host is asked at each check while it gives no ticks", () => {
    expect(questions('(func (export "run") call $sub call $sub) (func $sub)', 0, 0)).toBe(3);
  });

  test("a guest gets on while the host gives no ticks, in loops too", () => {
    for (const type of ["", "(param i32)"]) {
      const loop = `(local $i i32) i32.const 0 (loop ${type} ${type && "drop"}
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        ${type && "i32.const 0"} (br_if 0 (i32.lt_u (local.get $i) (i32.const 5000))) ${type && "drop"})`;
      expect(questions(`(func (export "run") ${loop} ${type ? "" : "drop"})`, 0, 0)).toBeGreaterThan(1);
    }
  });

  test("a loop with parameters, a tail call and a bulk operation are checks too", () => {
    const ask = (body: string) =>
      questions(`${tick} (memory 1) (func (export "run") call $tick ${body}) (func $sub)`, 1, 9);
    expect(ask("nop")).toBe(0);
    expect(ask("i32.const 0 (loop (param i32) drop)")).toBe(1);
    expect(ask("(return_call $sub)")).toBe(1);
    expect(ask("(memory.fill (i32.const 0) (i32.const 0) (i32.const 1000))")).toBe(1);
    expect(ask("(memory.fill (i32.const 0) (i32.const 0) (i32.const 100))")).toBe(0);
  });

  test("without a callback the guest stops, where wasmtime says that it does", () => {
    const store = newStore(1);
    const stops = run(
      store,
      `${tick} (func $outer (export "run") call $tick call $inner)
       (func $inner (local i32 i64) i64.const 7 local.set 1)`,
    );
    const trap = thrownBy(stops);
    expect(trap).toBeInstanceOf(Trap);
    expect(trap.trapCode).toBe("INTERRUPT");
    expect(trap.message).toBe(`\
error while executing at wasm backtrace:
    0:     0x35 - <unknown>!inner
    1:     0x2e - <unknown>!outer

Caused by:
    wasm trap: interrupt
`);
    expect(trap.frames.map(({ funcIndex, funcOffset }: any) => [funcIndex, funcOffset])).toEqual([
      [2, 3],
      [1, 3],
    ]);
  });

  test("a deadline that has passed stops every call until it is set anew", () => {
    const store = newStore(1);
    const empty = run(store, '(func (export "run"))');
    empty();
    engine.incrementEpoch();
    expect(thrownBy(empty).trapCode).toBe("INTERRUPT");
    expect(thrownBy(empty).trapCode).toBe("INTERRUPT");
    store.setEpochDeadline(1);
    empty();
  });

  test("a store whose deadline was never set stops at once, unless its calls are bounded in time", () => {
    const store = new Store(engine);
    if (options?.consumeFuel) store.setFuel(100);
    const empty = run(store, '(func (export "run"))');
    expect(thrownBy(empty).trapCode).toBe("INTERRUPT");
    store.setCallTimeout(60_000);
    empty();
  });

  test("start functions are stopped as well", () => {
    const store = newStore(0);
    const module = new Module(engine, "(module (func $f) (start $f))");
    expect(thrownBy(() => new Instance(store, module, [])).trapCode).toBe("INTERRUPT");
    store.setEpochDeadline(1);
    new Instance(store, module, []);
  });

  test("a loop, a recursion and a tree of calls are stopped", () => {
    const endless = [
      '(func (export "run") (loop br 0))',
      '(func (export "run") (loop (br_if 0 (i32.const 1))))',
      '(func (export "run") (loop (br_table 0 0 (i32.const 0))))',
      '(func $run (export "run") (return_call $run))',
      `(import "" "" (func)) ${tree}`,
    ];
    for (const fields of endless) {
      const store = newStore(1);
      const loop = run(store, fields);
      engine.incrementEpoch();
      expect(thrownBy(loop).trapCode).toBe("INTERRUPT");
    }
  });

  test("a host function that moves the epoch stops the loop that calls it", () => {
    let calls = 0;
    const store = newStore(1);
    const hit = new Func(store, nothing, () => {
      if (++calls === 1000) engine.incrementEpoch();
    });
    const module = new Module(
      engine,
      '(module (import "" "" (func)) (func (export "run") (loop call 0 br 0)))',
    );
    const { run: loop } = new Instance(store, module, [hit]).exports;
    expect(thrownBy(loop as Func).trapCode).toBe("INTERRUPT");
    expect(calls).toBe(1000);
  });

  test.each([
    ["a loop", '(func (export "run") (loop br 0))', 0],
    ["a loop that calls the host", '(func (export "run") (loop call 0 br 0))', 10_000],
    ["a tree of calls", tree, 10_000],
  ])("another thread stops %s", async (_what, fields, enough) => {
    const store = newStore(1);
    const hits = new Int32Array(new SharedArrayBuffer(4));
    const hit = new Func(store, nothing, () => void Atomics.add(hits, 0, 1));
    const module = new Module(engine, `(module (import "" "" (func)) ${fields})`);
    const endless = new Instance(store, module, [hit]).getFunc("run")!;
    const worker = incrementAfter(engine, hits, enough);
    expect(thrownBy(endless).trapCode).toBe("INTERRUPT");
    expect(hits[0]).toBeGreaterThanOrEqual(enough);
    await worker.terminate();
  });

  test("a host function that sets a deadline of now stops its caller at the next check", () => {
    const store = newStore(1);
    const stop = new Func(store, nothing, () => store.setEpochDeadline(0));
    const module = new Module(
      engine,
      `(module (import "" "" (func $stop)) (global $n (export "n") (mut i32) (i32.const 0))
         (func $step (global.set $n (i32.add (global.get $n) (i32.const 1))))
         (func (export "run") call $step call $stop call $step))`,
    );
    const { run: stopped, n } = new Instance(store, module, [stop]).exports;
    expect(thrownBy(stopped).trapCode).toBe("INTERRUPT");
    expect(n.value).toBe(1);
  });

  test("what the callback throws reaches the host as it is, and the guest does not see it", (context) => {
    requires(context, "exceptions");
    const store = newStore(0);
    const error = new Error("enough");
    store.epochDeadlineCallback(() => {
      throw error;
    });
    const caught = '(func (export "run") (block $b (try_table (catch_all $b) call $sub))) (func $sub)';
    expect(thrownBy(run(store, caught))).toBe(error);
    store.epochDeadlineCallback(() => "trap");
    expect(thrownBy(run(store, caught)).trapCode).toBe("INTERRUPT");
  });

  test("a guest's handlers of either kind do not catch an interrupt", () => {
    const handlers = {
      exceptions: "(block $b (try_table (catch_all $b) (loop br 0)))",
      legacyExceptions: "try (loop br 0) catch_all end",
    };
    for (const [feature, body] of Object.entries(handlers)) {
      if (!Engine.features()[feature]) continue;
      const store = newStore(1);
      const loop = run(store, `(func (export "run") ${body})`);
      engine.incrementEpoch();
      expect(thrownBy(loop).trapCode).toBe("INTERRUPT");
    }
  });

  test("the callback may grow what a bulk operation works on", () => {
    const store = newStore(1);
    const module = new Module(
      engine,
      `(module (memory (export "memory") 1) (table (export "table") 1 funcref)
         (func (export "fill") (memory.fill (i32.const 0) (i32.const 0x41) (i32.const 65536)))
         (func (export "clear") (table.fill (i32.const 0) (ref.null func) (i32.const 1))))`,
    );
    const { memory, table, fill, clear } = new Instance(store, module, []).exports;
    store.epochDeadlineCallback(() => {
      if (memory.size < 10) memory.grow(5);
      table.grow(5, null);
      return 1;
    });
    engine.incrementEpoch();
    fill();
    expect(memory.read(0, 1)).toEqual(new Uint8Array([0x41]));
    expect(memory.read(65_535, 65_537)).toEqual(new Uint8Array([0x41, 0]));
    engine.incrementEpoch();
    clear();
    expect(table.size).toBe(11);
  });

  test("the callback may have garbage collected while arrays are made, filled and copied", (context) => {
    requires(context, "gc");
    const store = newStore(0);
    let asked = 0;
    store.epochDeadlineCallback(() => {
      asked++;
      store.gc();
      return 0;
    });
    const boxes = `
      (type $box (struct (field i32)))
      (type $boxes (array (mut (ref null $box))))
      (global $last (mut (ref null $boxes)) (ref.null $boxes))
      (func $sum (param $boxes (ref $boxes)) (result i32) (local $i i32) (local $sum i32)
        (loop $next
          (local.set $sum (i32.add (local.get $sum)
            (struct.get $box 0 (array.get $boxes (local.get $boxes) (local.get $i)))))
          (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
            (array.len (local.get $boxes)))))
        (local.get $sum))
      (func (export "run") (param $length i32) (result i32) (local $a (ref $boxes)) (local $b (ref $boxes))
        (local.set $a (array.new_default $boxes (local.get $length)))
        (array.fill $boxes (local.get $a) (i32.const 0) (struct.new $box (i32.const 7)) (local.get $length))
        (global.set $last (array.new_default $boxes (i32.const 8)))
        (local.set $b (array.new $boxes (struct.new $box (i32.const 5)) (local.get $length)))
        (array.copy $boxes $boxes
          (local.get $b) (i32.const 1) (local.get $a) (i32.const 0)
          (i32.sub (local.get $length) (i32.const 1)))
        (call $sum (local.get $b)))`;
    const sum = run(store, boxes);
    for (let round = 0; round < 5; round++) expect(sum(200)).toBe(199 * 7 + 5);
    // At each of the two entries and four operations, and in the loop.
    expect(asked).toBeGreaterThan(5 * 6);
  });

  test("a callback that runs guests of its own store is not asked meanwhile", () => {
    const store = newStore(0);
    const empty = run(store, '(func (export "run"))');
    let asked = 0;
    store.epochDeadlineCallback(() => {
      asked++;
      expect(thrownBy(empty).trapCode).toBe("INTERRUPT");
      return 1;
    });
    empty();
    expect(asked).toBe(1);
  });

  test("each store has its deadline, also while it waits for another", () => {
    const inner = newStore(1);
    const outer = newStore(2);
    const loop = run(inner, '(func (export "run") (loop br 0))');
    const seen: string[] = [];
    const call = new Func(outer, nothing, () => {
      engine.incrementEpoch();
      seen.push(thrownBy(loop).trapCode);
    });
    const module = new Module(
      engine,
      '(module (import "" "" (func)) (func (export "run") (loop call 0 br 0)))',
    );
    const { run: callLoop } = new Instance(outer, module, [call]).exports;
    expect(thrownBy(callLoop).trapCode).toBe("INTERRUPT");
    expect(seen).toEqual(["INTERRUPT", "INTERRUPT"]);
  });

  test("a stopped guest leaves its store usable", () => {
    const store = newStore(1);
    const module = new Module(
      engine,
      `(module (memory (export "memory") 1)
         (func (export "spin") (loop (i32.store (i32.const 0) (i32.const 7)) (br 0)))
         (func (export "load") (result i32) (i32.load (i32.const 0))))`,
    );
    const { memory, spin, load } = new Instance(store, module, []).exports;
    store.epochDeadlineCallback(() => (load === undefined ? "trap" : 0));
    store.epochDeadlineTrap();
    engine.incrementEpoch();
    for (let round = 0; round < 3; round++) expect(thrownBy(spin).trapCode).toBe("INTERRUPT");
    store.setEpochDeadline(1);
    expect(load()).toBe(0);
    expect(memory.grow(1)).toBe(1);
    new Memory(store, { minimum: 1 });
  });

  test("functions that outlive a failed instantiation can be called", () => {
    const store = newStore(1);
    const owner = new Module(
      engine,
      `(module (table (export "table") 1 funcref) (type $t (func (result i32)))
         (func (export "call") (result i32) (call_indirect (type $t) (i32.const 0))))`,
    );
    const { table, call } = new Instance(store, owner, []).exports;
    const failing = new Module(
      engine,
      `(module (import "" "" (table 1 funcref)) (func $seven (result i32) (i32.const 7))
         (elem (i32.const 0) $seven) (memory 0) (data (i32.const 0) "x"))`,
    );
    expect(thrownBy(() => new Instance(store, failing, [table])).trapCode).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(call()).toBe(7);
  });

  test("a full stack is a trap like others, and stacks up no deadlines", () => {
    const store = newStore(1);
    const recurse = run(store, '(func $run (export "run") call $run)');
    for (let round = 0; round < 3; round++) expect(thrownBy(recurse).trapCode).toBe("STACK_OVERFLOW");
    engine.incrementEpoch();
    expect(thrownBy(recurse).trapCode).toBe("INTERRUPT");
  });
});

describe("epochs", () => {
  test("the engine's handle can be posted to other threads", () => {
    const { epochHandle } = new Engine();
    expect(structuredClone(epochHandle)).toEqual(epochHandle);
  });

  test("have no effect on stores of engines without the option", () => {
    const store = new Store();
    store.setEpochDeadline(0);
    store.epochDeadlineTrap();
    store.epochDeadlineCallback(() => "trap");
    store.engine.incrementEpoch();
    new Instance(store, new Module(store.engine, '(module (func (export "run")))'), []).exports["run"]();
    expect(() => store.setCallTimeout(1)).toThrow("epoch interruption is not configured in this store");
  });

  test("deadlines and callbacks are checked", () => {
    const store = new Store(new Engine({ epochInterruption: true }));
    for (const ticks of [-1, 1.5, Number.NaN])
      expect(() => store.setEpochDeadline(ticks)).toThrow(RangeError);
    expect(() => store.setEpochDeadline("1" as any)).toThrow(TypeError);
    expect(() => store.epochDeadlineCallback(5 as any)).toThrow(TypeError);
    store.epochDeadlineCallback(() => "later" as any);
    const { run } = new Instance(store, new Module(store.engine, '(module (func (export "run")))'), [])
      .exports;
    expect(run).toThrow(TypeError);
    expect(run).toThrow('Expected the epoch callback to return a number of ticks or "trap", got "later"');
  });
});
