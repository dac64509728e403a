/**
 * How often code asks that counts until it does.
 *
 * @packageDocumentation
 */

/** How long code should run between two questions, in milliseconds: questions cost little then, and answers come in time. */
const wantedMs = 0.05;

/** By how much the first guess may be too low, and too high. */
const mostFactor = 16;
const leastFactor = 1 / 64;

/** What code may count until it asks again. How long that takes depends on the code, so it is measured. */
export class Pace {
  readonly #guess: number;
  #budget: number;
  #askedAt = 0;

  /** @param guess - what to begin with */
  constructor(guess: number) {
    this.#guess = guess;
    this.#budget = guess;
  }

  /** Takes note of a question. @returns what to count until the next one */
  next(): number {
    const now = performance.now();
    const tookMs = now - this.#askedAt;
    this.#askedAt = now;
    // Carefully up: code may come that counts slower. At once down: it has come.
    const budget = this.#budget * Math.min(wantedMs / tookMs, 2);
    this.#budget = Math.min(Math.max(budget, this.#guess * leastFactor), this.#guess * mostFactor);
    return Math.round(this.#budget);
  }
}
