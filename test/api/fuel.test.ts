import { describe, expect, test } from "vitest";
import { Engine, Func, Instance, Linker, Module, Store, Trap, wat2wasm } from "../../src/index.ts";
import { isValid } from "../host/assemble.ts";
import { requires, thrownBy } from "../support/modules.ts";

const nothing = { params: [], results: [] } as const;
const engine = new Engine({ consumeFuel: true });
const plenty = 2n ** 64n - 1n;

function storeWith(fuel: number | bigint): Store<undefined> {
  const store = new Store(engine);
  store.setFuel(fuel);
  return store;
}

/** What instantiating a module takes, whether or not its start function traps. */
function cost(fields: string): bigint {
  const store = storeWith(plenty);
  try {
    new Instance(store, new Module(engine, `(module ${fields})`), []);
  } catch (error) {
    if (!(error instanceof Trap)) throw error;
  }
  return plenty - store.getFuel();
}

/** A module whose start function has a body. */
const starting = (body: string, fields = "") => `${fields} (func $f ${body}) (start $f)`;

const drops = (count: number) => "(drop (i32.const 0)) ".repeat(count);
const references = (count: number) => "$f ".repeat(count);
const bytes = (count: number) => `(data $d "${"x".repeat(count)}")`;

/** A start function costs 3 on its own: for the startup that calls it, for the call, and for its entry. */
const costs: readonly (readonly [title: string, cost: number, fields: string])[] = [
  ["nothing", 0, ""],
  ["an empty start function", 3, starting("")],
  ["a constant", 4, starting("(drop (i32.const 0))")],
  [
    "two sums",
    9,
    starting(`(drop (i32.add (i32.const 1) (i32.const 2)))
      (drop (i64.add (i64.const 3) (i64.const 4)))`),
  ],
  ["blocks", 3, starting("block end block block end end")],
  ["an unreachable", 3, starting("unreachable")],
  ["a constant before an unreachable", 4, starting("i32.const 0 unreachable")],
  ["what comes before an unreachable", 9, starting(`${"i32.const 0 ".repeat(6)} unreachable`)],
  ["what comes before a return", 4, starting("i32.const 0 return")],
  ["nothing of what comes behind a return", 3, starting(`return ${"i32.const 0 ".repeat(6)} unreachable`)],
  ["a condition whose code is skipped", 5, starting("(if (i32.const 0) (then call $f))")],
  ["a condition whose code runs", 6, starting("(if (i32.const 1) (then (drop (i32.const 0))))")],
  ["the first arm", 6, starting("(if (i32.const 1) (then (drop (i32.const 0))) (else call $f))")],
  ["the second arm", 6, starting("(if (i32.const 0) (then call $f) (else (drop (i32.const 0))))")],
  ["a branch that is taken", 5, starting("(block (br_if 0 (i32.const 1)) (drop (i32.const 0)))")],
  ["a branch that is not", 6, starting("(block (br_if 0 (i32.const 0)) (drop (i32.const 0)))")],
  ["a call", 5, starting("call $g", "(func $g)")],
  ["a call with an argument", 7, starting(`(call $g (i32.const 0)) ${drops(1)}`, "(func $g (param i32))")],
  ["a call with a result", 6, starting("(drop (call $g))", "(func $g (result i32) i32.const 0)")],
  ["an indirect call", 6, starting("(call_indirect (i32.const 0))", "(func $g) (table funcref (elem $g))")],
  ["a loop that is left", 3, starting("loop end")],
  [
    "ten iterations of five instructions",
    55,
    starting(`(local i32) (local.set 0 (i32.const 10))
      (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))`),
  ],
];

