import { Engine, ExitTrap, Linker, Module, Store, type WasiConfig } from "../../src/index.ts";
import type { WasiGuest } from "../../src/runtime/wasi-host.ts";

/** What `proc_exit` throws in these tests. */
export class Exit {
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }
}

/** A guest that throws where a store would end the call. */
export function throwingGuest(memory: WasiGuest["memory"], blockingBudgetNs?: () => bigint): WasiGuest {
  return {
    memory,
    exit: (code) => {
      throw new Exit(code);
    },
    abort: (error) => {
      throw error;
    },
    raise: (thrown) => {
      throw thrown;
    },
    blockingBudgetNs,
  };
}

/** Runs a command in a store of its own and returns its exit code. */
export function runCommand(bytes: Uint8Array, config: WasiConfig): number {
  const engine = new Engine();
  using store = new Store(engine);
  store.setWasi(config);
  try {
    const instance = new Linker(engine).defineWasi().instantiate(store, new Module(engine, bytes));
    instance.exports._start();
    return 0;
  } catch (error) {
    if (error instanceof ExitTrap) return error.exitCode;
    throw error;
  }
}
