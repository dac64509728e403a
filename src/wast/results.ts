/**
 * What comes out of a script.
 *
 * @packageDocumentation
 */

import type { CommandResult } from "./attempt.ts";

/** What became of a script. */
export interface ScriptResult {
  /** Commands that assert something; an action on its own asserts that it does not fail. */
  readonly assertions: number;
  readonly passedAssertions: number;
  /** Passed assertions that a module is refused which the JavaScript engine refuses anyway, for lack of a proposal. */
  readonly vacuousAssertions: number;
  /** All other commands: modules, registrations, threads. */
  readonly steps: number;
  readonly passedSteps: number;
  readonly failures: readonly CommandResult[];
}

/** Sums up the results of a script's commands. */
export function summarize(results: Iterable<CommandResult>): ScriptResult {
  let assertions = 0;
  let passedAssertions = 0;
  let vacuousAssertions = 0;
  let steps = 0;
  let passedSteps = 0;
  const failures: CommandResult[] = [];
  for (const result of results) {
    const passed = result.ok ? 1 : 0;
    if (result.command === "action" || result.command.startsWith("assert_")) {
      assertions++;
      passedAssertions += passed;
      if (result.ok && result.missingFeature !== undefined) vacuousAssertions++;
    } else {
      steps++;
      passedSteps += passed;
    }
    if (!result.ok) failures.push(result);
  }
  return { assertions, passedAssertions, vacuousAssertions, steps, passedSteps, failures };
}