const bulk: typeof costs = [100, 200].flatMap((count) => [
  [
    `memory.copy of ${count} bytes`,
    count + 7,
    starting(`(memory.copy (i32.const 0) (i32.const 0) (i32.const ${count}))`, "(memory 1)"),
  ],
  [
    `memory.fill of ${count} bytes`,
    count + 7,
    starting(`(memory.fill (i32.const 0) (i32.const 0) (i32.const ${count}))`, "(memory 1)"),
  ],
  [
    `memory.init of ${count} bytes`,
    count + 7,
    starting(
      `(memory.init $d (i32.const 0) (i32.const 0) (i32.const ${count}))`,
      `(memory 1) ${bytes(count)}`,
    ),
  ],
  [
    `table.copy of ${count} elements`,
    count + 7,
    starting(`(table.copy (i32.const 0) (i32.const 0) (i32.const ${count}))`, `(table ${count} funcref)`),
  ],
  [
    `table.fill of ${count} elements`,
    count + 7,
    starting(`(table.fill (i32.const 0) (ref.null func) (i32.const ${count}))`, `(table ${count} funcref)`),
  ],
  [
    `table.grow by ${count} elements`,
    count + 6,
    starting(`(drop (table.grow (ref.null func) (i32.const ${count})))`, "(table 0 funcref)"),
  ],
  [
    `table.init of ${count} elements`,
    count + 7,
    starting(
      `(table.init $e (i32.const 0) (i32.const 0) (i32.const ${count}))`,
      `(table ${count} funcref) (elem $e func ${references(count)})`,
    ),
  ],
]);

/** Growth by more than the maximum. wasmtime charges for a small constant all the same. */
const failing: typeof costs = [
  [5, 18],
  [500, 8],
].map(([delta, expected]) => [
  `growth by ${delta} that fails`,
  expected!,
  starting(
    `(drop (memory.grow (i32.const ${delta}))) (drop (table.grow (ref.null func) (i32.const ${delta})))`,
    "(memory 1 1) (table 0 0 funcref)",
  ),
]);

const array = "(type $a (array (mut i8)))";
const funcs = "(type $a (array (mut funcref)))";
const made = `(global $a (ref $a) (array.new_default $a (i32.const 100)))`;

const arrays: typeof costs = [
  [
    "array.copy, and an array in a global",
    211,
    starting(
      "(array.copy $a $a (global.get $a) (i32.const 0) (global.get $a) (i32.const 0) (i32.const 100))",
      `${array} ${made}`,
    ),
  ],
  [
    "array.fill",
    210,
    starting(
      "(array.fill $a (global.get $a) (i32.const 0) (i32.const 0) (i32.const 100))",
      `${array} ${made}`,
    ),
  ],
  [
    "array.new_data",
    26,
    starting("(drop (array.new_data $a $d (i32.const 0) (i32.const 20)))", `${array} ${bytes(20)}`),
  ],
  [
    "array.init_data",
    130,
    starting(
      "(array.init_data $a $d (global.get $a) (i32.const 0) (i32.const 0) (i32.const 20))",
      `${array} ${made} ${bytes(20)}`,
    ),
  ],
  [
    "array.new_elem",
    26,
    starting(
      "(drop (array.new_elem $a $e (i32.const 0) (i32.const 20)))",
      `${funcs} (elem $e func ${references(20)})`,
    ),
  ],
  [
    "array.init_elem",
    130,
    starting(
      "(array.init_elem $a $e (global.get $a) (i32.const 0) (i32.const 0) (i32.const 20))",
      `${funcs} ${made} (elem $e func ${references(20)})`,
    ),
  ],
  ["array.new_default", 105, starting("(drop (array.new_default $a (i32.const 100)))", funcs)],
  ["a large array.new_default", 205, starting("(drop (array.new_default $a (i32.const 200)))", funcs)],
  ["array.new", 106, starting("(drop (array.new $a (ref.null func) (i32.const 100)))", funcs)],
  ["a large array.new", 206, starting("(drop (array.new $a (ref.null func) (i32.const 200)))", funcs)],
  [
    "all of them by five, one after the other",
    147,
    starting(
      `(local $w (ref null $wide)) (local $n (ref null $narrow)) (local $f (ref null $funcs))
      (memory.copy (i32.const 0) (i32.const 0) (i32.const 5))
      (memory.fill (i32.const 0) (i32.const 0) (i32.const 5))
      (memory.init $d (i32.const 0) (i32.const 0) (i32.const 5))
      (drop (memory.grow (i32.const 5)))
      (table.copy (i32.const 0) (i32.const 0) (i32.const 5))
      (table.fill (i32.const 0) (ref.null func) (i32.const 5))
      (table.init $e (i32.const 0) (i32.const 0) (i32.const 5))
      (drop (table.grow (ref.null func) (i32.const 5)))
      (local.set $w (array.new $wide (i64.const 0) (i32.const 5)))
      (drop (array.new_default $wide (i32.const 5)))
      (local.set $n (array.new_data $narrow $d (i32.const 0) (i32.const 5)))
      (local.set $f (array.new_elem $funcs $e (i32.const 0) (i32.const 5)))
      (array.copy $wide $wide (local.get $w) (i32.const 0) (local.get $w) (i32.const 0) (i32.const 5))
      (array.fill $wide (local.get $w) (i32.const 0) (i64.const 0) (i32.const 5))
      (array.init_data $narrow $d (local.get $n) (i32.const 0) (i32.const 0) (i32.const 5))
      (array.init_elem $funcs $e (local.get $f) (i32.const 0) (i32.const 0) (i32.const 5))`,
      `(type $wide (array (mut i64))) (type $narrow (array (mut i32))) (type $funcs (array (mut funcref)))
      (memory 1 6) (table 5 10 funcref) ${bytes(26)} (elem $e func ${references(5)})`,
    ),
  ],
];

