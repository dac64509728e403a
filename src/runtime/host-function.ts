/**
 * A function of the host before it belongs to a store: what {@link Linker.defineFunc} keeps.
 *
 * @packageDocumentation
 */
import type { FuncType } from "../binary/types.ts";
import { adaptHostFunction, needsAdapter } from "../host/adapters.ts";
import { carriesExceptions, exceptionsCannotCross } from "../host/references.ts";
import { exportFunction } from "../host/trampolines.ts";
import type { NativeFunction } from "../host/webassembly.ts";
import { takeSite } from "./call-sites.ts";
import type { CallerScope } from "./caller.ts";
import { timed } from "./calls-in-progress.ts";
import type { Engine } from "./engine.ts";
import { toGuest, withBacktrace } from "./failure.ts";
import type { Func } from "./func.ts";
import { importCall } from "./host-calls.ts";
import type { MatchType } from "./matching.ts";
import type { Store } from "./store.ts";
import { nativeFuncType } from "./type-encoding.ts";
import { isNumeric } from "./values.ts";

/** Options of host functions. */
export interface HostFuncOptions {
  /** Default false. Whether the function is given a {@link Caller} in front of its arguments. */
  readonly accessCaller?: boolean;
}

function refuseExceptions(): never {
  throw toGuest(withBacktrace(exceptionsCannotCross()));
}

export class HostFunction {
  readonly engine: Engine;
  readonly type: FuncType;
  readonly fn: (...args: any[]) => unknown;
  readonly accessCaller: boolean;
  /** Canonical index of the type in the engine. */
  readonly typeIndex: number;
  /** The type as import matching needs it. */
  readonly matchType: MatchType;
  /** Whether nothing depends on store or instance, so that one closure serves all of them. */
  readonly isShareable: boolean;
  /** The function as an item of each store that asked for it. */
  readonly items = new WeakMap<Store<any>, Func>();
  #shared: NativeFunction | undefined;
  readonly #site: number;

  constructor(engine: Engine, type: FuncType, fn: (...args: any[]) => unknown, accessCaller: boolean) {
    this.engine = engine;
    this.type = type;
    this.fn = engine.options.epochInterruption ? timed(fn) : fn;
    this.accessCaller = accessCaller;
    this.typeIndex = engine.types.indexOfSignature(type);
    this.#site = takeSite(type.params.length, accessCaller);
    this.matchType = { kind: "func", typeIndex: this.typeIndex };
    this.isShareable = !accessCaller && isNumeric(type.params) && isNumeric(type.results);
  }

  /** A function to satisfy an import with, cheap to make and to call; wasm cannot hand it on as a reference to itself. */
  importable(store: Store<any>, scope: CallerScope | undefined): NativeFunction {
    if (this.isShareable) {
      this.#shared ??= importCall(this.#site, this.fn, this.type, undefined, undefined);
      return this.#shared;
    }
    return this.#closure(store, this.accessCaller ? (scope ?? { store, instance: undefined }) : undefined);
  }

  /** An exported function of the exact type, for everything that holds references. */
  exported(store: Store<any>, scope: CallerScope | undefined): NativeFunction {
    const closure = this.importable(store, scope);
    // An adapter is an exported function already.
    if (this.#needsAdapter) return closure;
    return exportFunction(nativeFuncType(this.typeIndex, this.engine.types), closure);
  }

  get #needsAdapter(): boolean {
    return needsAdapter(this.type) || carriesExceptions(this.type);
  }

  #closure(store: Store<any>, scope: CallerScope | undefined): NativeFunction {
    const closure = importCall(this.#site, this.fn, this.type, store, scope);
    if (!this.#needsAdapter) return closure;
    const type = nativeFuncType(this.typeIndex, this.engine.types);
    // The engine's own refusal would be an exception that the guest can catch.
    return carriesExceptions(type)
      ? adaptHostFunction(type, refuseExceptions, "bits")
      : adaptHostFunction(type, closure);
  }
}
