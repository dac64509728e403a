/** Random linker programs: mostly sensible ones, so that they get far, with mistakes strewn in. */
import type { Random } from "../support/random.ts";
import type { Behaviour, Signature, Step, TypeName, Value } from "./program.ts";
import { type ModulePlan, randomModule } from "./random-module.ts";

const moduleNames = ["a", "b", "env", "ü ``"] as const;
const fieldNames = ["f", "g", "m", "t", "v", "x", "", "_start"] as const;

const signatures: readonly Signature[] = [
  { params: [], results: [] },
  { params: [], results: ["i32"] },
  { params: ["i32"], results: [] },
  { params: ["i32"], results: ["i32"] },
  { params: ["i64"], results: ["i64"] },
  { params: ["f32", "f64"], results: ["f64"] },
  { params: ["i32", "i64", "f32", "f64", "i32"], results: ["i32", "i64"] },
  { params: ["externref"], results: ["externref"] },
  { params: ["funcref"], results: ["funcref"] },
];

/** A type as the text of an import writes it, without the word for its kind. */
export type ItemType =
  | ({ readonly kind: "func" } & Signature)
  | { readonly kind: "global"; readonly content: TypeName; readonly mutable: boolean }
  | { readonly kind: "memory"; readonly minimum: number; readonly maximum: number | null }
  | {
      readonly kind: "table";
      readonly element: TypeName;
      readonly minimum: number;
      readonly maximum: number | null;
    }
  | { readonly kind: "tag"; readonly params: readonly TypeName[] };

/** A name with the type that a program may expect behind it. */
export interface Wish {
  readonly module: string;
  readonly name: string;
  readonly type: ItemType;
}

/** Names of what the JavaScript engine supports, as `Engine.features()` gives them. */
export type Support = Readonly<Record<string, boolean>>;

/** A program of some tens of steps. */
export function linkerProgram(random: Random, support: Support): Step[] {
  return new Generator(random, support).program();
}

class Generator {
  readonly #random: Random;
  readonly #support: Support;
  readonly #steps: Step[] = [];
  readonly #engines = ["e0"];
  readonly #stores: string[] = [];
  readonly #linkers: string[] = [];
  readonly #modules: { readonly slot: string; readonly plan: ModulePlan }[] = [];
  readonly #instances: { readonly slot: string; readonly plan: ModulePlan }[] = [];
  readonly #items: { readonly slot: string; readonly type: ItemType | undefined }[] = [];
  readonly #pres: { readonly slot: string; readonly plan: ModulePlan }[] = [];
  readonly #wishes: Wish[] = [];
  #slots = 0;

  constructor(random: Random, support: Support) {
    this.#random = random;
    this.#support = support;
  }

