/**
 * Runs the commands of a script, through the classes that any user of the library has.
 *
 * @packageDocumentation
 */
import { UnknownImportError, WasmlinkError } from "../errors.ts";
import { Engine, type EngineOptions } from "../runtime/engine.ts";
import type { Instance } from "../runtime/instance.ts";
import { Linker } from "../runtime/linker.ts";
import { Module } from "../runtime/module.ts";
import { SharedMemory, sharedMemoryOf } from "../runtime/shared-memory.ts";
import type { Store } from "../runtime/store.ts";
import type { ModuleForm } from "../text/script-modules.ts";
import { runAction } from "./actions.ts";
import {
  assertException,
  assertRefused,
  assertResults,
  assertTrap,
  assertUnlinkable,
  failureOf,
} from "./assertions.ts";
import { attempt, type CommandResult } from "./attempt.ts";
import type { Results } from "./matching.ts";
import { Named } from "./named.ts";
import { References } from "./references.ts";
import { type Action, isAction, type SequentialCommand, type Subject } from "./script.ts";
import { defineHostModules } from "./spectest.ts";
import type { SharedExport, ThreadRequest } from "./threads.ts";
import { unboundedStore } from "./unbounded-store.ts";

/** Options of a {@link ScriptRun}. */
export interface ScriptRunOptions {
  /**
   * Options of the engine; shared memories are on unless they say otherwise. With `consumeFuel` and `epochInterruption`
   * scripts have all fuel there is, and no deadline in reach.
   */
  readonly engine?: EngineOptions;
  /** Gets what scripts print through `spectest`; by default nobody does. */
  readonly print?: (line: string) => void;
  /** What instances of another thread share with this one. */
  readonly shared?: readonly SharedExport[];
}

/** The state of a script: what its names stand for. */
export class ScriptRun {
  readonly #engine: Engine;
  readonly #store: Store<undefined>;
  readonly #linker: Linker;
  readonly #references: References;
  readonly #instances = new Named<Instance>("instance");
  readonly #modules = new Named<Module>("module");
  /** Module names for imports that were asked for. */
  readonly #registered = new Named<void>("registered instance");
  /** Identifiers of another thread's instances. */
  readonly #foreign: ReadonlySet<string>;

  constructor({ engine = {}, print = () => undefined, shared = [] }: ScriptRunOptions = {}) {
    this.#engine = new Engine({ sharedMemory: true, ...engine });
    this.#store = unboundedStore(this.#engine);
    this.#linker = new Linker(this.#engine, { allowShadowing: true });
    this.#references = new References(this.#engine);
    this.#foreign = new Set(shared.map(({ instance }) => instance));
    defineHostModules(this.#linker, this.#store, print);
    for (const { instance, name, type, memory } of shared) {
      this.#linker.define(this.#store, instance, name, sharedMemoryOf(memory, type, this.#engine));
    }
  }

  /** What a thread gets that runs a text, with the instances of these identifiers. */
  threadRequest(body: string, ids: readonly string[]): ThreadRequest {
    const shared = ids.flatMap((instance) => sharedExports(instance, this.#instances.get(instance)));
    return { body, engine: this.#engine.options, shared };
  }

  /** Runs a command that is not about threads. */
  execute(command: SequentialCommand): CommandResult {
    return attempt(command, () => this.#run(command));
  }

  /** @returns the missing feature of the JavaScript engine that an expected refusal comes from */
  #run(command: SequentialCommand): string | undefined {
    switch (command.kind) {
      case "module":
        this.#module(command.module);
        return undefined;
      case "register":
        this.#register(command.as, command.instance);
        return undefined;
      case "action":
        this.#act(command.action);
        return undefined;
      case "assert_return":
        assertResults(this.#act(command.action), command.expected, this.#references);
        return undefined;
      case "assert_trap":
      case "assert_exhaustion":
        assertTrap(this.#failureOf(command.subject), command.message ?? "");
        return undefined;
      case "assert_exception":
        assertException(this.#failureOf(command.subject));
        return undefined;
      case "assert_unlinkable":
        return assertUnlinkable(this.#failureOf(command.module), command.message);
      case "assert_malformed":
      case "assert_invalid":
      case "assert_malformed_custom":
      case "assert_invalid_custom":
        return assertRefused(failureOf(() => this.#compile(command.module)));
      case "unusable":
        throw new WasmlinkError(command.reason);
    }
  }

  #module(form: ModuleForm): void {
    const module = () => (form.kind === "instance" ? this.#modules.get(form.module) : this.#define(form));
    if (form.kind !== "instance" && form.definition) {
      module();
      return;
    }
    const instance = this.#instances.make(form.id, () => this.#instantiate(module()));
    // As in wasmtime's runner, an identifier is a module name for imports as well.
    if (form.id !== undefined) this.#linker.defineInstance(this.#store, form.id, instance);
  }

  #define(form: Exclude<ModuleForm, { kind: "instance" }>): Module {
    return this.#modules.make(form.id, () => this.#compile(form));
  }

  #compile(form: ModuleForm): Module {
    if (form.kind === "instance") return this.#modules.get(form.module);
    return new Module(this.#engine, form.assemble());
  }

  #instantiate(module: Module): Instance {
    try {
      return this.#linker.instantiate(this.#store, module);
    } catch (error) {
      if (!(error instanceof UnknownImportError)) throw error;
      const { importModule } = error;
      const cause = this.#registered.failure(importModule) ?? this.#instances.failure(importModule);
      throw cause === undefined
        ? error
        : new WasmlinkError(`there is no module \`${importModule}\``, { cause });
    }
  }

  #register(name: string, id: string | undefined): void {
    this.#registered.make(name, () => {
      if (id !== undefined && this.#foreign.has(id)) this.#linker.aliasModule(id, name);
      else this.#linker.defineInstance(this.#store, name, this.#instances.get(id));
    });
  }

  #act(action: Action): Results {
    return runAction(action, this.#instances.get(action.instance), this.#references);
  }

  #failureOf(subject: Subject): unknown {
    if (isAction(subject)) {
      const instance = this.#instances.get(subject.instance);
      return failureOf(() => runAction(subject, instance, this.#references));
    }
    const module = this.#compile(subject);
    return failureOf(() => this.#instantiate(module));
  }
}

function sharedExports(instance: string, { exports }: Instance): SharedExport[] {
  return Object.entries(exports).flatMap(([name, item]) =>
    item instanceof SharedMemory ? [{ instance, name, type: item.type, memory: item.native }] : [],
  );
}
