/**
 * Running whole scripts.
 *
 * @packageDocumentation
 */
import type { CommandResult } from "./attempt.ts";
import { type ScriptResult, summarize } from "./results.ts";
import { ScriptReader } from "./script-reader.ts";
import { ScriptRun, type ScriptRunOptions } from "./script-run.ts";
import { type StartThread, type ThreadRequest, Threads } from "./threads.ts";

/** Options of {@link runScript}. */
export interface ScriptOptions extends Omit<ScriptRunOptions, "shared"> {
  /** Starts the threads of the script; without it they fail. */
  readonly startThread?: StartThread;
}

/**
 * Runs a script in an engine, store and linker of its own. A command that fails does not end the script.
 *
 * Traps and failures to link are compared with the texts the script gives, refusals of modules are not: the JavaScript
 * engine has its own words for them.
 *
 * @param source - the text of the script
 * @param options - the engine's options, and where prints and threads go
 * @example
 * ```ts
 * const result = await runScript(`
 *   (module (func (export "one") (result i32) i32.const 1))
 *   (assert_return (invoke "one") (i32.const 1))`);
 * console.log(result.passedAssertions, result.failures.length); // 1 0
 * ```
 */
export async function runScript(source: string, options: ScriptOptions = {}): Promise<ScriptResult> {
  return summarize(await runCommands(source, options));
}

/**
 * Runs what {@link StartThread} was asked to run, in the thread that was started for it.
 *
 * @param request - a clone, as posting it makes one
 */
export function runScriptThread(request: ThreadRequest): Promise<readonly CommandResult[]> {
  return runCommands(request.body, request);
}

async function runCommands(
  source: string,
  options: ScriptRunOptions & ScriptOptions,
): Promise<readonly CommandResult[]> {
  const run = new ScriptRun(options);
  const threads = new Threads(options.startThread);
  const reader = new ScriptReader(source);
  const results: CommandResult[] = [];
  for (let command = reader.next(); command !== undefined; command = reader.next()) {
    if (command.kind === "thread") {
      const { body, shared } = command;
      results.push(threads.start(command, () => run.threadRequest(body, shared)));
    } else if (command.kind === "wait") results.push(...(await threads.wait(command)));
    else results.push(run.execute(command));
  }
  return [...results, ...(await threads.waitForRest())];
}
