// Compares what runtimes do with the WebAssembly specification's test suite with what is expected of them.
//
// Usage: node conformance.mjs [--fuel] [--epochs] [--update] [--json] [RUNTIME]...
//   RUNTIME   a command such as `node`, `deno`, `bun`, `chromium`; the first three by default, as far as they are installed
//   --fuel    counts fuel, which changes no result
//   --epochs  lets epochs interrupt, which changes no result either
//   --update  writes the results into the expectations; new failures then need a reason
//   --json    prints the results per runtime and folder
// The suite is in ../shared/suites/spec-testsuite, or where the environment variable WASMLINK_SPEC_SUITE says.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { differences, observed, updated } from "./expectations.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const suite = process.env.WASMLINK_SPEC_SUITE ?? here("../../../shared/suites/spec-testsuite");
const defaultRuntimes = ["node", "deno", "bun"];

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith("--"));
const engine = { consumeFuel: args.includes("--fuel"), epochInterruption: args.includes("--epochs") };

if (!existsSync(suite)) {
  console.error(`skipped: there is no test suite at ${suite}; WASMLINK_SPEC_SUITE says where it is`);
  process.exit(0);
}

const summaries = {};
for (const command of named.length > 0 ? named : defaultRuntimes) {
  const run = await runSuite(command);
  if (run === undefined && named.length === 0) console.error(`${command}: not installed`);
  else if (run === undefined) fail(`${command}: cannot be started`);
  else if (run.failure !== undefined) fail(`${command}: ${run.failure}`);
  else check(run.runtime, observed(run.results));
}
if (args.includes("--json")) console.log(JSON.stringify(summaries, null, 2));

/** Runs the suite with a runtime; undefined where there is no such command. */
function runSuite(command) {
  const [program, ...args] = commandLine(command);
  const child = spawn(program, [...args, suite, JSON.stringify(engine)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const run = { runtime: undefined, results: [], failure: undefined };
  let current = "its start";
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = JSON.parse(text);
    if (line.runtime !== undefined) run.runtime = line.runtime;
    else if (line.starts !== undefined) current = line.starts;
    else run.results.push(line);
  });
  return new Promise((resolve) => {
    child.on("error", () => resolve(undefined));
    child.on("close", (status, signal) => {
      if (status !== 0) run.failure = `ended with ${signal ?? `status ${status}`} in ${current}`;
      resolve(run);
    });
  });
}

function commandLine(command) {
  if (/chrom/.test(basename(command))) return [process.execPath, here("../browser/suite.mjs"), command];
  const permissions = basename(command) === "deno" ? ["run", "--allow-read"] : [];
  return [command, ...permissions, here("suite.mjs")];
}

function check({ name, version }, actual) {
  const path = here(`expectations/${name}.json`);
  const expectation = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  summaries[name] = { version, directories: actual.directories };
  if (args.includes("--update")) {
    writeFileSync(path, `${JSON.stringify({ version, ...updated(expectation, actual) }, null, 2)}\n`);
  }
  const { passedAssertions, assertions } = actual.directories.core;
  console.error(`${name} ${version}: ${passedAssertions} of ${assertions} core assertions`);
  if (expectation === undefined) {
    console.error(`${name}: there are no expectations`);
    return;
  }
  for (const difference of differences(expectation, actual)) fail(`${name}: ${difference}`);
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