describe("instantiation takes what it takes in wasmtime for", () => {
  test.each([...costs, ...bulk, ...failing])("%s", (_title, expected, fields) => {
    expect(cost(fields)).toBe(BigInt(expected));
  });

  test.for(arrays)("%s", ([, expected, fields], context) => {
    requires(context, "gc");
    expect(cost(fields)).toBe(BigInt(expected));
  });
});

describe("a guest without end runs out of fuel:", () => {
  const doubling = [...Array(16).keys()].map(
    (index) => `(func $f${index} call $f${index + 1} call $f${index + 1})`,
  );
  const large = 20_000;

  test.for([
    ["a loop", starting("(loop (br 0))")],
    ["a loop with a condition", starting("(loop (br_if 0 (i32.const 1)))")],
    ["a loop with a table of labels", starting("(loop (br_table 0 (i32.const 0)))")],
    ["a tree of calls", `${doubling.join(" ")} (func $f16) (start $f0)`],
    ["a tail call of itself", starting("(return_call $f)")],
    ["a branch on null", starting("(loop (drop (br_on_null 0 (ref.null func))))")],
    [
      "a branch on what is not null",
      starting(
        "(ref.func $f) (loop (param (ref func)) (br_on_non_null 0) unreachable)",
        "(elem declare func $f)",
      ),
    ],
    [
      "a branch on a cast",
      starting(
        "(ref.i31 (i32.const 0)) (loop (param (ref i31)) (br_on_cast 0 anyref (ref i31)) unreachable)",
      ),
    ],
    [
      "a branch on a failed cast",
      starting("(ref.null any) (loop (param anyref) (br_on_cast_fail 0 anyref (ref i31)) unreachable)"),
    ],
    ["memory.copy", starting("(memory.copy (i32.const 0) (i32.const 0) (i32.const 65536))", "(memory 1)")],
    ["memory.fill", starting("(memory.fill (i32.const 0) (i32.const 0) (i32.const 65536))", "(memory 1)")],
    [
      "memory.init",
      starting(
        `(memory.init $d (i32.const 0) (i32.const 0) (i32.const ${large}))`,
        `(memory 1) ${bytes(large)}`,
      ),
    ],
    [
      "table.copy",
      starting(`(table.copy (i32.const 0) (i32.const 0) (i32.const ${large}))`, `(table ${large} funcref)`),
    ],
    [
      "table.fill",
      starting(`(table.fill (i32.const 0) (ref.null func) (i32.const ${large}))`, `(table ${large} funcref)`),
    ],
    ["table.grow", starting(`(drop (table.grow (ref.null func) (i32.const ${large})))`, "(table 0 funcref)")],
    [
      "table.init",
      starting(
        `(table.init $e (i32.const 0) (i32.const 0) (i32.const ${large}))`,
        `(table ${large} funcref) (elem $e func ${references(large)})`,
      ),
    ],
    ["array.new", starting(`(drop (array.new $a (i32.const 0) (i32.const ${large})))`, array)],
    ["array.new_default", starting(`(drop (array.new_default $a (i32.const ${large})))`, array)],
    [
      "array.new_data",
      starting(
        `(drop (array.new_data $a $d (i32.const 0) (i32.const ${large})))`,
        `${array} ${bytes(large)}`,
      ),
    ],
    [
      "array.new_elem",
      starting(
        `(drop (array.new_elem $a $e (i32.const 0) (i32.const ${large})))`,
        `${funcs} (elem $e func ${references(large)})`,
      ),
    ],
    ...["copy $a", "fill", "init_data", "init_elem"].map((operation): [string, string] => [
      `array.${operation.split(" ")[0]}`,
      largeArray(operation, large),
    ]),
  ] as const)("%s", ([, fields], { skip }) => {
    const text = `(module ${fields})`;
    skip(!isValid(wat2wasm(text)), "this JavaScript engine lacks the instruction");
    const store = storeWith(10_000);
    const trap = thrownBy(() => new Instance(store, new Module(engine, text), []));
    expect(trap.trapCode).toBe("OUT_OF_FUEL");
    expect(store.getFuel()).toBe(0n);
  });

  function largeArray(operation: string, size: number): string {
    const type = operation === "init_elem" ? funcs : array;
    const operands: Record<string, string> = {
      "copy $a": `(array.copy $a $a (global.get $a) (i32.const 0) (global.get $a) (i32.const 0) (i32.const ${size}))`,
      fill: `(array.fill $a (global.get $a) (i32.const 0) (i32.const 0) (i32.const ${size}))`,
      init_data: `(array.init_data $a $d (global.get $a) (i32.const 0) (i32.const 0) (i32.const ${size}))`,
      init_elem: `(array.init_elem $a $e (global.get $a) (i32.const 0) (i32.const 0) (i32.const ${size}))`,
    };
    const segment =
      operation === "init_data"
        ? bytes(size)
        : operation === "init_elem"
          ? `(elem $e func ${references(size)})`
          : "";
    const global = `(global $a (ref $a) (array.new_default $a (i32.const ${size})))`;
    return starting(operands[operation]!, `${type} ${global} ${segment}`);
  }
});

