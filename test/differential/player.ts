/** Runs the programs of program.ts on this library, and describes what happens as `oracle.py` does. */
import {
  type Caller,
  Engine,
  ExitTrap,
  type Extern,
  type Frame,
  Func,
  Global,
  Instance,
  type InstancePre,
  Linker,
  Memory,
  Module,
  SharedMemory,
  Store,
  Table,
  Tag,
  Trap,
  WasmlinkError,
} from "../../src/index.ts";
import type {
  Behaviour,
  ErrorOutcome,
  FrameOutcome,
  Op,
  Outcome,
  Signature,
  Step,
  Value,
} from "./program.ts";

class HostError extends Error {}

/** Under test, an import is read through a getter, which gives nothing on a full stack. */
const FuncItem = Func;

/** A slot is empty. */
class Skip extends Error {}

type StepOf<O extends Op> = Extract<Step, { readonly op: O }>;
type Handlers = { readonly [O in Op]: (step: StepOf<O>) => unknown };

const bits = new DataView(new ArrayBuffer(8));

function showFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  bits.setFloat64(0, value);
  return bits.getBigUint64(0).toString(16).padStart(16, "0");
}

function show(value: unknown, type: unknown): string | null {
  if (value === null) return null;
  switch (type) {
    case "f32":
    case "f64":
      return showFloat(value as number);
    case "i32":
    case "i64":
      return String(value);
    case "funcref":
      return describe(value as Func);
    default:
      return `extern ${value}`;
  }
}

function describe(item: Extern): string {
  if (item instanceof Func)
    return `func (${item.type.params.join(", ")}) -> (${item.type.results.join(", ")})`;
  if (item instanceof Global) {
    const { content, mutable } = item.type;
    return `global ${mutable ? "mut " : ""}${content} = ${show(item.value, content) ?? "None"}`;
  }
  if (item instanceof Memory || item instanceof SharedMemory)
    return `memory ${item.type.minimum} ${item.type.maximum ?? "None"} size ${item.size}`;
  if (item instanceof Table) {
    const { element, minimum, maximum } = item.type;
    return `table ${element} ${minimum} ${maximum ?? "None"} size ${item.size}`;
  }
  return `tag (${item.type.params.join(", ")})`;
}

function frameOutcome(frame: Frame): FrameOutcome {
  return [
    frame.funcIndex,
    frame.funcName ?? null,
    frame.moduleName ?? null,
    frame.moduleOffset ?? null,
    frame.funcOffset ?? null,
  ];
}

function errorOutcome(error: unknown): ErrorOutcome {
  if (!(error instanceof Error)) throw error;
  const { message } = error;
  if (error instanceof Trap)
    return { error: "Trap", message, code: error.trapCode ?? null, frames: error.frames.map(frameOutcome) };
  if (error instanceof ExitTrap) return { error: "ExitTrap", message };
  if (error instanceof WasmlinkError) return { error: "error", message };
  return { error: error instanceof HostError ? "host" : error.constructor.name, message };
}

class Machine {
  readonly #slots = new Map<string, unknown>();
  #log: string[] = [];

  run(step: Step): Outcome {
    this.#log = [];
    let outcome: Outcome;
    try {
      const handler = this.#handlers[step.op] as (step: Step) => unknown;
      const result = handler(step) ?? null;
      outcome = { ok: result };
    } catch (error) {
      outcome = error instanceof Skip ? { skipped: true } : errorOutcome(error);
    }
    return this.#log.length === 0 ? outcome : { ...outcome, log: this.#log };
  }

  #slot<T>(name: string): T {
    if (!this.#slots.has(name)) throw new Skip();
    return this.#slots.get(name) as T;
  }

