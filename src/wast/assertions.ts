/**
 * Comparing what happened with what a script says. Everything throws where it differs.
 *
 * @packageDocumentation
 */
import { CompileError, UnsupportedError, WasmlinkError } from "../errors.ts";
import { Trap } from "../runtime/trap.ts";
import type { ScriptValue } from "../text/script-values.ts";
import { showResults, showValues } from "./display.ts";
import { matches, type Results } from "./matching.ts";
import { isExpectedTrap } from "./messages.ts";
import type { References } from "./references.ts";

/** What `run` throws. */
export function failureOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new WasmlinkError("expected a failure, got none");
}

/** Checks the results of an action. */
export function assertResults(
  results: Results,
  expected: readonly ScriptValue[],
  references: References,
): void {
  const { types, values } = results;
  const fits =
    types.length === expected.length &&
    expected.every((value, index) => matches(value, types[index]!, values[index], references));
  if (!fits) throw new WasmlinkError(`expected ${showValues(expected)}, got ${showResults(results)}`);
}

/** Checks that a failure is the trap a text stands for. */
export function assertTrap(failure: unknown, text: string): void {
  if (!(failure instanceof Trap) || failure.trapCode === undefined || !isExpectedTrap(text, failure.trapCode))
    throw unexpected(`the trap \`${text}\``, failure);
}

/** Checks that a failure is an exception no wasm function caught. */
export function assertException(failure: unknown): void {
  if (!(failure instanceof WasmlinkError && failure.message.includes("thrown Wasm exception")))
    throw unexpected("an exception", failure);
}

/**
 * Checks that a failure of instantiation has a text.
 *
 * @returns the feature for whose lack the JavaScript engine has not even what the module should not be linked to
 */
export function assertUnlinkable(failure: unknown, text: string): string | undefined {
  const missing = missingFeature(failure);
  if (missing !== undefined) return missing;
  if (!(failure instanceof WasmlinkError && failure.message.includes(text)))
    throw unexpected(`\`${text}\``, failure);
  return undefined;
}

/**
 * Checks that a failure is the refusal of a module. Why it was refused is not compared: types are checked by the
 * JavaScript engine, with words of its own.
 *
 * @returns the feature for whose lack the JavaScript engine refuses the module whatever else is wrong with it
 */
export function assertRefused(failure: unknown): string | undefined {
  if (failure instanceof UnsupportedError) return missingFeature(failure);
  if (!(failure instanceof CompileError)) throw unexpected("the module to be refused", failure);
  return undefined;
}

/** The feature for whose lack the JavaScript engine brought a failure about. */
export function missingFeature(failure: unknown): string | undefined {
  if (failure instanceof UnsupportedError && failure.reason === "host") return failure.feature;
  return failure instanceof Error && failure.cause !== undefined ? missingFeature(failure.cause) : undefined;
}

function unexpected(expectation: string, failure: unknown): WasmlinkError {
  return new WasmlinkError(`expected ${expectation}`, { cause: failure });
}
