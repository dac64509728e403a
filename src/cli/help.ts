/**
 * Help texts, made from the descriptions of the commands.
 *
 * @packageDocumentation
 */
import { standardOutput } from "../platform/process.ts";
import { helpOption } from "./arguments.ts";
import type { Command, Example, Option } from "./command.ts";
import { styled } from "./report.ts";

/** The line behind "Usage:". */
export function usageOf({ name, operands }: Command): string {
  return `wasmlink ${name} [OPTIONS] ${operands}`;
}

/** What `wasmlink COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  return [
    command.summary,
    `${heading("Usage:")} ${usageOf(command)}`,
    section("Options:", rows([...command.options, helpOption].map(optionRow))),
    section("Examples:", command.examples.map(exampleText).join("\n")),
  ].join("\n\n");
}

/** What `wasmlink --help` prints. */
export function generalHelp(commands: readonly Command[]): string {
  const [defaultCommand] = commands;
  return [
    "Runs and inspects WebAssembly modules",
    `${heading("Usage:")} wasmlink [COMMAND] [OPTIONS] FILE`,
    section("Commands:", rows(commands.map(({ name, summary }) => [name, summary]))),
    section("Options:", rows([optionRow(helpOption), optionRow(versionOption)])),
    `Without a command, '${defaultCommand!.name}' is meant. See 'wasmlink COMMAND --help' for its options.\n`,
  ].join("\n\n");
}

/** Only in front of, or in place of, a command. */
export const versionOption: Option = { name: "version", short: "V", summary: "Print version" };

type Row = readonly [left: string, right: string];

function optionRow({ name, short, value, summary }: Option): Row {
  const dashed = short === undefined ? `    --${name}` : `-${short}, --${name}`;
  return [value === undefined ? dashed : `${dashed} <${value}>`, summary];
}

function rows(table: readonly Row[]): string {
  const width = Math.max(...table.map(([left]) => left.length));
  return table.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

function exampleText({ summary, line }: Example): string {
  return `  ${summary}:\n    ${line}\n`;
}

function section(title: string, body: string): string {
  return `${heading(title)}\n${body}`;
}

function heading(text: string): string {
  return styled("bold", text, standardOutput);
}
