/**
 * The host modules scripts import from.
 *
 * Spec: https://github.com/WebAssembly/spec/tree/main/interpreter#spectest-host-module
 *
 * @packageDocumentation
 */
import type { ValType } from "../binary/types.ts";
import { Engine } from "../runtime/engine.ts";
import { Global } from "../runtime/global.ts";
import type { Linker } from "../runtime/linker.ts";
import { Memory } from "../runtime/memory.ts";
import { SharedMemory } from "../runtime/shared-memory.ts";
import type { Store } from "../runtime/store.ts";
import { Table } from "../runtime/table.ts";

const printers: { readonly [name: string]: readonly ValType[] } = {
  print: [],
  print_i32: ["i32"],
  print_i64: ["i64"],
  print_f32: ["f32"],
  print_f64: ["f64"],
  print_i32_f32: ["i32", "f32"],
  print_f64_f64: ["f64", "f64"],
};

const globals = [
  ["global_i32", "i32", 666],
  ["global_i64", "i64", 666n],
  ["global_f32", "f32", 666.6],
  ["global_f64", "f64", 666.6],
] as const;

/**
 * Defines `spectest`, and `wasmtime` with the function `gc` as wasmtime's runner has it.
 *
 * @param print - gets what the printing functions are called with: `1 : i32`
 */
export function defineHostModules(linker: Linker, store: Store<any>, print: (line: string) => void): void {
  for (const [name, params] of Object.entries(printers)) {
    linker.defineFunc("spectest", name, { params, results: [] }, (...args: unknown[]) => {
      print(args.map((value, index) => `${value} : ${params[index]}`).join(" "));
    });
  }
  for (const [name, content, value] of globals) {
    linker.define(store, "spectest", name, new Global(store, { content }, value));
  }
  const elements = { element: "funcref", minimum: 10, maximum: 20 } as const;
  const pages = { minimum: 1, maximum: 2 };
  linker.define(store, "spectest", "table", new Table(store, elements, null));
  linker.define(store, "spectest", "memory", new Memory(store, pages));
  const features = Engine.features();
  if (features["table64"]) {
    linker.define(store, "spectest", "table64", new Table(store, { ...elements, address: "i64" }, null));
  }
  if (features["threads"] && features["sharedArrayBuffer"] && linker.engine.options.sharedMemory) {
    const shared = new SharedMemory(linker.engine, { ...pages, shared: true });
    linker.define(store, "spectest", "shared_memory", shared);
  }
  linker.defineFunc("wasmtime", "gc", { params: [], results: [] }, () => store.gc());
}
