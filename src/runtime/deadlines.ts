/**
 * When the guests of a store have to stop: at an epoch, or at a moment on the wall clock.
 *
 * @packageDocumentation
 */
import type { NativeGlobal } from "../host/webassembly.ts";
import { spentBudget } from "../rewrite/hooks.ts";
import { show } from "./arguments.ts";
import { callsInProgress, isOverdue } from "./calls-in-progress.ts";
import type { EpochClock } from "./epoch.ts";
import { withBacktrace } from "./failure.ts";
import type { Pace } from "./pace.ts";
import type { Store } from "./store.ts";
import { trapOf } from "./trap.ts";

/** Decides at the deadline: for how many more ticks to go on, or `"trap"`. */
export type EpochCallback<T = any> = (store: Store<T>) => number | "trap";

type AnyFunction = (...args: any[]) => any;

/** How long a blocking call may sleep before it looks at the epoch again, in nanoseconds. */
const sleepSlice = 1_000_000n;

/** The deadlines of one store. @internal */
export class Deadlines {
  readonly #store: Store<any>;
  readonly #clock: EpochClock;
  /** The countdowns of the store's instances. */
  readonly #budgets: NativeGlobal[] = [];
  #epoch: bigint | undefined;
  #callback: EpochCallback | undefined;
  #timeoutMs: number | undefined;
  /** Whether a call of this store is in progress: only the outermost starts the timeout. */
  #isRunning = false;
  /** Whether somebody wanted guests to ask at their next check since they asked last. */
  #wantsQuestion = false;

  constructor(store: Store<any>, clock: EpochClock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Sets the epoch at which to stop, in ticks from now. */
  setEpoch(ticks: bigint): void {
    this.#epoch = this.#clock.now + ticks;
    this.askSoon();
  }

  /** Who decides at the deadline; undefined traps. */
  setCallback(callback: EpochCallback | undefined): void {
    this.#callback = callback;
  }

  get hasTimeout(): boolean {
    return this.#timeoutMs !== undefined;
  }

  /** Whether instances made now may have to end by the wall clock: a store without an epoch deadline waits for one of the two. */
  get mayTimeOut(): boolean {
    return this.hasTimeout || this.#epoch === undefined;
  }

  setTimeout(milliseconds: number | undefined): void {
    this.#timeoutMs = milliseconds;
  }

  /** Takes the global in which an instance of the store counts down. */
  addBudget(budget: NativeGlobal): void {
    this.#budgets.push(budget);
    if (this.#wantsQuestion) budget.value = spentBudget;
  }

  /** Makes the store's guests ask at their next check. */
  askSoon(): void {
    this.#wantsQuestion = true;
    this.#clock.raiseFlag();
    this.#store.fuel?.withhold();
    for (const budget of this.#budgets) budget.value = spentBudget;
  }

  /** A function of wasm as the host calls it: deadlines hold from its first instruction on. */
  guarded(native: AnyFunction): AnyFunction {
    return (...args) => {
      const { callees, end } = callsInProgress;
      const wasRunning = this.#isRunning;
      // In front of the `try`: where it throws because the stack is full, there is nothing to take away.
      callees.push(this);
      try {
        this.#isRunning = true;
        if (this.#isDue()) this.askSoon();
        if (!wasRunning && this.#timeoutMs !== undefined) this.#startTimeout(this.#timeoutMs);
        if (callsInProgress.end !== Number.POSITIVE_INFINITY) this.#clock.raiseFlag();
        return native(...args);
      } finally {
        this.#isRunning = wasRunning;
        callsInProgress.end = end;
        callees.pop();
        // The flag is everybody's: a call of another store may have lowered it before the outer one saw it.
        if (callees.length > 0) this.#clock.raiseFlag();
        this.#store.fuel?.reclaim();
      }
    };
  }

  #startTimeout(milliseconds: number): void {
    callsInProgress.end = Math.min(callsInProgress.end, performance.now() + milliseconds);
    if (milliseconds === 0) this.askSoon();
  }

  /** Asked by running code. Throws when it has to stop. */
  check(): void {
    this.#wantsQuestion = false;
    this.#clock.lowerFlag(callsInProgress.end !== Number.POSITIVE_INFINITY);
    if (isOverdue()) throw withBacktrace(trapOf("INTERRUPT"));
    if (!this.#isEpochDue()) return;
    const ticks = this.#ask();
    if (ticks === "trap") throw withBacktrace(trapOf("INTERRUPT"));
    this.#epoch = this.#clock.now + BigInt(ticks);
    if (ticks === 0) this.askSoon();
  }

  #isDue(): boolean {
    return this.#isEpochDue() || isOverdue();
  }

  /** A store whose deadline was never set stops at once, as wasmtime's, unless a timeout bounds its calls. */
  #isEpochDue(): boolean {
    return this.#epoch === undefined ? !this.hasTimeout : this.#clock.now >= this.#epoch;
  }

  /** {@link check}, then what code may count until it asks again. */
  checkAndBudget(pace: Pace): number {
    this.check();
    return this.#wantsQuestion ? spentBudget : pace.next();
  }

  /** {@link check}, then how long a host function may block, in nanoseconds. */
  checkAndSleep(): bigint {
    this.check();
    const left = callsInProgress.end - performance.now();
    return left < 1 ? BigInt(Math.ceil(left * 1e6)) : sleepSlice;
  }

  #ask(): number | "trap" {
    const callback = this.#callback;
    if (callback === undefined) return "trap";
    // A callback may run guests of its own store; they must not come back to it.
    this.#callback = undefined;
    let answer: unknown;
    try {
      answer = callback(this.#store);
    } finally {
      this.#callback ??= callback;
    }
    if (answer === "trap" || (Number.isSafeInteger(answer) && (answer as number) >= 0))
      return answer as number | "trap";
    throw new TypeError(
      `Expected the epoch callback to return a number of ticks or "trap", got ${show(answer)}`,
    );
  }
}

/** A timeout as a caller gave it, in milliseconds. */
export function timeoutArgument(milliseconds: unknown): number {
  if (typeof milliseconds !== "number" || Number.isNaN(milliseconds))
    throw new TypeError(`Expected \`milliseconds\` to be a number, got ${show(milliseconds)}`);
  if (milliseconds < 0)
    throw new RangeError(`Expected \`milliseconds\` to be non-negative, got ${show(milliseconds)}`);
  return milliseconds;
}
