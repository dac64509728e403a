/**
 * What a store and its WASI context know of each other. `runtime/` declares it and `wasi/` implements it, so that
 * linking the names of WASI does not import its code.
 *
 * @packageDocumentation
 */
import type { WasmlinkError } from "../errors.ts";
import type { WasiFunctionName, WasiModule } from "./wasi-signatures.ts";

/** The functions as the engine calls them: i32 as a signed number, i64 as a bigint; they return an errno. */
export type WasiFunctions = Readonly<Record<WasiFunctionName, (...args: any[]) => number>>;

/** The calling instance, as the functions bound to it see it. */
export interface WasiGuest {
  /** The memory the instance exports as `memory`; undefined when it exports none. */
  memory(): { readonly buffer: ArrayBufferLike } | undefined;
  /** Ends the call into wasm with the guest's exit code, 0 to 125. The guest cannot catch it. */
  exit(code: number): never;
  /** Ends the call into wasm as a trap does, with a backtrace. The guest cannot catch it. */
  abort(error: WasmlinkError): never;
  /** Ends the call into wasm: what a callback of the host threw reaches the host as the same object. */
  raise(thrown: unknown): never;
  /**
   * Asked before the guest blocks and on every wake-up: how long it may block, in nanoseconds, before asking again.
   * Ends the call by itself when the store's deadline has passed. Left out while there is no deadline.
   */
  readonly blockingBudgetNs?: (() => bigint) | undefined;
}

/** One store's WASI context: shared by all its instances. */
export interface WasiHost {
  /** Makes the functions of a module for one instance. */
  bind(guest: WasiGuest, module: WasiModule): WasiFunctions;
  /** Closes every file the guests have open. */
  close(): void;
}

/** What {@link Store.setWasi} takes: a {@link WasiConfig}. */
export interface WasiHostFactory {
  /** Opens what the configuration names and makes a context for one store, which closes it. */
  createHost(): WasiHost;
}
