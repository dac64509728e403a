/**
 * What instrumented code calls in the host.
 *
 * A module that is instrumented where it runs imports no function, so that no function index moves. It has a table of its
 * own instead, which the host fills with exported functions once the instance is there and before anything runs in it. A
 * module that is instrumented ahead of time imports them: only compiled code can make exported functions.
 *
 * @packageDocumentation
 */
import type { FuncSignature } from "../binary/types.ts";

const growth: FuncSignature = { params: ["i32", "f64", "f64"], results: ["i32"] };

/** The functions of the host, with their types. */
export const hookTypes = {
  /**
   * What is left of the fuel, which the function is given, is zero or less. It raises a trap, or returns what is left from
   * now on. The global holds what was left when it was last stored.
   */
  outOfFuel: { params: ["i64"], results: ["i64"] },
  /**
   * The flag of the epoch is up, or the countdown is over. The function raises a trap, or returns how many more calls
   * and iterations are to pass until it is called again. A flag it has to take down, or put to {@link Flag.counting}.
   */
  interrupt: { params: [], results: ["i32"] },
  /**
   * A memory is about to grow: its index, its size, and by how much, both in pages. Zero refuses; the guest sees −1.
   * Sizes beyond 2^53 are rounded.
   */
  memoryGrowing: growth,
  /** The engine could not grow a memory although it was allowed. Same parameters; the result is not looked at. */
  memoryGrowFailed: growth,
  /** As {@link hookTypes.memoryGrowing}, in elements of a table. */
  tableGrowing: growth,
  /** As {@link hookTypes.memoryGrowFailed}, in elements of a table. */
  tableGrowFailed: growth,
} as const satisfies Record<string, FuncSignature>;

/** What the host sets a countdown to that is to ask at its next check. */
export const spentBudget = -1;

/** States of the flag of the epoch. */
export const Flag = {
  /** The host is not called. */
  down: 0,
  /** The host is called at the next check. */
  up: 1,
  /** The host is called after as many checks as it wanted. Checks take longer. */
  counting: 2,
} as const;

/** Name of a function of the host that instrumented code calls. */
export type HookName = keyof typeof hookTypes;

export const hookNames = Object.keys(hookTypes) as HookName[];
