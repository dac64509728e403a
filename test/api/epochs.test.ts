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
      `(func (export "run") call 1 call 1) ${[...Array(100).keys()]
        .map((index) => `(func call ${index + 2} call ${index + 2})`)
        .join(" ")} (func)`,
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
