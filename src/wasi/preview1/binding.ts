import type { WasiGuest } from "../../runtime/wasi-host.ts";
import type { WasiContext } from "../context.ts";
import { Errno, fail } from "../errno.ts";
import type { GuestMemory } from "../guest-memory.ts";

/** What the functions of one instance work on. */
export interface Binding {
  readonly context: WasiContext;
  readonly memory: GuestMemory;
  readonly guest: WasiGuest;
}

/** One function of preview 1. It returns nothing when it succeeds, and fails by throwing. */
export type Preview1Function = (binding: Binding, ...args: any[]) => void;

/** Functions by the names of the specification. */
export type Preview1Functions = Readonly<Record<string, Preview1Function>>;

/** An offset or size the guest gives as an unsigned 64-bit number. JavaScript counts exactly up to 2^53 - 1. */
export function toPosition(value: bigint): number {
  const position = Number(value);
  return position >= 0 && position <= Number.MAX_SAFE_INTEGER ? position : fail(Errno.inval);
}

/** Fails with `inval` when bits are set that mean nothing. */
export function checkFlags(flags: number, known: number): void {
  if ((flags & ~known) !== 0) fail(Errno.inval);
}
