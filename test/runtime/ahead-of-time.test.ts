import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { webAssembly } from "../../src/host/webassembly.ts";
import {
  Engine,
  type EngineOptions,
  Func,
  Instance,
  Linker,
  Module,
  Store,
  Trap,
  UnsupportedError,
  WasmlinkError,
} from "../../src/index.ts";
import { thrownBy } from "../support/modules.ts";

/** A module with something of everything that instrumentation changes. */
const guest = `(module $guest
  (import "host" "twice" (func $twice (param i32) (result i32)))
  (import "host" "twice" (func $again (param i32) (result i32)))
  (memory (export "memory") 1)
  (global $started (export "started") (mut i32) (i32.const 0))
  (table funcref (elem $local))
  (func $local (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $start (global.set $started (call $again (i32.const 21))))
  (start $start)
  (func (export "run") (param i32) (result i32)
    (call $twice (call_indirect (param i32) (result i32) (local.get 0) (i32.const 0))))
  (func $forever (export "forever") (loop (br 0)))
  (func (export "stubborn") (try_table (catch_all 0) (call $forever)) (loop (br 0)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func $fail (export "fail") nop unreachable)
  (@custom "note" "abc"))`;

const withoutHandlers = guest.replace(/^.*try_table.*$/m, "");
const twice = { params: ["i32"], results: ["i32"] } as const;

/** What a build has made, and the same as a deployment has it. */
function deploy(engine: Engine, source: string = withoutHandlers) {
  const file = new Module(engine, source).instrument();
  return { file, compiled: new (webAssembly().Module)(file) };
}

function linked(engine: Engine, store: Store, module: Module): Record<string, any> {
  const linker = new Linker(engine);
  linker.defineFunc("host", "twice", twice, (value: number) => value * 2);
  return linker.instantiate(store, module).exports;
}

const everyWay: readonly EngineOptions[] = [
  {},
  { consumeFuel: true },
  { epochInterruption: true },
  { consumeFuel: true, epochInterruption: true },
];

function storeOf(engine: Engine): Store {
  const store = new Store(engine);
  if (engine.options.consumeFuel) store.setFuel(1_000_000);
  if (engine.options.epochInterruption) store.setEpochDeadline(1);
  return store;
}

describe("where nothing can be compiled from bytes", () => {
  const environment = webAssembly() as { -readonly [K in "Module" | "CompileError"]: any };
  const { Module: Native } = environment;
  let isAllowed = true;

  beforeEach(() => {
    const { CompileError } = environment;
    environment.Module = new Proxy(Native, {
      construct(target, args) {
        if (isAllowed) return Reflect.construct(target, args);
        throw new CompileError("WebAssembly.Module(): Wasm code generation disallowed by embedder");
      },
    });
  });

  afterEach(() => {
    isAllowed = true;
    environment.Module = Native;
  });

  test.each(everyWay)("an instrumented module is as any other: %o", (options) => {
    const engine = new Engine(options);
    const { file, compiled } = deploy(engine);
    isAllowed = false;
    const module = Module.fromNative(engine, compiled, file);
    const store = storeOf(engine);
    store.setLimits({ memorySize: 3 * 65_536 });
    const exports = linked(engine, store, module);
    expect(exports["started"].value).toBe(42);
    expect(exports["run"](20)).toBe(42);
    expect([exports["grow"](1), exports["grow"](5), exports["memory"].size]).toEqual([1, -1, 2]);
    const trap = thrownBy(exports["fail"]);
    expect(trap).toBeInstanceOf(Trap);
    expect(trap.trapCode).toBe("UNREACHABLE");
    expect(trap.frames[0]).toMatchObject({ funcName: "fail", moduleName: "guest" });
  });

  test("it is stopped by fuel, and catches nothing of that", (context) => {
    context.skip(!Engine.features()["exceptions"], "this JavaScript engine has no exceptions");
    const engine = new Engine({ consumeFuel: true });
    const { file, compiled } = deploy(engine, guest);
    isAllowed = false;
    const store = storeOf(engine);
    const exports = linked(engine, store, Module.fromNative(engine, compiled, file));
    expect(thrownBy(exports["stubborn"]).trapCode).toBe("OUT_OF_FUEL");
    expect(store.getFuel()).toBe(0n);
  });

  test("it is stopped by the clock", () => {
    const engine = new Engine({ epochInterruption: true });
    const { file, compiled } = deploy(engine);
    isAllowed = false;
    const store = new Store(engine);
    store.setCallTimeout(1000);
    const exports = linked(engine, store, Module.fromNative(engine, compiled, file));
    store.setCallTimeout(5);
    expect(thrownBy(exports["forever"]).trapCode).toBe("INTERRUPT");
  });

  test("functions that it imports and gives away need to be compiled", () => {
    const engine = new Engine();
    const { file, compiled } = deploy(engine, '(module (import "" "" (func $f)) (export "f" (func $f)))');
    isAllowed = false;
    const store = new Store(engine);
    const func = new Func(store, { params: [], results: [] }, () => undefined);
    const module = Module.fromNative(engine, compiled, file);
    expect(thrownBy(() => new Instance(store, module, [func]))).toBeInstanceOf(UnsupportedError);
  });
});

