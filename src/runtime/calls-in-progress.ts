/**
 * The calls into wasm that are in progress on this thread: what one of them has to know of those around it.
 *
 * @packageDocumentation
 */

/** The guests of a store while the host waits for them. */
export interface Callee {
  /** Makes them ask the host at their next check, as far as the host can make them. */
  askSoon(): void;
}

/** One call can be inside of another, of the same store or not. Whoever changes something here restores it. */
export const callsInProgress = {
  /** Outermost first. */
  callees: [] as Callee[],
  /** The earliest moment at which one of the calls has to end, in the time of `performance.now()`. */
  end: Number.POSITIVE_INFINITY,
};

/** Whether one of the calls has taken as long as it may. */
export function isOverdue(): boolean {
  return callsInProgress.end !== Number.POSITIVE_INFINITY && performance.now() >= callsInProgress.end;
}

/** A function of the host, for guests whose calls may be bounded in time: they do not measure what it takes. */
export function timed<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    const result = fn(...args);
    if (isOverdue()) callsInProgress.callees.at(-1)?.askSoon();
    return result;
  };
}
