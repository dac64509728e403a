/**
 * What an environment forbids though its engine could do it.
 *
 * @packageDocumentation
 */
import { UnsupportedError } from "../errors.ts";
import { engineMessage } from "./engine-message.ts";
import { webAssembly } from "./webassembly.ts";

/** Engines that are told by who embeds them, or by a page's policy, not to compile from bytes. */
const compilingIsForbidden = /disallowed by embedder|Content Security Policy|blocked by CSP/i;

/** Chromium: modules above 8 MB must not keep a page waiting. */
const waitingIsForbidden = /disallowed on the main thread/;

/** The error to report when an engine's error says that the environment forbids something; otherwise undefined. */
export function refusal(thrown: unknown): UnsupportedError | undefined {
  // JSC has an EvalError for policies, V8 a RangeError for the size.
  const isCandidate = [webAssembly().CompileError, EvalError, RangeError].some(
    (kind) => thrown instanceof kind,
  );
  if (!isCandidate) return undefined;
  const message = engineMessage(thrown as Error);
  if (compilingIsForbidden.test(message))
    return new UnsupportedError(
      "compile",
      "host",
      "this JavaScript environment refuses to compile WebAssembly from bytes: give it a compiled module with " +
        "Module.fromNative, or allow 'wasm-unsafe-eval' in the page's content security policy",
      { cause: message },
    );
  if (waitingIsForbidden.test(message))
    return new UnsupportedError(
      "large modules on the main thread",
      "host",
      "the main thread of a page cannot compile or instantiate a module of this size: use a worker",
      { cause: message },
    );
  return undefined;
}
