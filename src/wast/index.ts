/**
 * Runs test scripts (`.wast`) as the WebAssembly specification's suite is made of.
 *
 * Spec: https://github.com/WebAssembly/spec/tree/main/interpreter#scripts
 *
 * @packageDocumentation
 */
import { type CommandResult, type ScriptResult, summarize } from "./results.ts";
import { ScriptReader } from "./script-reader.ts";
import { type ScriptOptions, ScriptRun } from "./script-run.ts";

export type { CommandResult, ScriptOptions, ScriptResult };

/**
 * Runs a script in an engine, store and linker of its own. A command that fails does not end the script.
 *
 * @param source - the text of the script
 * @example
 * ```ts
 * const result = await runScript('(module (func (export "one") (result i32) i32.const 1)) (assert_return (invoke "one") (i32.const 1))');
 * console.log(result.passedAssertions, result.failures.length); // 1 0
 * ```
 */
export async function runScript(source: string, options: ScriptOptions = {}): Promise<ScriptResult> {
  const run = new ScriptRun(options);
  const reader = new ScriptReader(source);
  const results: CommandResult[] = [];
  for (let command = reader.next(); command !== undefined; command = reader.next()) {
    results.push(run.execute(command));
  }
  return summarize(results);
}
