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
 * const store = new Store();
 * const output: Uint8Array[] = [];
 * store.setWasi(
 *   new WasiConfig({
 *     args: ["python", "/app/main.py"],
 *     stdout: (chunk) => void output.push(chunk),
 *     preopens: { "/app": new MemoryDirectory({ "main.py": "print(6 * 7)" }) },
 *   }),
 * );
 * ```
 */
export class WasiConfig implements WasiHostFactory {
  /** The options with every default filled in. @internal */
  readonly settings: WasiSettings;

  /**
   * @throws TypeError when an option is unknown or has the wrong type; the message names it and shows the value
   */
  constructor(options: WasiOptions = {}) {
    this.settings = settingsOf(options);
  }

  /** Makes the context of one store: what {@link Store.setWasi} calls. */
  createHost(): WasiHost {
    return new WasiContext(this.settings);
  }
}
