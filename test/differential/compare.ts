/** What counts as the same outcome. */
import { expect } from "vitest";
import type { ErrorOutcome, Outcome, Step } from "./program.ts";

/** The Python package shows a failure of a host function so where it forgets to look for the exception itself. */
const forgottenException = "python exception";

const stackOverflow = "call stack exhausted";

/** Steps whose failure is never a `Trap` in Python; here it is, where there was a trap, as it is in Rust. */
const plainErrors: ReadonlySet<Step["op"]> = new Set(["defineModule", "setElement"]);

/** Fails the test when a step came to something else than in wasmtime. */
export function expectSame(place: string, step: Step, wasmtime: Outcome, wasmlink: Outcome): void {
  const shown = `${place}: ${JSON.stringify(step)}`;
  if ("abort" in wasmtime) {
    expect(wasmlink, shown).toHaveProperty("error");
    if (wasmtime.abort !== null) expect(wasmlink, shown).toHaveProperty("message", wasmtime.abort);
    return;
  }
  expect(comparable(step, wasmtime, wasmlink), shown).toEqual(comparable(step, wasmtime, wasmtime));
}

/** An outcome without what may differ from wasmtime's. */
function comparable(step: Step, wasmtime: Outcome, outcome: Outcome): unknown {
  if (!("error" in wasmtime) || !("error" in outcome)) return outcome;
  const { log } = outcome;
  if (wasmtime.message.includes(forgottenException)) return { log };
  // Mistakes in arguments: the words are each language's own.
  if (wasmtime.error === "TypeError") return { error: outcome.error, log };
  // Where and how deep the stack is full differs.
  if (wasmtime.message.includes(stackOverflow)) return { error: outcome.error, code: outcome.code };
  const error = withoutExceptionFrames(outcome);
  if (!plainErrors.has(step.op)) return error;
  return { error: error.error === "Trap" ? "error" : error.error, message: error.message, log };
}

/** JavaScript engines keep no stack trace with an exception that wasm throws. */
function withoutExceptionFrames(error: ErrorOutcome): ErrorOutcome {
  const text = "thrown Wasm exception";
  return error.message.includes(text) ? { ...error, message: text, frames: [] } : error;
}
