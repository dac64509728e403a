import type { Binding } from "./binding.ts";

/**
 * Blocks for that long, in slices no longer than the store's deadline leaves. It does not return when the deadline has
 * passed.
 */
export function block({ context, guest }: Binding, nanoseconds: bigint): void {
  const { clock } = context.settings;
  let left = nanoseconds;
  while (left > 0n) {
    let slice = guest.blockingBudgetNs?.() ?? left;
    if (slice > left) slice = left;
    clock.sleep(slice);
    left -= slice;
  }
  guest.blockingBudgetNs?.();
}
