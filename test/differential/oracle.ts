/** wasmtime itself: the Python package, where the machine has it. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Outcome, Step } from "./program.ts";

const python = process.env["WASMLINK_PYTHON"] ?? "python3";
const script = fileURLToPath(new URL("./oracle.py", import.meta.url));

const probe = spawnSync(python, ["-c", "import importlib.metadata as m; print(m.version('wasmtime'))"], {
  encoding: "utf8",
});

/** Why wasmtime cannot be asked; empty when it can. */
export const noOracle: string =
  probe.error !== undefined
    ? `no \`${python}\` on this machine`
    : probe.status !== 0
      ? `\`${python}\` has no package \`wasmtime\``
      : probe.stdout.startsWith("49.")
        ? ""
        : `the package \`wasmtime\` is version ${probe.stdout.trim()}, not 49`;

/** More programs than this are too many for the address space of one process. */
const batchSize = 2_000;

/** What wasmtime makes of programs. */
export function runOnWasmtime(programs: readonly (readonly Step[])[]): Outcome[][] {
  const outcomes: Outcome[][] = [];
  while (outcomes.length < programs.length)
    outcomes.push(...runBatch(programs.slice(outcomes.length, outcomes.length + batchSize)));
  return outcomes;
}

function runBatch(programs: readonly (readonly Step[])[]): Outcome[][] {
  const { stdout, stderr, status, signal } = spawnSync(python, [script], {
    input: programs.map((program) => `${JSON.stringify(program)}\n`).join(""),
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const lines = stdout.split("\n").slice(0, -1);
  if (lines.length < programs.length)
    throw new Error(
      `the oracle ended (${signal ?? status}): ${stderr.slice(-2000)}\n${JSON.stringify(programs[lines.length])}`,
    );
  return lines.map((line) => JSON.parse(line));
}
