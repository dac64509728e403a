/**
 * `wasmlink wast`: runs test scripts as the WebAssembly specification's suite is made of.
 *
 * @packageDocumentation
 */
import { WasmlinkError } from "../../index.ts";
import { standardOutput } from "../../platform/process.ts";
import { runScript, type ScriptResult } from "../../wast/index.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { contentsOf } from "../module-file.ts";
import { groupOption, parseSettings, settingsHelp } from "../option-groups.ts";
import { styled } from "../report.ts";
import { engineOptions, proposalGroup } from "../settings.ts";
import { startThread } from "../start-thread.ts";
import { UsageError } from "../usage-error.ts";

export const wast: Command = {
  name: "wast",
  summary: "Runs test scripts of the WebAssembly specification",
  operands: "FILE...",
  options: [
    { name: "json", summary: "Print JSON, with every command that failed" },
    groupOption(proposalGroup),
  ],
  examples: [
    { summary: "Run the specification's core suite", line: "wasmlink wast testsuite/*.wast" },
    {
      summary: "Take the failures further",
      line: "wasmlink wast --json call.wast | jq '.files[].failures[]'",
    },
    { summary: "Switch a proposal on", line: "wasmlink wast -W custom-page-sizes memory_max.wast" },
  ],
  run: runScripts,
};

interface FileResult extends ScriptResult {
  readonly file: string;
}

async function runScripts(given: Arguments): Promise<number> {
  const settings = given.values(proposalGroup.name);
  if (settings.includes("help")) {
    standardOutput.write(settingsHelp(proposalGroup));
    return 0;
  }
  if (given.operands.length === 0)
    throw new UsageError("the following required arguments were not provided: FILE");
  const engine = engineOptions(parseSettings(proposalGroup, settings), {});
  const isJson = given.has("json");
  const files: FileResult[] = [];
  for (const file of given.operands) {
    const print = (line: string) => isJson || standardOutput.write(`${line}\n`);
    const result = { file, ...(await runScript(scriptIn(file), { engine, print, startThread })) };
    files.push(result);
    if (!isJson) standardOutput.write(fileText(result));
  }
  const totals = totalsOf(files);
  standardOutput.write(isJson ? `${JSON.stringify({ ...totals, files }, null, 2)}\n` : totalsText(totals));
  return totals.failedFiles === 0 ? 0 : 1;
}

function scriptIn(file: string): string {
  const bytes = contentsOf(file, "script");
  try {
    // In a script a byte order mark is a mistake like any other stray character.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new WasmlinkError(`the script ${JSON.stringify(file)} is not UTF-8`);
  }
}

function fileText({ file, assertions, passedAssertions, failures }: FileResult): string {
  const verdict =
    failures.length === 0 ? styled("green", "ok", standardOutput) : styled("red", "FAILED", standardOutput);
  const details = failures.map(({ line, command, message }) => {
    const text = `${message ?? ""}`.trimEnd().replace(/\n(?=.)/g, "\n    ");
    return `  ${file}:${line}: ${command}: ${text}\n`;
  });
  return `${verdict} ${file}: ${passedAssertions} of ${assertions} assertions\n${details.join("")}`;
}

interface Totals {
  readonly assertions: number;
  readonly passedAssertions: number;
  readonly failedFiles: number;
  readonly fileCount: number;
}

function totalsOf(files: readonly FileResult[]): Totals {
  const sum = (count: (result: FileResult) => number) =>
    files.reduce((total, result) => total + count(result), 0);
  return {
    fileCount: files.length,
    failedFiles: sum(({ failures }) => (failures.length === 0 ? 0 : 1)),
    assertions: sum(({ assertions }) => assertions),
    passedAssertions: sum(({ passedAssertions }) => passedAssertions),
  };
}

function totalsText({ fileCount, failedFiles, assertions, passedAssertions }: Totals): string {
  const files = `${fileCount} ${fileCount === 1 ? "file" : "files"}, ${failedFiles} failed`;
  return `${files}; ${passedAssertions} of ${assertions} assertions passed\n`;
}
