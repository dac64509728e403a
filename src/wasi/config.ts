import type { WasiHost, WasiHostFactory } from "../runtime/wasi-host.ts";
import { WasiContext } from "./context.ts";
import { settingsOf, type WasiOptions, type WasiSettings } from "./options.ts";

/**
 * Configuration of WASI for a store. One can serve many stores: each makes its own context of it, which all instances
 * of the store share.
 *
 * An exception that a callback throws ends the guest and reaches the host as the same object.
 *
 * Mirrors wasmtime's `WasiConfig` (Python) and `WasiCtxBuilder` (Rust).
 *
 * @example
 * ```ts
 * let output = "";
 * const engine = new Engine();
 * const store = new Store(engine);
 * const stdout = (chunk: Uint8Array) => {
 *   output += new TextDecoder().decode(chunk);
 * };
 * store.setWasi(new WasiConfig({ args: ["greet"], stdout, preopens: { "/": new MemoryDirectory() } }));
 * const module = new Module(engine, `(module
 *   (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
 *   (memory (export "memory") 1)
 *   (data (i32.const 0) "\\08\\00\\00\\00\\05\\00\\00\\00hello")
 *   (func (export "_start") (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))))`);
 * new Linker(engine).defineWasi().instantiate(store, module).exports["_start"]();
 * console.log(output); // "hello"
 * ```
 */
export class WasiConfig implements WasiHostFactory {
  /** The options with every default filled in. @internal */
  readonly settings: WasiSettings;

  /**
   * @throws {TypeError} an option is unknown or has the wrong type; the message names it and shows the value
   */
  constructor(options: WasiOptions = {}) {
    this.settings = settingsOf(options);
  }

  /** Makes the context of one store: what {@link Store.setWasi} calls. */
  createHost(): WasiHost {
    return new WasiContext(this.settings);
  }
}
