/**
 * The functions of WASI as a linker defines them: names and types are known, the code is the store's.
 *
 * @packageDocumentation
 */
import { WasmlinkError } from "../errors.ts";
import type { NativeFunction } from "../host/webassembly.ts";
import type { Caller, CallerScope } from "./caller.ts";
import type { Engine } from "./engine.ts";
import { toGuest, withBacktrace } from "./failure.ts";
import { HostFunction } from "./host-function.ts";
import type { Store } from "./store.ts";
import { ExitTrap } from "./trap.ts";
import type { WasiFunctions, WasiGuest, WasiHost } from "./wasi-host.ts";
import { type WasiFunctionName, wasiSignatures } from "./wasi-signatures.ts";

/** One function of WASI. It belongs to no store: each call goes to the context its store has at that moment. */
export class WasiFunction extends HostFunction {
  readonly #name: WasiFunctionName;

  constructor(engine: Engine, name: WasiFunctionName) {
    const calledByHost = (caller: Caller, ...args: unknown[]) => {
      const { store } = caller;
      return contextOf(store)
        .bind(hostGuest)
        [name](...args);
    };
    super(engine, wasiSignatures[name], calledByHost, true);
    this.#name = name;
  }

  override importable(store: Store<any>, scope: CallerScope | undefined): NativeFunction {
    const guest = guestOf(scope);
    const name = this.#name;
    let context: WasiHost | undefined;
    let call: NativeFunction;
    // Nine is the most that any of the functions takes.
    return (a, b, c, d, e, f, g, h, i) => {
      if (context !== store.wasi || context === undefined) {
        try {
          context = contextOf(store);
          call = functionsOf(context, guest)[name];
        } catch (error) {
          throw toGuest(error);
        }
      }
      return call(a, b, c, d, e, f, g, h, i);
    };
  }
}

function contextOf(store: Store<any>): WasiHost {
  if (store.wasi === undefined) throw withBacktrace(new WasmlinkError("wasi context must be populated"));
  return store.wasi;
}

const guests = new WeakMap<CallerScope, WasiGuest>();
const bound = new WeakMap<WasiGuest, { readonly context: WasiHost; readonly functions: WasiFunctions }>();

/** The guest of an instance, which all functions it imports share. */
function guestOf(scope: CallerScope | undefined): WasiGuest {
  if (scope === undefined) return hostGuest;
  let guest = guests.get(scope);
  if (guest === undefined) {
    guest = {
      memory: () => scope.instance?.getMemory("memory")?.native,
      exit: (code) => {
        throw toGuest(withBacktrace(new ExitTrap(code)));
      },
      abort: (error) => {
        throw toGuest(withBacktrace(error));
      },
      raise: (error) => {
        throw toGuest(error);
      },
    };
    guests.set(scope, guest);
  }
  return guest;
}

function functionsOf(context: WasiHost, guest: WasiGuest): WasiFunctions {
  const known = bound.get(guest);
  if (known?.context === context) return known.functions;
  const functions = context.bind(guest);
  bound.set(guest, { context, functions });
  return functions;
}

/** Stands for a guest when the host itself calls: there is no memory, and nothing to hide errors from. */
const hostGuest: WasiGuest = {
  memory: () => undefined,
  exit: (code) => {
    throw new ExitTrap(code);
  },
  abort: (error) => {
    throw error;
  },
  raise: (error) => {
    throw error;
  },
};