  #item<T>(name: string, kind: abstract new (...args: any[]) => T): T {
    const item = this.#slot(name);
    if (!(item instanceof kind)) throw new Skip();
    return item;
  }

  #value(value: Value): unknown {
    if ("i32" in value) return value.i32;
    if ("i64" in value) return BigInt(value.i64);
    if ("float" in value) return Number(value.float);
    if ("extern" in value) return value.extern;
    return "func" in value ? this.#slot(value.func) : null;
  }

  #values(values: readonly Value[]): unknown[] {
    return values.map((value) => this.#value(value));
  }

  #keep({ as }: Step, thing: unknown): void {
    this.#slots.set(as!, thing);
  }

  #keepItem(step: Step, item: Extern): string {
    this.#keep(step, item);
    return describe(item);
  }

  #keepInstance(step: Step, instance: Instance): Record<string, string> | undefined {
    this.#keep(step, instance);
    if ("quiet" in step) return undefined;
    return Object.fromEntries(
      Object.entries(instance.exports).map(([name, item]) => [name, describe(item as Extern)]),
    );
  }

  #host(label: string, signature: Signature, behaviour: Behaviour, wantsCaller: boolean) {
    return (...args: unknown[]): unknown => {
      const caller = wantsCaller ? (args.shift() as Caller) : undefined;
      const shown = signature.params.map((type, index) => show(args[index], type) ?? "None");
      this.#log.push(`${label}(${shown.join(", ")})`);
      switch (behaviour.does) {
        case "throw":
          throw new HostError(behaviour.text);
        case "trap":
          throw new Trap(behaviour.text);
        case "call":
          this.#callSlot(behaviour);
          break;
        case "tick":
          this.#slot<Engine>(behaviour.engine).incrementEpoch();
          break;
        case "useFuel": {
          const store = this.#slot<Store>(behaviour.store);
          this.#log.push(`fuel ${store.getFuel()}`);
          if (behaviour.leaves !== null) store.setFuel(behaviour.leaves);
          break;
        }
        case "useCaller":
          this.#useCaller(caller!, behaviour.name);
      }
      const values = this.#values(behaviour.values);
      return values.length <= 1 ? values[0] : values;
    };
  }

  #callSlot(behaviour: Extract<Behaviour, { does: "call" }>): void {
    const func = this.#slots.get(behaviour.func);
    if (func === undefined) return;
    try {
      (func as Func)(...this.#values(behaviour.args));
    } catch (error) {
      if (!behaviour.catches) throw error;
      this.#log.push(`caught ${errorOutcome(error).message}`);
    }
  }

  #useCaller(caller: Caller, name: string): void {
    const item = caller.getExport(name);
    if (item === undefined) this.#log.push("no export");
    else if (!(item instanceof FuncItem)) this.#log.push(`export ${item.constructor.name}`);
    else if (item.type.params.length === 0) item();
  }

  readonly #handlers: Handlers = {
    engine: (step) => {
      const { fuel = false, epochs = false } = step;
      this.#keep(step, new Engine({ consumeFuel: fuel, epochInterruption: epochs }));
    },
    store: (step) => this.#keep(step, new Store(this.#slot<Engine>(step.engine))),
    setLimits: (step) => this.#slot<Store>(step.store).setLimits(step.limits),
    module: (step) => this.#keep(step, new Module(this.#slot(step.engine), step.wat)),
    linker: (step) => this.#keep(step, new Linker(this.#slot(step.engine))),
    func: (step) => {
      const { as, type, behaviour, caller } = step;
      const run = this.#host(as!, type, behaviour, caller);
      return this.#keepItem(step, new Func(this.#slot(step.store), type, run, { accessCaller: caller }));
    },
    global: (step) => this.#keepItem(step, new Global(this.#slot(step.store), step, this.#value(step.value))),
    memory: (step) => {
      const { minimum, maximum } = step;
      return this.#keepItem(
        step,
        new Memory(this.#slot(step.store), { minimum, maximum: maximum ?? undefined }),
      );
    },
    table: (step) => {
      const { minimum, maximum } = step;
      const type = { element: step.element as "funcref", minimum, maximum: maximum ?? undefined };
      return this.#keepItem(step, new Table(this.#slot(step.store), type, this.#value(step.init)));
    },
    tag: (step) => this.#keepItem(step, new Tag(this.#slot(step.store), { params: step.params })),
    define: (step) => {
      this.#slot<Linker>(step.linker).define(
        this.#slot(step.store),
        step.module,
        step.name,
        this.#slot(step.item),
      );
    },
    defineFunc: ({ linker, module, name, type, behaviour, caller }) => {
      const run = this.#host(`${module}::${name}`, type, behaviour, caller) as () => never;
      this.#slot<Linker>(linker).defineFunc(module, name, type, run, { accessCaller: caller as true });
    },
    defineInstance: (step) => {
      this.#slot<Linker>(step.linker).defineInstance(
        this.#slot(step.store),
        step.name,
        this.#slot(step.instance),
      );
    },
    defineModule: (step) => {
      this.#slot<Linker>(step.linker).defineModule(
        this.#slot(step.store),
        step.name,
        this.#slot(step.module),
      );
    },
    allowShadowing: (step) => {
      this.#slot<Linker>(step.linker).allowShadowing = step.value;
    },
    clone: (step) => this.#keep(step, this.#slot<Linker>(step.linker).clone()),
    unknownAsTraps: (step) => {
      this.#slot<Linker>(step.linker).defineUnknownImportsAsTraps(this.#slot(step.module));
    },
    unknownAsDefaults: (step) => {
      this.#slot<Linker>(step.linker).defineUnknownImportsAsDefaultValues(
        this.#slot(step.store),
        this.#slot(step.module),
      );
    },
    instantiate: (step) =>
      this.#keepInstance(
        step,
        this.#slot<Linker>(step.linker).instantiate(this.#slot(step.store), this.#slot(step.module)),
      ),
    instantiatePre: (step) =>
      this.#keep(step, this.#slot<Linker>(step.linker).instantiatePre(this.#slot(step.module))),
    instantiateFromPre: (step) =>
      this.#keepInstance(step, this.#slot<InstancePre>(step.pre).instantiate(this.#slot(step.store))),
    instance: (step) => {
      const items = step.items.map((item) => this.#slot<Extern>(item));
      return this.#keepInstance(step, new Instance(this.#slot(step.store), this.#slot(step.module), items));
    },
    get: (step) =>
      this.#keepItem(
        step,
        this.#slot<Linker>(step.linker).get(this.#slot(step.store), step.module, step.name),
      ),
    getDefault: (step) =>
      this.#keepItem(step, this.#slot<Linker>(step.linker).getDefault(this.#slot(step.store), step.module)),
    export: (step) => {
      const item = this.#slot<Instance>(step.instance).getExport(step.name);
      return item && this.#keepItem(step, item);
    },
    call: (step) => {
      const func = this.#item(step.func, Func);
      const results = func(...this.#values(step.args));
      const types = func.type.results;
      if (types.length <= 1) return types.map((type) => show(results, type));
      return types.map((type, index) => show(results[index], type));
    },
    read: (step) => describe(this.#slot(step.item)),
    setFuel: (step) => this.#slot<Store>(step.store).setFuel(step.fuel),
    getFuel: (step) => String(this.#slot<Store>(step.store).getFuel()),
    setDeadline: (step) => this.#slot<Store>(step.store).setEpochDeadline(step.ticks),
    setCallTimeout: (step) => this.#slot<Store>(step.store).setCallTimeout(step.milliseconds),
    setGlobal: (step) => {
      this.#item(step.global, Global).value = this.#value(step.value);
    },
    growMemory: (step) => this.#item(step.memory, Memory).grow(step.delta),
    growTable: (step) => this.#item(step.table, Table).grow(step.delta, this.#value(step.init)),
    getElement: (step) => {
      const table = this.#item(step.table, Table);
      const value = table.get(step.index);
      return value === undefined ? "out of range" : show(value, table.type.element);
    },
    setElement: (step) => this.#item(step.table, Table).set(step.index, this.#value(step.value)),
  };
}

/** What this library makes of a program. */
export function runOnWasmlink(program: readonly Step[]): Outcome[] {
  const machine = new Machine();
  return program.map((step) => machine.run(step));
}
