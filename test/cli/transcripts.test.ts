/**
 * Every module in `cases/` names in its first lines how it is run (`;; RUN: ARGS`); the transcript beside it says what
 * comes of it. `BLESS=1 npx vitest run test/cli` writes the transcripts anew.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { casesFolder, runCli } from "./run-cli.ts";

const modules = readdirSync(casesFolder).filter((name) => /\.was?t$/.test(name));

describe.concurrent("transcripts", () => {
  test.each(modules)("%s runs as its transcript says", async (module) => {
    const lines = commandLines(readFileSync(join(casesFolder, module), "utf8"));
    expect(lines).not.toEqual([]);
    const transcript = (await Promise.all(lines.map(transcribe))).join("\n");
    const file = join(casesFolder, module.replace(/\.was?t$/, ".txt"));
    if (process.env["BLESS"]) writeFileSync(file, transcript);
    expect(transcript).toBe(readFileSync(file, "utf8"));
  });
});

function commandLines(source: string): string[] {
  return [...source.matchAll(/^;; RUN: (.*)$/gm)].map(([, line]) => line!);
}

async function transcribe(line: string): Promise<string> {
  const args = (line.match(/'[^']*'|\S+/g) ?? []).map((arg) => arg.replace(/^'(.*)'$/, "$1"));
  const { status, stdout, stderr } = await runCli(args);
  const section = (name: string, text: string) => (text === "" ? "" : `[${name}]\n${text}`);
  return `$ wasmlink ${line}\n${section("stdout", stdout)}${section("stderr", stderr)}[status ${status}]\n`;
}