describe("fuel", () => {
  test("is what was set last, up to 2^64 - 1", () => {
    const store = new Store(engine);
    expect(store.getFuel()).toBe(0n);
    for (const fuel of [10_000, 1, 0, 2n ** 63n - 1n, 2n ** 63n, plenty]) {
      store.setFuel(fuel);
      expect(store.getFuel()).toBe(BigInt(fuel));
    }
  });

  test("is an integer of 64 bits", () => {
    const store = new Store(engine);
    for (const fuel of [-1, -1n, 2n ** 64n]) expect(() => store.setFuel(fuel)).toThrow(RangeError);
    for (const fuel of [1.5, Number.NaN, "5", undefined])
      expect(() => store.setFuel(fuel as any)).toThrow(TypeError);
    expect(() => store.setFuel(1.5)).toThrow("Expected `fuel` to be an integer, got `1.5` (number)");
  });

  test("is an error without the engine's option", () => {
    const store = new Store();
    expect(() => store.setFuel(1)).toThrow("fuel is not configured in this store");
    expect(() => store.getFuel()).toThrow("fuel is not configured in this store");
  });

  test("was never set: the first function stops at once, with its frame", () => {
    const store = new Store(engine);
    const { run } = new Instance(store, new Module(engine, '(module (func $f (export "run")))'), []).exports;
    const trap = thrownBy(run);
    expect(trap.message).toBe(`\
error while executing at wasm backtrace:
    0:     0x1f - <unknown>!f

Caused by:
    wasm trap: all fuel consumed by WebAssembly
`);
    expect(trap.trapCode).toBe("OUT_OF_FUEL");
  });

  test("of 1 does not suffice for an empty function", () => {
    const store = storeWith(1);
    const { run } = new Instance(store, new Module(engine, '(module (func (export "run")))'), []).exports;
    expect(thrownBy(run).trapCode).toBe("OUT_OF_FUEL");
    store.setFuel(2);
    run();
    expect(store.getFuel()).toBe(1n);
  });

  test("is none when code has used more than there was", () => {
    const store = storeWith(6);
    const text =
      '(module (func (export "add2") (param i32) (result i32) (i32.add (local.get 0) (i32.const 2))))';
    const { add2 } = new Instance(store, new Module(engine, text), []).exports;
    expect(add2(10)).toBe(12);
    expect(store.getFuel()).toBe(2n);
    expect(add2(10)).toBe(12);
    expect(store.getFuel()).toBe(0n);
    expect(thrownBy(() => add2(10)).trapCode).toBe("OUT_OF_FUEL");
  });

  test("is exact in host functions, which may change it", () => {
    const store = storeWith(10_000);
    const seen: bigint[] = [];
    const host = new Func(store, nothing, () => {
      seen.push(store.getFuel());
      store.setFuel(1);
    });
    const text = '(module (import "" "" (func)) (func (export "run") call 0 call $other) (func $other))';
    const { run } = new Instance(store, new Module(engine, text), [host]).exports;
    expect(thrownBy(run).trapCode).toBe("OUT_OF_FUEL");
    expect(seen).toEqual([9_998n]);
  });

  test("that a host function takes away is missed at the next check, not before", () => {
    const store = storeWith(100);
    const host = new Func(store, nothing, () => store.setFuel(0));
    const text = `(module (import "" "" (func)) (global $n (export "n") (mut i32) (i32.const 0))
      (func (export "run") call 0 (global.set $n (i32.const 1)) (loop (global.set $n (i32.const 2)))))`;
    const { run, n } = new Instance(store, new Module(engine, text), [host]).exports;
    expect(thrownBy(run).trapCode).toBe("OUT_OF_FUEL");
    expect(n.value).toBe(1);
  });

  test("is one balance for all instances of a store", () => {
    const store = storeWith(100);
    const linker = new Linker(engine);
    const callee = new Module(engine, '(module (func (export "f") (drop (i32.const 0))))');
    linker.defineInstance(store, "callee", linker.instantiate(store, callee));
    const caller = new Module(engine, '(module (import "callee" "f" (func)) (func (export "run") call 0))');
    linker.instantiate(store, caller).exports["run"]();
    // Entry and call, entry and constant.
    expect(store.getFuel()).toBe(96n);
  });

  test("is not taken for calls of host functions by the host", () => {
    const store = storeWith(5);
    new Func(store, nothing, () => {})();
    expect(store.getFuel()).toBe(5n);
  });

  test("is forgotten since the last call, branch out or loop when an instruction traps, as in wasmtime", () => {
    const text = `(module (memory 1 1)
      (func (export "load") (result i32) (i32.load (i32.add (i32.const 65535) (i32.const 1))))
      (func (export "fill") (memory.fill (i32.const 65535) (i32.const 0) (i32.const 5)))
      (func (export "after") (result i32) call $nop (i32.load (i32.const 65536))) (func $nop))`;
    const { load, fill, after } = new Instance(storeWith(1000), new Module(engine, text), []).exports as any;
    const { store } = load;
    for (const [run, left] of [
      [load, 1000n],
      [fill, 1000n],
      [after, 997n],
    ]) {
      store.setFuel(1000);
      expect(thrownBy(run).trapCode).toBe("MEMORY_OUT_OF_BOUNDS");
      expect(store.getFuel()).toBe(left);
    }
  });

  test("is stored before an access that no address brings into bounds, as in wasmtime", () => {
    const text = `(module (memory 1 1)
      (func (export "beyond") (param i32) (result i32)
        (i32.load8_s offset=0xffffffff (i32.add (local.get 0) (local.get 0))))
      (func (export "within") (param i32) (result i32)
        (i32.load8_s offset=0xffff (i32.add (local.get 0) (local.get 0)))))`;
    const { beyond, within } = new Instance(storeWith(1000), new Module(engine, text), []).exports as any;
    const { store } = beyond;
    expect(thrownBy(() => beyond(0)).trapCode).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(store.getFuel()).toBe(995n);
    expect(thrownBy(() => within(1)).trapCode).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(store.getFuel()).toBe(995n);
  });

  test("is not taken for a growth by more than there can be, however much that is", (context) => {
    requires(context, "memory64", "table64");
    const text = `(module (memory i64 0 0) (table i64 0 0 funcref)
      (func (export "memory") (param i64) (result i64) (memory.grow (local.get 0)))
      (func (export "table") (param i64) (result i64) (table.grow (ref.null func) (local.get 0))))`;
    const { memory, table } = new Instance(storeWith(10_000), new Module(engine, text), []).exports as any;
    expect([memory(2n ** 63n - 1n), table(2n ** 63n - 1n)]).toEqual([-1n, -1n]);
    expect(memory.store.getFuel()).toBe(9_993n);
  });

  test("cannot be made by a growth beyond all bounds", (context) => {
    requires(context, "memory64");
    for (const delta of ["(local.get 0)", "(i64.const -500)"]) {
      const store = storeWith(100_000);
      const text = `(module (table i64 0 0x10000 funcref) (func (export "run") (param i64)
        (loop (drop (table.grow (ref.null func) ${delta})) (br 0))))`;
      const module = new Module(engine, text);
      const { run } = new Instance(store, module, []).exports;
      expect(thrownBy(() => run(-500n)).trapCode).toBe("OUT_OF_FUEL");
      expect(store.getFuel()).toBe(0n);
    }
  });

  test("that is too little for a growth leaves the table grown", () => {
    const store = storeWith(2);
    const text = `(module (table 1 10000000 funcref)
      (func (export "grow") (result i32) (table.grow (ref.null func) (i32.const 9999)))
      (func (export "size") (result i32) (table.size)))`;
    const { grow, size } = new Instance(store, new Module(engine, text), []).exports;
    expect(thrownBy(grow).trapCode).toBe("OUT_OF_FUEL");
    store.setFuel(100);
    expect(size()).toBe(10_000);
  });

  test("runs out unseen by the guest's handlers, and leaves the store usable", () => {
    const handlers = {
      exceptions: "(block $b (try_table (catch_all $b) (loop (br 0))))",
      legacyExceptions: "try (loop (br 0)) catch_all end",
    };
    for (const [feature, body] of Object.entries(handlers)) {
      if (!Engine.features()[feature]) continue;
      const store = storeWith(1000);
      const text = `(module (func (export "spin") ${body}) (func (export "six") (result i32) (i32.const 6)))`;
      const { spin, six } = new Instance(store, new Module(engine, text), []).exports;
      for (let round = 0; round < 3; round++) {
        expect(thrownBy(spin).trapCode).toBe("OUT_OF_FUEL");
        store.setFuel(1000);
      }
      expect(six()).toBe(6);
    }
  });

  test("of a recursion ends in one trap or the other", () => {
    const text = '(module (func $f (export "run") call $f))';
    const { run } = new Instance(storeWith(1000), new Module(engine, text), []).exports as any;
    expect(thrownBy(run).trapCode).toBe("OUT_OF_FUEL");
    run.store.setFuel(plenty);
    expect(thrownBy(run).trapCode).toBe("STACK_OVERFLOW");
    expect(thrownBy(run).trapCode).toBe("STACK_OVERFLOW");
    expect(run.store.getFuel()).toBeGreaterThan(0n);
  });
});

