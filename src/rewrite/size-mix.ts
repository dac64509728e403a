/**
 * The share of small functions, which instrumentation must not lower.
 *
 * V8 and JSC take a module with few of them for one whose toolchain has inlined enough already, and inline less.
 * Instrumented functions are larger: for want of a few empty ones, recursion would take half as long again.
 *
 * @packageDocumentation
 */

/** Bodies below this size are small in the eyes of both engines. */
export const smallFunction = 50;

/** The shares between which both engines grade. */
const fewShare = 0.25;
const manyShare = 0.5;

/** Number of functions, and of those that are small. */
export interface SizeMix {
  readonly count: number;
  readonly small: number;
}

/** How many small functions have to be added for the share there was before, as far as it matters. */
export function missingSmallFunctions(before: SizeMix, after: SizeMix): number {
  if (before.count === 0) return 0;
  const share = Math.min(before.small / before.count, manyShare);
  if (share <= fewShare) return 0;
  return Math.max(Math.ceil((share * after.count - after.small) / (1 - share)), 0);
}
