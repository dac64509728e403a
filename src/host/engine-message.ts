/**
 * The text of an engine's error without what the engine adds to it.
 *
 * @packageDocumentation
 */

const appended = / \((?:evaluating|near) '.*'\)$/s;

/**
 * The message of an error the engine made.
 *
 * JSC appends the JavaScript expression that failed, ` (evaluating 'f()')` or ` (near '...f()...')`, which says nothing
 * about the module.
 */
export function engineMessage(error: Error): string {
  const message = String(error.message);
  return message.endsWith("')") ? message.replace(appended, "") : message;
}