describe("fuel together with epochs", () => {
  const both = new Engine({ consumeFuel: true, epochInterruption: true });

  function instantiate(fuel: number | bigint): { store: Store<undefined>; run: Func } {
    const store = new Store(both);
    store.setFuel(fuel);
    store.setEpochDeadline(1);
    const tick = new Func(store, nothing, () => both.incrementEpoch());
    const text = `(module (import "" "tick" (func $tick))
      (func (export "run") (drop (i32.const 0)) call $tick (drop (i32.const 0)) (drop (i32.const 0)) (loop)))`;
    return { store, run: new Instance(store, new Module(both, text), [tick]).getFunc("run")! };
  }

  test("runs out first where both have", () => {
    expect(thrownBy(instantiate(5).run).trapCode).toBe("OUT_OF_FUEL");
    expect(thrownBy(instantiate(6).run).trapCode).toBe("INTERRUPT");
  });

  test("is left as it was at the last call when the epoch stops the guest", () => {
    const { store, run } = instantiate(100);
    expect(thrownBy(run).trapCode).toBe("INTERRUPT");
    expect(store.getFuel()).toBe(97n);
  });

  test("is what it is without, whatever the epoch does", () => {
    const { store, run } = instantiate(2n ** 63n);
    store.epochDeadlineCallback(() => 1);
    run();
    expect(2n ** 63n - store.getFuel()).toBe(5n);
    store.epochDeadlineCallback(() => {
      store.setFuel(50);
      return 1;
    });
    both.incrementEpoch();
    run();
    expect(store.getFuel()).toBeLessThanOrEqual(50n);
  });
});
