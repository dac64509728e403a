/**
 * Groups of settings behind one option: `-W key[=value][,key…]`.
 *
 * @packageDocumentation
 */
import type { Option } from "./command.ts";
import { parseInteger } from "./numbers.ts";
import { suggestion } from "./suggestion.ts";
import { UsageError } from "./usage-error.ts";

/** One setting of a group. */
export interface Setting<T> {
  /** What may follow the name, for the help. */
  readonly hint: string;
  readonly summary: string;
  /** @throws {Error} with the reason */
  readonly parse: (text: string | undefined) => T;
}

/** A group of settings and the option it stands behind. */
export interface SettingGroup<S extends Record<string, Setting<unknown>>> {
  readonly name: string;
  readonly short: string;
  readonly settings: S;
}

/** The option a group stands behind. */
export function groupOption({ name, short }: SettingGroup<Record<string, Setting<unknown>>>): Option {
  return {
    name,
    short,
    value: "KEY[=VAL[,..]]",
    repeatable: true,
    summary: `Set ${name} options; '-${short} help' lists them`,
  };
}

/** The settings that were given. */
export type Settings<S extends Record<string, Setting<unknown>>> = {
  readonly [K in keyof S]?: S[K] extends Setting<infer T> ? T : never;
};

/** A setting that is on or off; on when nothing follows its name. */
export function flag(summary: string): Setting<boolean> {
  return { hint: "[=y|n]", summary, parse: parseFlag };
}

function parseFlag(text: string | undefined): boolean {
  switch (text) {
    case undefined:
    case "y":
    case "yes":
    case "true":
      return true;
    case "n":
    case "no":
    case "false":
      return false;
    default:
      throw new Error(`unknown boolean flag \`${text}\`, only yes,no,<nothing> accepted`);
  }
}

/** A setting that is an unsigned number of so many bits, decimal or hexadecimal, with `_` where it helps reading. */
export function integer(summary: string, bits: 32 | 64 = 64): Setting<bigint> {
  const parse = (text: string | undefined): bigint => {
    if (text === undefined) throw new Error("value must be specified with `key=val` syntax");
    return parseInteger(text.replaceAll("_", ""), 0n, 2n ** BigInt(bits) - 1n);
  };
  return { hint: "=N", summary, parse };
}

/** The same where the number is as good as none. */
export function anyAmount(summary: string): Setting<bigint> {
  const { parse } = integer(summary);
  return { hint: "[=N]", summary, parse: (text) => (text === undefined ? 0n : parse(text)) };
}

const millisecondsIn = { s: 1000, ms: 1, us: 1e-3, μs: 1e-3, ns: 1e-6 } as const;

/** A setting that is a length of time, in milliseconds: `2` and `2s`, `100ms`, `5us`, `5ns`. */
export function duration(summary: string): Setting<number> {
  const parse = (text: string | undefined): number => {
    if (text === undefined) throw new Error("value must be specified with key=val syntax");
    const [, digits, unit = "s"] = /^(\d+)(s|ms|us|μs|ns)?$/.exec(text) ?? [];
    if (digits === undefined) throw new Error(`failed to parse duration: ${text}`);
    return Number(digits) * millisecondsIn[unit as keyof typeof millisecondsIn];
  };
  return { hint: "=N|Ns|Nms|..", summary, parse };
}

/**
 * Reads the settings of a group; the last one of a name counts.
 *
 * @throws {UsageError} a setting is unknown or its value makes no sense
 */
export function parseSettings<S extends Record<string, Setting<unknown>>>(
  group: SettingGroup<S>,
  texts: readonly string[],
): Settings<S> {
  const found: Record<string, unknown> = {};
  for (const text of texts.flatMap((list) => list.split(","))) {
    const [key = "", ...rest] = text.split("=");
    const setting = Object.hasOwn(group.settings, key) ? group.settings[key] : undefined;
    if (setting === undefined) throw unknownSetting(group, key);
    try {
      found[key] = setting.parse(rest.length === 0 ? undefined : rest.join("="));
    } catch (error) {
      const reason = (error as Error).message;
      throw new UsageError(`failed to parse -${group.short} option \`${text}\`: ${reason}`);
    }
  }
  return found as Settings<S>;
}

function unknownSetting(group: SettingGroup<Record<string, Setting<unknown>>>, key: string): UsageError {
  const similar = suggestion(key, Object.keys(group.settings));
  const tip = similar && `a similar option exists: '-${group.short} ${similar}'`;
  return new UsageError(`unknown -${group.short} / --${group.name} option: ${key}`, tip);
}

/** What `-W help` prints. */
export function settingsHelp({
  name,
  short,
  settings,
}: SettingGroup<Record<string, Setting<unknown>>>): string {
  const rows = Object.entries(settings).map(
    ([key, { hint, summary }]) => [`  -${short} ${key}${hint}`, summary] as const,
  );
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, summary]) => `${left.padEnd(width)}  ${summary}\n`);
  return `Available ${name} options:\n\n${lines.join("")}`;
}
