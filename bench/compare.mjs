/**
 * Interleaved comparison: every candidate in the same process, order shuffled per round, medians and ratios to the first.
 *
 * A shared machine drifts by tens of per cent within a run; what runs side by side drifts together.
 */

/** Median of a list of numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function shuffled(items) {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [copy[last], copy[other]] = [copy[other], copy[last]];
  }
  return copy;
}

/**
 * Times candidates and prints a line for each.
 *
 * @param {string} title what is measured
 * @param {Record<string, () => void>} candidates each does `operations` operations; the first one is the yardstick
 * @param {{ operations: number, rounds?: number, unit?: "ns" | "us" | "ms" }} options
 */
export function compare(title, candidates, { operations, rounds = 31, unit = "ns" }) {
  const names = Object.keys(candidates);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) for (let warm = 0; warm < 3; warm++) candidates[name]();
  for (let round = 0; round < rounds; round++) {
    for (const name of shuffled(names)) {
      const start = process.hrtime.bigint();
      candidates[name]();
      times[name].push(Number(process.hrtime.bigint() - start) / operations);
    }
  }
  const scale = { ns: 1, us: 1e3, ms: 1e6 }[unit];
  const yardstick = median(times[names[0]]);
  console.log(title);
  for (const name of names) {
    const time = median(times[name]);
    // Ratios of the same round: drift cancels out.
    const ratio = median(times[name].map((value, round) => value / times[names[0]][round]));
    console.log(
      `  ${name.padEnd(28)} ${(time / scale).toFixed(2).padStart(9)} ${unit}  ${ratio.toFixed(2)}x`,
    );
  }
  return yardstick;
}
