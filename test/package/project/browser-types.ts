/** Where TypeScript's DOM library or Node's types are there, their types fit. Compiled only. */
import { type Engine, type Instance, type Linker, Module, Store } from "wasmlink";

export async function fits(
  engine: Engine,
  linker: Linker,
  instance: Instance,
  bytes: Uint8Array<ArrayBuffer>,
) {
  using store = new Store(engine);
  const fetched: Module = await Module.compile(engine, fetch("program.wasm"));
  const adopted = Module.fromNative(engine, await WebAssembly.compile(bytes), bytes);
  const imports: WebAssembly.Imports = linker.toImports(store, fetched);
  linker.defineImports(store, imports);
  const native: WebAssembly.Instance = instance.native;
  const ticker: Disposable = engine.startEpochTicker({ intervalMs: 10 });
  return [adopted, native, ticker];
}