  program(): Step[] {
    const random = this.#random;
    this.#steps.push({ op: "engine", as: "e0" });
    if (random.oneIn(5)) {
      this.#steps.push({ op: "engine", as: "e1" });
      this.#engines.push("e1");
    }
    this.#addStore();
    this.#addLinker();
    if (random.oneIn(3)) this.#addStore();
    for (let definitions = random.below(6); definitions > 0; definitions--) {
      if (random.oneIn(2)) this.#defineFunc();
      else this.#addItem();
    }
    const length = 8 + random.below(25);
    while (this.#steps.length < length) this.#step();
    return this.#steps;
  }

  #step(): void {
    const random = this.#random;
    const choices: readonly (readonly [weight: number, action: () => void])[] = [
      [1, () => this.#addStore()],
      [1, () => this.#addLinker()],
      [8, () => this.#addModule()],
      [5, () => this.#addItem()],
      [5, () => this.#define()],
      [5, () => this.#defineFunc()],
      [3, () => this.#defineInstance()],
      [3, () => this.#defineModule()],
      [1, () => this.#flags()],
      [2, () => this.#unknownImports()],
      [9, () => this.#instantiate()],
      [2, () => this.#pre()],
      [3, () => this.#positional()],
      [4, () => this.#get()],
      [8, () => this.#call()],
      [5, () => this.#use()],
    ];
    let roll = random.below(choices.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, action] of choices) {
      if (roll < weight) {
        action();
        return;
      }
      roll -= weight;
    }
  }

  #slot(prefix: string): string {
    return `${prefix}${this.#slots++}`;
  }

  #engine(): string {
    return this.#random.oneIn(4) ? this.#random.pick(this.#engines) : "e0";
  }

  #store(): string {
    return this.#random.oneIn(4) ? this.#random.pick(this.#stores) : this.#stores[0]!;
  }

  #linker(): string {
    return this.#random.oneIn(4) ? this.#random.pick(this.#linkers) : this.#linkers[0]!;
  }

  #addStore(): void {
    const slot = this.#slot("s");
    this.#steps.push({ op: "store", as: slot, engine: this.#engine() });
    if (this.#random.oneIn(8)) this.#limits(slot);
    this.#stores.push(slot);
  }

  #addLinker(): void {
    const slot = this.#slot("l");
    if (this.#linkers.length > 0 && this.#random.oneIn(2))
      this.#steps.push({ op: "clone", as: slot, linker: this.#linker() });
    else this.#steps.push({ op: "linker", as: slot, engine: this.#engine() });
    this.#linkers.push(slot);
  }

  #addModule(): void {
    const slot = this.#slot("m");
    const plan = randomModule(this.#random, this.#support, () => this.#wish());
    this.#steps.push({ op: "module", as: slot, engine: this.#engine(), wat: plan.wat });
    this.#modules.push({ slot, plan });
  }

  /** What the next module may import: mostly something that has been defined, now and then changed a little. */
  #wish(): Wish {
    const random = this.#random;
    if (this.#wishes.length === 0 || random.oneIn(12))
      return { module: random.pick(moduleNames), name: random.pick(fieldNames), type: this.#type() };
    const wish = random.pick(this.#wishes);
    if (!random.oneIn(6)) return wish;
    return random.oneIn(3) ? { ...wish, type: this.#type() } : { ...wish, type: this.#variation(wish.type) };
  }

  #variation(type: ItemType): ItemType {
    const random = this.#random;
    switch (type.kind) {
      case "func":
        return random.oneIn(2) ? { ...type, params: [...type.params, "i32"] } : { ...type, results: ["i64"] };
      case "global":
        return random.oneIn(2)
          ? { ...type, mutable: !type.mutable }
          : { ...type, content: random.pick(["i32", "i64", "externref"]) };
      case "memory":
      case "table":
        return random.oneIn(2)
          ? { ...type, minimum: type.minimum + random.below(3) }
          : { ...type, maximum: type.minimum + random.below(3) };
      case "tag":
        return { ...type, params: ["i64"] };
    }
  }

  #type(): ItemType {
    const random = this.#random;
    const minimum = random.below(3);
    const maximum = random.oneIn(2) ? null : minimum + random.below(3);
    switch (random.below(this.#support["tag"] ? 8 : 7)) {
      case 0:
        return { kind: "global", content: random.pick(["i32", "i64", "f64"]), mutable: random.oneIn(2) };
      case 1:
        return { kind: "global", content: random.pick(["externref", "funcref"]), mutable: random.oneIn(2) };
      case 2:
        return { kind: "memory", minimum, maximum };
      case 3:
        return { kind: "table", element: random.pick(["funcref", "externref"]), minimum, maximum };
      case 7:
        return { kind: "tag", params: random.oneIn(2) ? [] : ["i32"] };
      default:
        return { kind: "func", ...random.pick(signatures) };
    }
  }

  #value(type: TypeName): Value {
    const random = this.#random;
    switch (type) {
      case "i32":
        return { i32: random.pick([0, 1, -1, 7, 2 ** 31, -(2 ** 31), 2 ** 32 + 5, -3]) };
      case "i64":
        return {
          i64: random.pick([
            "0",
            "-1",
            "9223372036854775807",
            "-9223372036854775808",
            "18446744073709551615",
          ]),
        };
      case "f32":
      case "f64":
        return { float: random.pick(["0.5", "-0.0", "NaN", "Infinity", "-Infinity", "1e300", "0.1"]) };
      case "externref":
        return random.oneIn(3) ? { null: true } : { extern: random.pick(["p", "q", ""]) };
      case "funcref": {
        const funcs = this.#items.filter((item) => item.type?.kind === "func");
        return funcs.length === 0 || random.oneIn(3) ? { null: true } : { func: random.pick(funcs).slot };
      }
    }
  }

  #behaviour({ results }: Signature, caller: boolean): Behaviour {
    const random = this.#random;
    const values = results.map((type) => this.#value(type));
    if (results.length > 1 && random.oneIn(6)) values.push({ i32: 3 });
    switch (random.below(caller ? 6 : 10)) {
      case 0:
        return { does: "throw", text: `thrown ${random.below(10)}` };
      case 1:
        return { does: "trap", text: `trapped ${random.below(10)}` };
      case 2: {
        const funcs = this.#items.filter((item) => item.type?.kind === "func");
        if (funcs.length === 0) break;
        const { slot, type } = random.pick(funcs);
        const args = (type as Signature).params.map((param) => this.#value(param));
        return { does: "call", func: slot, args, catches: random.oneIn(2), values };
      }
      case 3:
      case 4:
        if (caller)
          return { does: "useCaller", name: random.pick([...fieldNames, "memory", "call0"]), values };
    }
    return { does: "return", values };
  }

  #addItem(): void {
    const random = this.#random;
    const as = this.#slot("x");
    const store = this.#store();
    const type = this.#type();
    switch (type.kind) {
      case "func": {
        const caller = random.oneIn(3);
        const { params, results } = type;
        const behaviour = this.#behaviour(type, caller);
        this.#steps.push({ op: "func", as, store, type: { params, results }, behaviour, caller });
        break;
      }
      case "global": {
        const { content, mutable } = type;
        this.#steps.push({ op: "global", as, store, content, mutable, value: this.#value(content) });
        break;
      }
      case "memory":
        this.#steps.push({ op: "memory", as, store, minimum: type.minimum, maximum: type.maximum });
        break;
      case "table": {
        const { element, minimum, maximum } = type;
        this.#steps.push({ op: "table", as, store, element, minimum, maximum, init: this.#value(element) });
        break;
      }
      case "tag":
        this.#steps.push({ op: "tag", as, store, params: type.params });
    }
    this.#items.push({ slot: as, type });
  }

  #name(): { module: string; name: string } {
    return { module: this.#random.pick(moduleNames), name: this.#random.pick(fieldNames) };
  }

  #define(): void {
    if (this.#items.length === 0) this.#addItem();
    const { slot, type } = this.#random.pick(this.#items);
    const name = this.#name();
    this.#steps.push({ op: "define", linker: this.#linker(), store: this.#store(), ...name, item: slot });
    if (type !== undefined) this.#wishes.push({ ...name, type });
  }

  #defineFunc(): void {
    const name = this.#name();
    const type = this.#random.pick(signatures);
    const caller = this.#random.oneIn(3);
    const behaviour = this.#behaviour(type, caller);
    this.#steps.push({ op: "defineFunc", linker: this.#linker(), ...name, type, behaviour, caller });
    this.#wishes.push({ ...name, type: { kind: "func", ...type } });
  }

  #wishExports(module: string, plan: ModulePlan): void {
    for (const [name, type] of plan.exports) this.#wishes.push({ module, name, type });
  }

  #defineInstance(): void {
    if (this.#instances.length === 0) this.#instantiate();
    const { slot, plan } = this.#random.pick(this.#instances);
    const name = this.#random.pick(moduleNames);
    const linker = this.#linker();
    this.#steps.push({ op: "defineInstance", linker, store: this.#store(), name, instance: slot });
    this.#wishExports(name, plan);
  }

  #module(): { readonly slot: string; readonly plan: ModulePlan } {
    if (this.#modules.length === 0) this.#addModule();
    return this.#random.oneIn(2) ? this.#modules.at(-1)! : this.#random.pick(this.#modules);
  }

  #defineModule(): void {
    const { slot, plan } = this.#module();
    const name = this.#random.pick(moduleNames);
    const linker = this.#linker();
    this.#steps.push({ op: "defineModule", linker, store: this.#store(), name, module: slot });
    this.#wishExports(name, plan);
  }

  #flags(): void {
    const value = !this.#random.oneIn(3);
    this.#steps.push({ op: "allowShadowing", linker: this.#linker(), value });
  }

  /** Here limits on sizes have to be set before the first instance. */
  #limits(store: string): void {
    const random = this.#random;
    const limits = random.pick([
      { memorySize: 65_536 * random.below(4) },
      { tableElements: random.below(5) },
      { instances: random.below(4) },
      { memories: random.below(3), tables: random.below(3) },
    ]);
    this.#steps.push({ op: "setLimits", store, limits });
  }

  #unknownImports(): void {
    const { slot: module } = this.#module();
    const linker = this.#linker();
    if (this.#random.oneIn(2)) this.#steps.push({ op: "unknownAsTraps", linker, module });
    else this.#steps.push({ op: "unknownAsDefaults", linker, store: this.#store(), module });
  }

  #instantiate(): void {
    const { slot: module, plan } = this.#module();
    const as = this.#slot("i");
    this.#steps.push({ op: "instantiate", as, linker: this.#linker(), store: this.#store(), module });
    this.#addInstance(as, plan);
  }

  #addInstance(slot: string, plan: ModulePlan): void {
    this.#instances.push({ slot, plan });
    for (const [name, type] of plan.exports) {
      if (!this.#random.oneIn(3)) continue;
      const as = this.#slot("x");
      this.#steps.push({ op: "export", as, instance: slot, name });
      this.#items.push({ slot: as, type });
    }
  }

  #pre(): void {
    const random = this.#random;
    if (this.#pres.length === 0 || random.oneIn(2)) {
      const { slot: module, plan } = this.#module();
      const as = this.#slot("p");
      this.#steps.push({ op: "instantiatePre", as, linker: this.#linker(), module });
      this.#pres.push({ slot: as, plan });
    }
    const { slot: pre, plan } = random.pick(this.#pres);
    const as = this.#slot("i");
    this.#steps.push({ op: "instantiateFromPre", as, pre, store: this.#store() });
    this.#addInstance(as, plan);
  }

  #positional(): void {
    const random = this.#random;
    const { slot: module, plan } = this.#module();
    if (this.#items.length === 0) this.#addItem();
    const items = plan.imports.map((type) => {
      const fitting = this.#items.filter((item) => item.type?.kind === type.kind);
      return random.pick(fitting.length === 0 || random.oneIn(8) ? this.#items : fitting).slot;
    });
    if (random.oneIn(10)) items.push(random.pick(this.#items).slot);
    const as = this.#slot("i");
    this.#steps.push({ op: "instance", as, store: this.#store(), module, items });
    this.#addInstance(as, plan);
  }

  #get(): void {
    const random = this.#random;
    const as = this.#slot("x");
    const linker = this.#linker();
    const store = this.#store();
    if (random.oneIn(3)) {
      this.#steps.push({ op: "getDefault", as, linker, store, module: random.pick(moduleNames) });
      this.#items.push({ slot: as, type: { kind: "func", params: [], results: [] } });
      return;
    }
    const wish = random.pick([...this.#wishes, { ...this.#name(), type: undefined }]);
    this.#steps.push({ op: "get", as, linker, store, module: wish.module, name: wish.name });
    this.#items.push({ slot: as, type: wish.type });
  }

  #call(): void {
    const random = this.#random;
    const funcs = this.#items.filter((item) => item.type?.kind === "func");
    if (funcs.length === 0) {
      this.#addItem();
      return;
    }
    const { slot, type } = random.oneIn(2) ? funcs.at(-1)! : random.pick(funcs);
    const args = (type as Signature).params.map((param) => this.#value(param));
    if (random.oneIn(20)) args.push({ i32: 0 });
    if (random.oneIn(20)) args.pop();
    this.#steps.push({ op: "call", func: slot, args });
  }

  #use(): void {
    const random = this.#random;
    if (this.#items.length === 0) this.#addItem();
    const { slot, type } = random.pick(this.#items);
    switch (type?.kind) {
      case "global":
        this.#steps.push({ op: "setGlobal", global: slot, value: this.#value(type.content) });
        break;
      case "memory":
        this.#steps.push({ op: "growMemory", memory: slot, delta: random.pick([0, 1, 1, 2, 70_000]) });
        break;
      case "table": {
        const value = this.#value(type.element);
        const index = random.below(4);
        switch (random.below(3)) {
          case 0:
            this.#steps.push({
              op: "growTable",
              table: slot,
              delta: random.pick([0, 1, 2, 20]),
              init: value,
            });
            break;
          case 1:
            this.#steps.push({ op: "setElement", table: slot, index, value });
            break;
          case 2: {
            this.#steps.push({ op: "getElement", table: slot, index });
          }
        }
      }
    }
    this.#steps.push({ op: "read", item: slot });
  }
}
