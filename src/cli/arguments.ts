/**
 * From what was typed to options and operands.
 *
 * @packageDocumentation
 */
import { parseArgs } from "../platform/process.ts";
import type { Command, Option } from "./command.ts";
import { suggestion } from "./suggestion.ts";
import { UsageError } from "./usage-error.ts";

/** Every command has it. */
export const helpOption: Option = { name: "help", short: "h", summary: "Print help" };

/** Options and operands of one command. */
export class Arguments {
  readonly operands: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>, operands: readonly string[]) {
    this.#values = values;
    this.operands = operands;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  value(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  values(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}

/**
 * Takes a command line apart.
 *
 * @throws {UsageError} an option is unknown, or lacks its value, or has one too many
 */
export function parseArguments(command: Command, line: readonly string[]): Arguments {
  const options = [...command.options, helpOption];
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokensOf(options, line)) {
    if (token.kind === "option") {
      const option = options.find(({ name }) => name === token.name);
      if (option === undefined) throw unknownOption(token.rawName, options);
      const given = values.get(option.name) ?? [];
      if (given.length > 0 && !option.repeatable)
        throw new UsageError(`the argument '${shown(option)}' cannot be used multiple times`);
      values.set(option.name, [...given, valueIn(option, token)]);
    } else if (command.guestArguments) {
      const rest = token.index + (token.kind === "option-terminator" ? 1 : 0);
      return new Arguments(values, line.slice(rest));
    } else if (token.kind === "positional") {
      operands.push(token.value);
    }
  }
  return new Arguments(values, operands);
}

type Token = NonNullable<ReturnType<typeof parseArgs>["tokens"]>[number];
type OptionToken = Extract<Token, { kind: "option" }>;

function tokensOf(options: readonly Option[], line: readonly string[]): readonly Token[] {
  const config = options.map(({ name, short, value }) => {
    const type = value === undefined ? ("boolean" as const) : ("string" as const);
    return [name, short === undefined ? { type } : { type, short }] as const;
  });
  const parsed = parseArgs({
    args: [...line],
    options: Object.fromEntries(config),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return parsed.tokens as Token[];
}

function valueIn(option: Option, { rawName, value, inlineValue }: OptionToken): string {
  if (option.value === undefined) {
    if (value === undefined) return "";
    throw new UsageError(`unexpected value '${value}' for '--${option.name}' found; no more were expected`);
  }
  if (value === undefined || (!inlineValue && value.startsWith("-")))
    throw new UsageError(`a value is required for '${shown(option)}' but none was supplied`);
  // `-W=simd` is as good as `-Wsimd`.
  return inlineValue && !rawName.startsWith("--") ? value.replace(/^=/, "") : value;
}

function unknownOption(typed: string, options: readonly Option[]): UsageError {
  const similar = suggestion(
    typed,
    options.map(({ name }) => `--${name}`),
  );
  const tip = similar && `a similar argument exists: '${similar}'`;
  return new UsageError(`unexpected argument '${typed}' found`, tip);
}

function shown({ name, value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} <${value}>`;
}
