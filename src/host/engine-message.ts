/**
 * The text of an engine's error without what the engine adds to it.
 *
 * @packageDocumentation
 */

const evaluating = " (evaluating '";

/**
 * The message of an error the engine made.
 *
 * JSC appends the JavaScript expression that failed, ` (evaluating 'f()')`, which says nothing about the module.
 */
export function engineMessage(error: Error): string {
  const message = String(error.message);
  const start = message.endsWith("')") ? message.lastIndexOf(evaluating) : -1;
  return start < 0 ? message : message.slice(0, start);
}
