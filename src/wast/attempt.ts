/**
 * What becomes of one command.
 *
 * @packageDocumentation
 */
import { missingFeature } from "./assertions.ts";
import type { Command } from "./script.ts";

/** What became of a command. */
export interface CommandResult {
  /** Where it starts in the script, from 1. */
  readonly line: number;
  /** Its word: `assert_return`, `module`; `action` for a bare `invoke` or `get`. */
  readonly command: string;
  readonly ok: boolean;
  /** Why it failed. */
  readonly message?: string;
  /**
   * A proposal the JavaScript engine lacks: behind the failure, or behind the refusal that the command expected, which
   * then proves nothing.
   */
  readonly missingFeature?: string;
}

/**
 * Carries a command out.
 *
 * @param run - throws when the command fails; returns the missing feature that an expected refusal comes from
 */
export function attempt(command: Command, run: () => string | undefined): CommandResult {
  const { line } = command;
  const word = command.kind === "unusable" ? command.word : command.kind;
  try {
    return { line, command: word, ok: true, ...because(run()) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { line, command: word, ok: false, message, ...because(missingFeature(error)) };
  }
}

function because(feature: string | undefined): Pick<CommandResult, "missingFeature"> {
  return feature === undefined ? {} : { missingFeature: feature };
}
