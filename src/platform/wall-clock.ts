let originMs = 0;

/**
 * Nanoseconds since 1970. Between two ticks of the wall clock, whose unit is a millisecond, the performance timer
 * counts on; the two are tied again whenever they part, as they do when the machine sleeps or its clock is set.
 */
export function wallClockNs(): bigint {
  const wallMs = Date.now();
  const timerMs = performance.now();
  const driftMs = originMs + timerMs - wallMs;
  if (driftMs < 0 || driftMs >= 2) originMs = wallMs - timerMs;
  return BigInt(Math.floor((originMs + timerMs) * 1000)) * 1000n;
}