test("fuel is what it is for the same module compiled from bytes", () => {
  const engine = new Engine({ consumeFuel: true });
  const { file, compiled } = deploy(engine);
  const left = [new Module(engine, withoutHandlers), Module.fromNative(engine, compiled, file)].map(
    (module) => {
      const store = storeOf(engine);
      const exports = linked(engine, store, module);
      exports["run"](1);
      exports["grow"](1);
      return store.getFuel();
    },
  );
  expect(left[1]).toBe(left[0]);
});

test("functions that an instrumented module hands out are found by their own index", () => {
  const engine = new Engine();
  const { file, compiled } = deploy(
    engine,
    `(module (type $t (func (param i32 i32) (result i32))) (func) (func (param i64))
      (func $add (type $t) (i32.add (local.get 0) (local.get 1)))
      (table (export "table") 1 funcref) (elem (i32.const 0) $add))`,
  );
  const { table } = new Instance(new Store(engine), Module.fromNative(engine, compiled, file), []).exports;
  expect(table.get(0).type).toMatchObject({ params: ["i32", "i32"], results: ["i32"] });
  expect(table.get(0)(40, 2)).toBe(42);
});

test("an instrumented module shows the original", () => {
  const engine = new Engine({ consumeFuel: true });
  const { file, compiled } = deploy(engine);
  const original = new Module(engine, withoutHandlers);
  const module = Module.fromNative(engine, compiled, file);
  expect(module.name).toBe("guest");
  expect(module.imports).toEqual(original.imports);
  expect(module.exports).toEqual(original.exports);
  expect(module.customSections("note")).toEqual(original.customSections("note"));
  expect(module.serialize()).toEqual(original.serialize());
});

test("instrumenting twice gives the same file", () => {
  const engine = new Engine({ consumeFuel: true });
  expect(deploy(engine).file).toEqual(deploy(engine).file);
});

test.each([
  [{ consumeFuel: true }, {}, "Module was compiled with fuel support but it is not enabled for the host"],
  [{}, { consumeFuel: true }, "Module was compiled without fuel support but it is enabled for the host"],
  [
    {},
    { epochInterruption: true },
    "Module was compiled without epoch interruption but it is enabled for the host",
  ],
])("a module instrumented for %o is refused for %o", (built, used, message) => {
  const { file, compiled } = deploy(new Engine(built));
  const error = thrownBy(() => Module.fromNative(new Engine(used), compiled, file));
  expect(error).toBeInstanceOf(WasmlinkError);
  expect(error.message).toBe(message);
});

test("code that is not what would be made of the original is refused", () => {
  const engine = new Engine({ consumeFuel: true });
  const { file, compiled } = deploy(engine, '(module (func (export "f") (drop (i32.const 55))))');
  const at = file.findIndex((byte, index) => byte === 0x41 && file[index + 1] === 55);
  file[at + 1] = 56;
  const error = thrownBy(() => Module.fromNative(engine, compiled, file));
  expect(error.message).toContain("instrument the original again");
});
