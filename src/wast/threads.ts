/**
 * Threads of scripts: what is handed to them, and waiting for them.
 *
 * @packageDocumentation
 */
import type { MemoryType } from "../binary/types.ts";
import { WasmlinkError } from "../errors.ts";
import type { NativeMemory } from "../host/webassembly.ts";
import type { EngineOptions } from "../runtime/engine.ts";
import { attempt, type CommandResult } from "./attempt.ts";
import type { CommandOf } from "./script.ts";

/** A shared memory on its way to another thread. */
export interface SharedExport {
  /** Identifier of the instance that exports it. */
  readonly instance: string;
  readonly name: string;
  readonly type: MemoryType;
  readonly memory: NativeMemory;
}

/** What a thread of a script gets. It can be posted to a worker. */
export interface ThreadRequest {
  /** The thread's commands. */
  readonly body: string;
  readonly engine: EngineOptions;
  readonly shared: readonly SharedExport[];
}

/** Hands a request to {@link runScriptThread} in another thread, and the results back. */
export type StartThread = (request: ThreadRequest) => Promise<readonly CommandResult[]>;

/** The threads of a script that nobody has waited for yet. */
export class Threads {
  readonly #start: StartThread | undefined;
  readonly #running = new Map<string, Promise<readonly CommandResult[]>>();

  /** @param start - without it no thread can be started */
  constructor(start: StartThread | undefined) {
    this.#start = start;
  }

  start(command: CommandOf<"thread">, request: () => ThreadRequest): CommandResult {
    return attempt(command, () => {
      if (this.#start === undefined) throw new WasmlinkError("scripts cannot start threads here");
      const crash = (error: unknown) => [
        attempt(command, () => {
          throw error;
        }),
      ];
      this.#running.set(command.name, this.#start(request()).catch(crash));
      return undefined;
    });
  }

  /** The results of a thread's commands, then that of the command which waits for it. */
  async wait(command: CommandOf<"wait">): Promise<readonly CommandResult[]> {
    const running = this.#running.get(command.thread);
    this.#running.delete(command.thread);
    const results = (await running) ?? [];
    const waited = attempt(command, () => {
      if (running === undefined) throw new WasmlinkError(`there is no thread \`${command.thread}\``);
      return undefined;
    });
    return [...results, waited];
  }

  /** The results of all other threads. */
  async waitForRest(): Promise<readonly CommandResult[]> {
    return (await Promise.all(this.#running.values())).flat();
  }
}
