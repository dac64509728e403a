/**
 * The process of the command-line tool: its arguments, environment, files and standard streams.
 *
 * @packageDocumentation
 */
import fs from "node:fs";
import path from "node:path";
import { StandardInput, StandardOutput } from "./standard-streams.ts";

export { parseArgs } from "node:util";

/** The last component of a path. */
export const baseName: (path: string) => string = path.basename;

/** What was typed after the program's name. */
export const commandLine: readonly string[] = process.argv.slice(2);

/** Every variable of the environment. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** A standard stream that takes text. */
export class TextOutput {
  readonly #stream: StandardOutput;

  constructor(fd: 1 | 2) {
    this.#stream = new StandardOutput(fd);
  }

  get isTerminal(): boolean {
    return this.#stream.isTerminal;
  }

  write(text: string): void {
    const bytes = new TextEncoder().encode(text);
    for (let written = 0; written < bytes.length; ) {
      written += this.#stream.write(bytes, written, bytes.length - written);
    }
  }
}

export const standardOutput = new TextOutput(1);
export const standardError = new TextOutput(2);

const chunkBytes = 65_536;

/** Standard input up to its end. */
export function readStandardInput(): Uint8Array {
  const input = new StandardInput(0, false);
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = input.read(chunkBytes);
    if (chunk.length === 0) return Buffer.concat(chunks);
    chunks.push(chunk);
  }
}

/** A file's contents. */
export function readFile(path: string | URL): Uint8Array {
  return fs.readFileSync(path);
}

/** Gives a file new contents. */
export function writeFile(path: string, bytes: Uint8Array): void {
  fs.writeFileSync(path, bytes);
}

/** A failure of the operating system in its own words: "No such file or directory (os error 2)". */
export function systemMessage(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  if (errno === undefined) return message;
  const text = message.replace(/^\w+: /, "").replace(/, \w+( '.*')?$/s, "");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} (os error ${Math.abs(errno)})`;
}

/** Whether a write failed because nobody reads any more, as in `… | head`. */
export function isClosedPipe(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "EPIPE";
}

/** Ends the process with this status once nothing keeps it alive. */
export function setExitStatus(status: number): void {
  process.exitCode = status;
}
