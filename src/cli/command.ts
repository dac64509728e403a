/**
 * What a command is: its options for parsing and for help, and what it does.
 *
 * @packageDocumentation
 */
import type { Arguments } from "./arguments.ts";

export interface Option {
  /** Name without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** What the help calls the value; without it the option is a switch. */
  readonly value?: string;
  readonly repeatable?: true;
  readonly summary: string;
}

export interface Example {
  readonly summary: string;
  readonly line: string;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** The operands, as the usage line shows them. */
  readonly operands: string;
  /** Whether everything behind the first operand belongs to the guest, whatever it looks like. */
  readonly guestArguments?: true;
  readonly options: readonly Option[];
  readonly examples: readonly Example[];
  /** @returns the exit status */
  run(given: Arguments): number | Promise<number>;
}
