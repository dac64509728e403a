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

export function shuffled(items) {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [copy[last], copy[other]] = [copy[other], copy[last]];
  }
  return copy;
}

/**
 * Times candidates for as many rounds, each round in a new order.
 *
 * @param {Record<string, () => void>} candidates
 * @param {number} rounds
 * @returns {Record<string, number[]>} for each candidate the times of all rounds, in milliseconds
 */
export function timeInTurns(candidates, rounds) {
  const names = Object.keys(candidates);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of shuffled(names)) {
      const start = performance.now();
      candidates[name]();
      times[name].push(performance.now() - start);
    }
  }
  return times;
}

/** The time that a fifth of the rounds stays below: what the others took more was not the candidate's doing. */
function fastest(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 5)];
}

/** Ratios of the fastest rounds to those of the first candidate. */
export function ratiosOf(times) {
  const [yardstick] = Object.values(times);
  return Object.fromEntries(
    Object.entries(times).map(([name, rounds]) => [name, fastest(rounds) / fastest(yardstick)]),
  );
}

/** Prints a table. @param {Record<string, Record<string, string>>} rows cells by row and column */
export function printTable(rows) {
  const columns = Object.keys(Object.values(rows)[0]);
  const heads = Math.max(...Object.keys(rows).map((head) => head.length));
  const widths = columns.map((name) =>
    Math.max(name.length, ...Object.values(rows).map((row) => row[name].length)),
  );
  const line = (head, cells) =>
    console.log([head.padEnd(heads), ...cells.map((cell, index) => cell.padStart(widths[index]))].join("  "));
  line("", columns);
  for (const [head, row] of Object.entries(rows)) {
    line(
      head,
      columns.map((name) => row[name]),
    );
  }
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
  for (const name of names) for (let warm = 0; warm < 3; warm++) candidates[name]();
  const times = timeInTurns(candidates, rounds);
  const scale = operations * { ns: 1e-6, us: 1e-3, ms: 1 }[unit];
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
