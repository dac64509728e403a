/**
 * The functions of WASI as a linker defines them: names and types are known, the code is the store's.
 *
 * @packageDocumentation
 */
import { WasmlinkError } from "../errors.ts";
import type { NativeFunction, NativeMemory } from "../host/webassembly.ts";
import type { Caller, CallerScope } from "./caller.ts";
import { timed } from "./calls-in-progress.ts";
import type { Engine } from "./engine.ts";
import { hideFailures, toGuest, withBacktrace } from "./failure.ts";
import { HostFunction } from "./host-function.ts";
import type { Store } from "./store.ts";
import { ExitTrap } from "./trap.ts";
import type { WasiFunctions, WasiGuest, WasiHost } from "./wasi-host.ts";
import { type WasiFunctionName, type WasiModule, wasiSignatures } from "./wasi-signatures.ts";

/** One function of WASI. It belongs to no store: each call goes to the context its store has at that moment. */
export class WasiFunction extends HostFunction {
  readonly #module: WasiModule;
  readonly #name: WasiFunctionName;

  constructor(engine: Engine, module: WasiModule, name: WasiFunctionName) {
    const calledByHost = ({ store }: Caller, ...args: unknown[]) => {
      const functions = contextOf(store).bind(hostGuest, module);
      return functions[name](...args);
    };
    super(engine, wasiSignatures[name], calledByHost, true);
    this.#module = module;
    this.#name = name;
  }

  override importable(store: Store<any>, scope: CallerScope): NativeFunction {
    const guest = InstanceGuest.of(scope);
    const module = this.#module;
    const name = this.#name;
    let context: WasiHost | undefined;
    let call: NativeFunction;
    // Nine is the most that any of the functions takes.
    const wasi: NativeFunction = (a, b, c, d, e, f, g, h, i) => {
      if (context !== store.wasi || context === undefined) {
        try {
          context = contextOf(store);
          call = guest.functions(context, module)[name];
        } catch (error) {
          throw toGuest(error);
        }
      }
      return call(a, b, c, d, e, f, g, h, i);
    };
    return this.engine.options.epochInterruption ? timed(wasi) : wasi;
  }
}

function contextOf(store: Store<any>): WasiHost {
  if (store.wasi === undefined) throw withBacktrace(new WasmlinkError("wasi context must be populated"));
  return store.wasi;
}

const guests = new WeakMap<CallerScope, InstanceGuest>();

/** An instance that imports WASI. */
class InstanceGuest implements WasiGuest {
  readonly #scope: CallerScope;
  readonly #bound = new Map<WasiModule, WasiFunctions>();
  #context: WasiHost | undefined;

  readonly blockingBudgetNs: (() => bigint) | undefined;

  constructor(scope: CallerScope) {
    this.#scope = scope;
    const { deadlines } = scope.store;
    this.blockingBudgetNs = deadlines && (() => hideFailures(() => deadlines.checkAndSleep()));
  }

  /** The guest of an instance: one for all functions it imports. */
  static of(scope: CallerScope): InstanceGuest {
    let guest = guests.get(scope);
    if (guest === undefined) {
      guest = new InstanceGuest(scope);
      guests.set(scope, guest);
    }
    return guest;
  }

  /** The functions of a module, made once for each context. */
  functions(context: WasiHost, module: WasiModule): WasiFunctions {
    if (this.#context !== context) this.#bound.clear();
    this.#context = context;
    let functions = this.#bound.get(module);
    if (functions === undefined) {
      functions = context.bind(this, module);
      this.#bound.set(module, functions);
    }
    return functions;
  }

  memory(): NativeMemory | undefined {
    return this.#scope.instance?.getMemory("memory")?.native;
  }

  exit(code: number): never {
    throw toGuest(withBacktrace(new ExitTrap(code)));
  }

  abort(error: WasmlinkError): never {
    throw toGuest(withBacktrace(error));
  }

  raise(thrown: unknown): never {
    throw toGuest(thrown);
  }
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
  raise: (thrown) => {
    throw thrown;
  },
};
