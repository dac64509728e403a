/**
 * The share of small functions, which instrumentation must not lower.
 *
 * V8 and JSC take a module with few of them for one whose toolchain has inlined enough already, and inline less.
 * Instrumented functions are larger: for want of a few empty ones, recursion would take half as long again.
 *
 * That is not enough for programs. What engines inline into a function is bounded in bytes of code, and the functions of a
 * program are large enough for that to be the bound: of metered code half as much fits. So programs get as many as make
 * engines inline the most. Small modules do not: what is inlined too much there takes its time as well.
 *
 * @packageDocumentation
 */

/** Bodies below this size are small in the eyes of both engines. */
export const smallFunction = 50;

/** The shares between which both engines grade. */
const fewShare = 0.25;
const manyShare = 0.5;

/** From so many functions on, a module is a program. */
const programSize = 100;

/** Number of functions, and of those that are small. */
export interface SizeMix {
  readonly count: number;
  readonly small: number;
}

/**
 * How many small functions have to be added.
 *
 * @param isMetered - whether functions have become larger throughout
 */
export function missingSmallFunctions(before: SizeMix, after: SizeMix, isMetered: boolean): number {
  if (before.count === 0) return 0;
  const isProgram = isMetered && before.count >= programSize;
  const share = isProgram ? manyShare : Math.min(before.small / before.count, manyShare);
  if (share <= fewShare) return 0;
  return Math.max(Math.ceil((share * after.count - after.small) / (1 - share)), 0);
}
