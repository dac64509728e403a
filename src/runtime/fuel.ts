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

const mostActive = 2n ** 63n - 1n;
const mostFuel = 2n ** 64n - 1n;

/** A balance in two parts: what instrumented code counts down in a global, and a reserve it is filled up from. */
export class FuelTank {
  /** The part in use, as a mutable i64 that all instances of the store import. */
  readonly global: NativeGlobal = createGlobal({ kind: "global", content: "i64", mutable: true }, 0n);
  readonly #slice: bigint;
  #reserve = 0n;

  /** @param slice - most fuel that is handed out at once; smaller where the host wants to be asked now and then */
  constructor(slice: bigint = mostActive) {
    this.#slice = slice;
  }

  /** What is left. Code that overruns between two checks may owe fuel; that counts as none. */
  get balance(): bigint {
    const total = (this.global.value as bigint) + this.#reserve;
    return total > 0n ? total : 0n;
  }

  set balance(fuel: bigint) {
    const active = fuel < this.#slice ? fuel : this.#slice;
    this.global.value = active;
    this.#reserve = fuel - active;
  }

  /** Takes fuel for what runs outside of instrumented code. */
  charge(fuel: number): void {
    this.global.value = (this.global.value as bigint) - BigInt(fuel);
  }

  /** Fills up from the reserve; false when the balance is used up. */
  refill(): boolean {
    const total = (this.global.value as bigint) + this.#reserve;
    if (total <= 0n) return false;
    this.balance = total;
    return true;
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
