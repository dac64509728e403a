/**
 * Messages to the person at the keyboard.
 *
 * @packageDocumentation
 */
import { environment, standardError, type TextOutput } from "../platform/process.ts";
import type { UsageError } from "./usage-error.ts";

const styles = { bold: "1", red: "1;31", green: "1;32", yellow: "1;33" } as const;

/** Colours text for a terminal, unless https://no-color.org is asked for. */
export function styled(style: keyof typeof styles, text: string, output: TextOutput): string {
  const plain = !output.isTerminal || Boolean(environment["NO_COLOR"]);
  return plain ? text : `\x1b[${styles[style]}m${text}\x1b[0m`;
}

/** A failure while a command ran, in wasmtime's layout. */
export function reportError(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const end = message.endsWith("\n") ? "" : "\n";
  standardError.write(`${styled("red", "Error:", standardError)} ${message}${end}`);
}

export function reportWarning(message: string): void {
  standardError.write(`${styled("yellow", "warning:", standardError)} ${message}\n`);
}

/** A command line that makes no sense, with the way out. */
export function reportUsage(error: UsageError, usage: string): void {
  const tip = error.tip === undefined ? "" : `  ${styled("bold", "tip:", standardError)} ${error.tip}\n\n`;
  standardError.write(
    `${styled("red", "error:", standardError)} ${error.message}\n\n${tip}Usage: ${usage}\n\nFor more information, try '--help'.\n`,
  );
}
