/**
 * When the guests of a store have to stop: at an epoch, or at a moment on the wall clock.
 *
 * @packageDocumentation
 */
import { show } from "./arguments.ts";
import type { EpochClock } from "./epoch.ts";
import { withBacktrace } from "./failure.ts";
import type { Store } from "./store.ts";
import { addBacktrace, type Frame, Trap, trapOf } from "./trap.ts";

/** Decides at the deadline: for how many more ticks to go on, or `"trap"`. */
export type EpochCallback<T = any> = (store: Store<T>) => number | "trap";

type AnyFunction = (...args: any[]) => any;

/** Code that counts down asks the host about this often, in milliseconds. */
const wantedPause = 0.5;
const leastBudget = 1024;
const mostBudget = 2 ** 24;

/** How long a blocking call may sleep before it looks at the epoch again, in nanoseconds. */
const sleepSlice = 1_000_000n;

/** Calls in progress on this thread, and the earliest moment at which one of them has to end. */
let callsInProgress = 0;
let endOfCalls = Number.POSITIVE_INFINITY;

/** The deadlines of one store. @internal */
export class Deadlines {
  readonly #store: Store<any>;
  readonly #clock: EpochClock;
  #epoch: bigint | undefined;
  #callback: EpochCallback | undefined;
  #timeoutMs: number | undefined;
  /** Whether a call of this store is in progress: only the outermost starts the timeout. */
  #isRunning = false;
  #budget = leastBudget;
  #lastAsked = 0;

  constructor(store: Store<any>, clock: EpochClock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Sets the epoch at which to stop, in ticks from now. */
  setEpoch(ticks: bigint): void {
    this.#epoch = this.#clock.now + ticks;
    this.#clock.raiseFlag();
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

  /**
   * A function of wasm as the host calls it: deadlines hold from the first instruction on.
   *
   * @param entry - the frame to show when there is no time even for the first
   */
  guarded(native: AnyFunction, entry?: () => Frame): AnyFunction {
    return (...args) => {
      const wasRunning = this.#isRunning;
      const outerEnd = endOfCalls;
      const outerCalls = callsInProgress;
      if (!wasRunning && this.#timeoutMs !== undefined)
        endOfCalls = Math.min(endOfCalls, performance.now() + this.#timeoutMs);
      this.#isRunning = true;
      callsInProgress = outerCalls + 1;
      try {
        this.#checkEntry(entry);
        return native(...args);
      } finally {
        this.#isRunning = wasRunning;
        endOfCalls = outerEnd;
        callsInProgress = outerCalls;
        // The flag is everybody's: a call of another store may have lowered it before the outer one saw it.
        if (outerCalls > 0) this.#clock.raiseFlag();
      }
    };
  }

  #checkEntry(entry: (() => Frame) | undefined): void {
    try {
      this.check();
    } catch (error) {
      if (entry !== undefined && error instanceof Trap) addBacktrace(error, [entry()]);
      throw error;
    }
  }

  /** Asked by running code. Throws when it has to stop. */
  check(): void {
    this.#clock.lowerFlag();
    if (performance.now() >= endOfCalls) throw withBacktrace(trapOf("INTERRUPT"));
    if (!this.#isEpochDue()) return;
    const ticks = this.#ask();
    if (ticks === "trap") throw withBacktrace(trapOf("INTERRUPT"));
    this.#epoch = this.#clock.now + BigInt(ticks);
    if (ticks === 0) this.#clock.raiseFlag();
  }

  /** A store whose deadline was never set stops at once, as wasmtime's, unless a timeout bounds its calls. */
  #isEpochDue(): boolean {
    return this.#epoch === undefined ? !this.hasTimeout : this.#clock.now >= this.#epoch;
  }

  /** {@link check}, then how many calls and iterations may pass before the next one. */
  checkAndBudget(): number {
    this.check();
    const now = performance.now();
    const pause = now - this.#lastAsked;
    this.#lastAsked = now;
    if (pause < wantedPause / 2) this.#budget = Math.min(this.#budget * 2, mostBudget);
    else if (pause > wantedPause * 2) this.#budget = Math.max(this.#budget >> 1, leastBudget);
    return this.#budget;
  }

  /** {@link check}, then how long a host function may block, in nanoseconds. */
  checkAndSleep(): bigint {
    this.check();
    const left = endOfCalls - performance.now();
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
