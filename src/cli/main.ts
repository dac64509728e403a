#!/usr/bin/env node
/**
 * The command-line tool. Exit status: the guest's own, 134 for a trap, 1 for a failure of the host, 2 for a command
 * line that makes no sense.
 *
 * @packageDocumentation
 */
import {
  commandLine,
  isClosedPipe,
  readFile,
  setExitStatus,
  standardError,
  standardOutput,
} from "../platform/process.ts";
import { helpOption, parseArguments } from "./arguments.ts";
import { commands } from "./commands.ts";
import { commandHelp, generalHelp, usageOf, versionOption } from "./help.ts";
import { reportError, reportUsage } from "./report.ts";
import { UsageError } from "./usage-error.ts";

async function main(line: readonly string[]): Promise<number> {
  const [first, ...rest] = line;
  if (first === undefined) {
    standardError.write(generalHelp(commands));
    return 2;
  }
  if (first === `--${helpOption.name}` || first === `-${helpOption.short}`) {
    standardOutput.write(generalHelp(commands));
    return 0;
  }
  if (first === `--${versionOption.name}` || first === `-${versionOption.short}`) {
    standardOutput.write(`wasmlink ${version()}\n`);
    return 0;
  }
  const named = commands.find(({ name }) => name === first);
  const command = named ?? commands[0];
  try {
    const given = parseArguments(command, named === undefined ? line : rest);
    if (given.has(helpOption.name)) {
      standardOutput.write(commandHelp(command));
      return 0;
    }
    return await command.run(given);
  } catch (error) {
    if (isClosedPipe(error)) return 0;
    if (error instanceof UsageError) {
      reportUsage(error, usageOf(command));
      return 2;
    }
    reportError(error);
    return 1;
  }
}

function version(): string {
  const manifest = new TextDecoder().decode(readFile(new URL("../../package.json", import.meta.url)));
  return JSON.parse(manifest).version;
}

setExitStatus(await main(commandLine));
