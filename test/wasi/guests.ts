import { webAssembly } from "../../src/host/webassembly.ts";
import type { WasiGuest, WasiHost } from "../../src/runtime/wasi-host.ts";

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
    raise: (error) => {
      throw error;
    },
    blockingBudgetNs,
  };
}

/** Runs a command on the engine itself and returns its exit code. */
export function runCommand(bytes: Uint8Array, host: WasiHost): number {
  const { Module, Instance } = webAssembly();
  try {
    const functions = host.bind(throwingGuest(() => instance.exports.memory));
    const instance = new Instance(new Module(bytes), { wasi_snapshot_preview1: functions });
    instance.exports._start();
    return 0;
  } catch (error) {
    if (error instanceof Exit) return error.code;
    throw error;
  } finally {
    host.close();
  }
}
