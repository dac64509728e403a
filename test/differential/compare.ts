/** What counts as the same outcome. */
import { expect } from "vitest";
import type { ErrorOutcome, Outcome, Step } from "./program.ts";

/** The Python package shows a failure of a host function so where it forgets to look for the exception itself. */
const forgottenException = "python exception";

const stackOverflow = "call stack exhausted";

/**
 * Traps that JavaScript engines do not tell apart: wasmtime's, and the one that is reported here for both where the
 * operands of the instruction are not known. V8 from 15.0 on distinguishes the calls.
 */
const indistinct = [
  {
    codes: ["BAD_CONVERSION_TO_INTEGER", "INTEGER_OVERFLOW"],
    texts: ["invalid conversion to integer", "integer overflow"],
  },
  {
    codes: ["BAD_SIGNATURE", "INDIRECT_CALL_TO_NULL"],
    texts: ["indirect call type mismatch", "uninitialized element"],
  },
] as const;

/** wasmtime learns the address of an access out of bounds from a signal of the processor. */
const memoryFault =
  /^ +(\d): memory fault at wasm address 0x[0-9a-f]+ in linear memory of size 0x[0-9a-f]+\n +\d: /m;

/** Steps whose failure is never a `Trap` in Python; here it is, where there was a trap, as it is in Rust. */
const plainErrors: ReadonlySet<Step["op"]> = new Set(["defineModule", "setElement"]);

function withoutDistinctions(outcome: Outcome): Outcome {
  if (!("error" in outcome)) return outcome;
  const pair = indistinct.find(({ codes }) => codes[0] === outcome.code);
  let message = outcome.message.replace(memoryFault, (_, index) =>
    index === "0" ? "    " : `${index.padStart(5)}: `,
  );
  for (const { texts } of indistinct)
    message = message.replace(`wasm trap: ${texts[0]}`, `wasm trap: ${texts[1]}`);
  return { ...outcome, message, ...(pair === undefined ? {} : { code: pair.codes[1] }) };
}

/** Whether a store's limits left wasmtime no room for a reference or an exception. JavaScript keeps them elsewhere. */
export function isOutOfHeap(wasmtime: Outcome): boolean {
  return "error" in wasmtime && /failed to create an externref|GC heap out of memory/.test(wasmtime.message);
}

/**
 * Fails the test when a step came to something else than in wasmtime.
 *
 * @param isVague - whether the operands of what traps are unknown
 */
export function expectSame(
  place: string,
  step: Step,
  wasmtime: Outcome,
  wasmlink: Outcome,
  isVague = false,
): void {
  const shown = `${place}: ${JSON.stringify(step)}`;
  if ("abort" in wasmtime) {
    expect(wasmlink, shown).toHaveProperty("error");
    if (wasmtime.abort !== null) expect(wasmlink, shown).toHaveProperty("message", wasmtime.abort);
    return;
  }
  const [expected, actual] = isVague
    ? [withoutDistinctions(wasmtime), withoutDistinctions(wasmlink)]
    : [wasmtime, wasmlink];
  expect(comparable(step, expected, actual), shown).toEqual(comparable(step, expected, expected));
}

/** An outcome without what may differ from wasmtime's. */
function comparable(step: Step, wasmtime: Outcome, outcome: Outcome): unknown {
  const log = outcome.log?.map(withoutExceptionBacktrace);
  if (!("error" in wasmtime) || !("error" in outcome)) return { ...outcome, log };
  if (wasmtime.message.includes(forgottenException)) return {};
  // Mistakes in arguments: the words are each language's own.
  if (wasmtime.error === "TypeError") return { error: outcome.error, log };
  // Where and how deep the stack is full differs.
  if (wasmtime.message.includes(stackOverflow)) return { error: outcome.error, code: outcome.code };
  const error = { ...withoutDump(withoutExceptionFrames(outcome)), log };
  if (!plainErrors.has(step.op)) return error;
  return { error: error.error === "Trap" ? "error" : error.error, message: error.message, log };
}

/** JavaScript engines keep no stack trace with an exception that wasm throws. */
function withoutExceptionBacktrace(text: string): string {
  return text.replace(
    /error while executing at wasm backtrace:\n(?: .*\n)+\nCaused by:\n {4}(thrown Wasm exception)\n/,
    "$1",
  );
}

function withoutExceptionFrames(error: ErrorOutcome): ErrorOutcome {
  const message = withoutExceptionBacktrace(error.message);
  if (message === error.message) return error;
  return { ...error, message, ...(error.frames === undefined ? {} : { frames: [] }) };
}

/** Where a type has no default value wasmtime shows the type as Rust prints it for debugging. */
function withoutDump(error: ErrorOutcome): ErrorOutcome {
  return {
    ...error,
    message: error.message.replace(/^(no default value exists for .* with type ).*$/m, "$1"),
  };
}
