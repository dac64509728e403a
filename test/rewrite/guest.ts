/** Instances of instrumented modules, with a host for them that tests can look into. */
import { decodeModule } from "../../src/binary/decode.ts";
import type { MemoryType, TableType } from "../../src/binary/types.ts";
import { exportFunction } from "../../src/host/trampolines.ts";
import {
  type NativeFunction,
  type NativeGlobal,
  type NativeImports,
  type NativeMemory,
  type NativeModule,
  webAssembly,
} from "../../src/host/webassembly.ts";
import type { HookName } from "../../src/rewrite/hooks.ts";
import type { ImportKey } from "../../src/rewrite/import-keys.ts";
import {
  type InstrumentationPlan,
  type InstrumentedModule,
  instrument,
} from "../../src/rewrite/instrument.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";
import { plainFuncType } from "../host/func-types.ts";

/** What the host throws when the fuel is gone. */
class OutOfFuel extends Error {}

/** What the host throws to stop a guest. */
class Interrupt extends Error {}

export type Hooks = { readonly [H in HookName]?: NativeFunction };

export interface Guest {
  readonly module: InstrumentedModule;
  readonly native: NativeModule;
  readonly exports: Record<string, any>;
  readonly fuel: NativeGlobal | undefined;
  /** What is left of the countdown. */
  readonly budget: NativeGlobal | undefined;
  /** The word that stands for the flag. */
  readonly flag: Int32Array | undefined;
  /** Memories that became imports. */
  readonly memories: readonly NativeMemory[];
}

const defaults: Required<Omit<Hooks, "outOfFuel">> = {
  interrupt: () => {
    throw new Interrupt();
  },
  memoryGrowing: () => 1,
  memoryGrowFailed: () => 0,
  tableGrowing: () => 1,
  tableGrowFailed: () => 0,
};

function size({ minimum, maximum, address }: MemoryType | TableType) {
  const wide = address === "i64";
  const number = (value: number | bigint) => (wide ? BigInt(value) : Number(value));
  return {
    initial: number(minimum),
    ...(maximum === undefined ? {} : { maximum: number(maximum) }),
    ...(wide ? { address } : {}),
  };
}

/** Instruments a module, given as bytes or text, and instantiates it; the start function is not called. */
export function instantiate(
  source: Uint8Array<ArrayBuffer> | string,
  plan: InstrumentationPlan,
  { hooks = {}, imports = {} }: { readonly hooks?: Hooks; readonly imports?: NativeImports } = {},
): Guest {
  const { Global, Instance, Memory, Module, Table } = webAssembly();
  const info = decodeModule(typeof source === "string" ? wat2wasm(source) : source);
  const module = instrument(info, plan);
  const all: NativeImports = { ...imports };
  const provide = <T>({ module: from, name }: ImportKey, item: T): T => {
    all[from] = { ...all[from], [name]: item };
    return item;
  };
  const fuel = module.fuelKey && provide(module.fuelKey, new Global({ value: "i64", mutable: true }, 0n));
  const flag =
    module.flagKey && provide(module.flagKey, new Memory({ initial: 1, maximum: 1, shared: true }));
  const memories = module.memoryKeys.map((key, index) => {
    const type = info.memories[info.imported.memory + index]!;
    return provide(key, new Memory({ ...size(type), shared: type.shared }));
  });
  module.tableKeys.forEach((key, index) => {
    const type = info.tables[info.imported.table + index]!;
    const element = type.element === "funcref" ? "anyfunc" : (type.element as string);
    provide(key, new Table({ element, ...size(type) }));
  });
  const outOfFuel = (left: bigint) => {
    fuel!.value = left;
    throw new OutOfFuel();
  };
  const hookOf = (name: HookName) => hooks[name] ?? { ...defaults, outOfFuel }[name];
  for (const { name, key } of module.hooks) if (key !== undefined) provide(key, hookOf(name));
  const native = new Module(module.bytes);
  const { exports } = new Instance(native, all);
  const table = module.hookTable && exports[module.hookTable];
  if (table !== undefined) {
    module.hooks.forEach(({ name, type }, slot) => {
      table.set(slot, exportFunction(plainFuncType(type), hookOf(name)));
    });
  }
  const budget: NativeGlobal | undefined = module.budgetExport && exports[module.budgetExport];
  if (budget !== undefined) budget.value = 0;
  return {
    module,
    native,
    exports,
    fuel,
    budget,
    flag: flag && new Int32Array(flag.buffer),
    memories,
  };
}

/** Calls a function with some fuel. @returns what became of the call, and how much fuel it took */
export function callWithFuel(
  { exports, fuel }: Guest,
  name: string,
  args: readonly unknown[],
  amount: number,
): string {
  fuel!.value = BigInt(amount);
  const outcome = outcomeOf(() => exports[name](...args));
  const left = Math.max(Number(fuel!.value), 0);
  return `${outcome}, ${amount - left} used`;
}

/** What a call returns, or the way it fails. */
export function outcomeOf(call: () => unknown): string {
  const { RuntimeError } = webAssembly();
  try {
    const result = call();
    return Array.isArray(result) ? result.join() : String(result);
  } catch (error) {
    if (error instanceof OutOfFuel) return "out of fuel";
    if (error instanceof Interrupt) return "interrupt";
    // A stack overflow is a RangeError.
    if (error instanceof RuntimeError || error instanceof RangeError) return "trap";
    throw error;
  }
}
