/**
 * The fuel of a store: what its guests may still execute.
 *
 * Spec: none; the costs and the moments of the checks are wasmtime's (`Config::consume_fuel`).
 *
 * @packageDocumentation
 */
import { createGlobal } from "../host/externs.ts";
import type { NativeGlobal } from "../host/webassembly.ts";
import { show } from "./arguments.ts";

/** The global is an i64, and what is not stored yet comes on top. */
const mostActive = 2n ** 62n;
const mostFuel = 2n ** 64n - 1n;

/** A balance in two parts: what instrumented code counts down in a global, and a reserve it is filled up from. */
export class FuelTank {
  /** The part in use, as a mutable i64 that all instances of the store import. */
  readonly global: NativeGlobal = createGlobal({ kind: "global", content: "i64", mutable: true }, 0n);
  readonly #slice: bigint;
  #reserve = 0n;
  #isWithheld = false;

  /** @param slice - most fuel that is handed out at once; smaller where the host wants to be asked now and then */
  constructor(slice: bigint = mostActive) {
    this.#slice = slice;
  }

  /** What is left. Code that overruns between two checks may owe fuel; that counts as none. */
  get balance(): bigint {
    return this.#total > 0n ? this.#total : 0n;
  }

  set balance(fuel: bigint) {
    this.#divide(fuel);
  }

  /** Takes fuel for what runs outside of instrumented code. */
  charge(fuel: number): void {
    this.global.value = (this.global.value as bigint) - BigInt(fuel);
  }

  /** Takes back what is more than a slice: a trap forgets what was executed since the part in use was last stored. */
  reclaim(): void {
    if ((this.global.value as bigint) > this.#slice) this.#divide(this.#total);
  }

  /** Leaves nothing in use, so that code calls for {@link refill} at its next check. */
  withhold(): void {
    this.#isWithheld = true;
    this.#divide(this.#total);
  }

  /**
   * Lets code go on whose part in use is gone.
   *
   * @param left - what is left of it, zero or less: what was executed since it was last stored is not in the balance
   * @param check - throws when the guest has to stop anyway
   * @returns what the code has in use now; undefined when the balance is used up
   */
  refill(left: bigint, check: () => void): bigint | undefined {
    const unstored = (this.global.value as bigint) - left;
    if (this.#total <= unstored) {
      this.balance = 0n;
      return undefined;
    }
    this.#isWithheld = false;
    check();
    const total = this.#total - unstored;
    // What was withheld meanwhile leaves enough to get to the next check.
    const active = this.#isWithheld ? 1n : this.#activeOf(total);
    this.#reserve = total - active;
    this.global.value = active + unstored;
    return active;
  }

  get #total(): bigint {
    return (this.global.value as bigint) + this.#reserve;
  }

  /** How much of a balance to use. */
  #activeOf(fuel: bigint): bigint {
    const most = this.#isWithheld ? 0n : this.#slice;
    return fuel < most ? fuel : most;
  }

  #divide(fuel: bigint): void {
    const active = this.#activeOf(fuel);
    this.global.value = active;
    this.#reserve = fuel - active;
  }
}

/** An amount of fuel as a caller gave it. */
export function fuelArgument(fuel: unknown): bigint {
  if (typeof fuel !== "bigint" && !(typeof fuel === "number" && Number.isInteger(fuel)))
    throw new TypeError(`Expected \`fuel\` to be an integer, got ${show(fuel)}`);
  const amount = BigInt(fuel as number | bigint);
  if (amount < 0n || amount > mostFuel)
    throw new RangeError(`Expected \`fuel\` to be between 0 and 2^64 - 1, got ${show(fuel)}`);
  return amount;
}
