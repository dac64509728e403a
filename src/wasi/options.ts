import { platform } from "#platform";
import { show } from "../runtime/arguments.ts";
import type { Permissions } from "./descriptors.ts";
import { fromHost } from "./errno.ts";
import type { WasiDirectory } from "./fs/directory.ts";
import { callbackRandom, PooledRandom, type RandomSource } from "./random-source.ts";
import type { WasiInput, WasiOutput } from "./streams.ts";

/** What a guest may do with directories, or with files. */
export type Perms = "read" | "write" | "readwrite";

/** A directory with what is allowed in it. Both default to `"readwrite"`. */
export interface Preopen {
  readonly directory: WasiDirectory;
  /** `write`: make, remove, rename and link entries, and set times. */
  readonly dirPerms?: Perms | undefined;
  readonly filePerms?: Perms | undefined;
}

/** The clocks a guest sees. */
export interface WasiClock {
  /** Nanoseconds since 1970. */
  realtimeNs(): bigint;
  /** Nanoseconds since some moment; must not go back. */
  monotonicNs(): bigint;
  /** Replaces blocking: called when the guest sleeps, for virtual time or where a thread must not block. */
  sleep?(nanoseconds: bigint): void;
}

/** What a guest gets. Nothing is granted that is not named. */
export interface WasiOptions {
  /** The first is the program's name. Default: none at all. */
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Default: `"null"`. */
  readonly stdin?: WasiInput | undefined;
  /** Default: `"null"`. */
  readonly stdout?: WasiOutput | undefined;
  /** Default: `"null"`. */
  readonly stderr?: WasiOutput | undefined;
  /** Directories by the path the guest knows them by. */
  readonly preopens?: Readonly<Record<string, WasiDirectory | Preopen>> | undefined;
  /** Default: the host's clocks. */
  readonly clock?: WasiClock | undefined;
  /** Fills a buffer of at most 65,536 bytes. Default: the host's cryptographic generator. */
  readonly random?: ((buffer: Uint8Array) => void) | undefined;
  /** Descriptors that may be open at once, standard streams and preopens included. Default: 1024. */
  readonly maxOpenFiles?: number | undefined;
  /** Bytes one call may make the host read from the guest's memory or write to it. Default: 128 MiB. */
  readonly hostcallFuel?: number | undefined;
  /** Refuses host directories a process outside could trick: see {@link hostDirectory}. Default: false. */
  readonly requireRaceFree?: boolean | undefined;
}

/** Options in the form the context uses. */
export interface WasiSettings {
  /** Each in UTF-8 with a zero byte at the end. */
  readonly args: readonly Uint8Array[];
  /** `NAME=VALUE`, each in UTF-8 with a zero byte at the end. */
  readonly env: readonly Uint8Array[];
  readonly stdin: WasiInput;
  readonly stdout: WasiOutput;
  readonly stderr: WasiOutput;
  readonly preopens: readonly {
    readonly path: string;
    readonly directory: WasiDirectory;
    readonly permissions: Permissions;
  }[];
  readonly clock: Required<WasiClock>;
  readonly random: RandomSource;
  readonly maxOpenFiles: number;
  readonly hostcallFuel: number;
  readonly requireRaceFree: boolean;
}

const defaultMaxOpenFiles = 1024;
const defaultHostcallFuel = 128 << 20;
const utf8 = new TextEncoder();

/** Checks the options and fills in the defaults. */
export function settingsOf(options: WasiOptions): WasiSettings {
  check(isRecord(options), "WasiConfig options", "an object", options);
  for (const key of Object.keys(options)) {
    if (!known.has(key)) throw new TypeError(`Unknown option \`${key}\` of WasiConfig`);
  }
  const { args = [], env = {}, stdin = "null", stdout = "null", stderr = "null", preopens = {} } = options;
  check(Array.isArray(args), "args", "an array of strings", args);
  check(isRecord(env), "env", "an object of strings", env);
  check(isRecord(preopens), "preopens", "an object of directories", preopens);
  check(
    typeof stdin === "string" || typeof stdin === "function" || stdin instanceof Uint8Array,
    "stdin",
    '"inherit", "null", bytes, text or a function',
    stdin,
  );
  checkOutput("stdout", stdout);
  checkOutput("stderr", stderr);
  const { requireRaceFree = false, random } = options;
  check(typeof requireRaceFree === "boolean", "requireRaceFree", "a boolean", requireRaceFree);
  check(random === undefined || typeof random === "function", "random", "a function", random);
  return {
    args: args.map((arg, index) => terminated(`args[${index}]`, arg)),
    env: Object.entries(env).map(([name, value]) => variable(name, value)),
    stdin,
    stdout,
    stderr,
    preopens: Object.entries(preopens).map(([path, preopen]) => preopenOf(path, preopen)),
    clock: clockOf(options.clock),
    random: random === undefined ? new PooledRandom() : callbackRandom(random),
    maxOpenFiles: count("maxOpenFiles", options.maxOpenFiles ?? defaultMaxOpenFiles),
    hostcallFuel: count("hostcallFuel", options.hostcallFuel ?? defaultHostcallFuel),
    requireRaceFree,
  };
}

const known: ReadonlySet<string> = new Set<keyof WasiOptions>([
  "args",
  "env",
  "stdin",
  "stdout",
  "stderr",
  "preopens",
  "clock",
  "random",
  "maxOpenFiles",
  "hostcallFuel",
  "requireRaceFree",
]);

function check(condition: boolean, name: string, wanted: string, value: unknown): asserts condition {
  if (!condition) throw new TypeError(`Expected \`${name}\` to be ${wanted}, got ${show(value)}`);
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function checkOutput(name: string, output: unknown): void {
  const valid = output === "inherit" || output === "null" || typeof output === "function";
  check(valid, name, '"inherit", "null" or a function', output);
}

function count(name: string, value: unknown): number {
  check(
    typeof value === "number" && Number.isSafeInteger(value) && value >= 0,
    name,
    "a non-negative integer",
    value,
  );
  return value;
}

/** Bytes of a string as C has them. */
function terminated(name: string, value: unknown): Uint8Array {
  check(typeof value === "string", name, "a string", value);
  check(!value.includes("\0"), name, "a string without NUL", value);
  return utf8.encode(`${value}\0`);
}

function variable(name: string, value: unknown): Uint8Array {
  check(typeof value === "string", `env.${name}`, "a string", value);
  // Windows has variables whose names begin with one.
  check(name !== "" && name.indexOf("=", 1) < 0, "env", "named without `=`", name);
  return terminated(`env.${name}`, `${name}=${value}`);
}

function preopenOf(path: string, preopen: WasiDirectory | Preopen): WasiSettings["preopens"][number] {
  const isDirectory = (value: unknown): value is WasiDirectory =>
    isRecord(value) && "open" in value && typeof value.open === "function";
  const { directory, dirPerms, filePerms } = isDirectory(preopen)
    ? { directory: preopen, dirPerms: undefined, filePerms: undefined }
    : Object(preopen);
  check(isDirectory(directory), `preopens["${path}"]`, "a directory", directory ?? preopen);
  const dirs = permsOf(`preopens["${path}"].dirPerms`, dirPerms);
  const files = permsOf(`preopens["${path}"].filePerms`, filePerms);
  return {
    path,
    directory,
    permissions: {
      readDirectories: dirs !== "write",
      writeDirectories: dirs !== "read",
      readFiles: files !== "write",
      writeFiles: files !== "read",
    },
  };
}

function permsOf(name: string, value: unknown): Perms {
  if (value === undefined) return "readwrite";
  check(
    value === "read" || value === "write" || value === "readwrite",
    name,
    '"read", "write" or "readwrite"',
    value,
  );
  return value;
}

function clockOf(clock: WasiClock | undefined): Required<WasiClock> {
  if (clock === undefined) return hostClock;
  check(
    isRecord(clock) && typeof clock.realtimeNs === "function" && typeof clock.monotonicNs === "function",
    "clock",
    "an object with functions `realtimeNs` and `monotonicNs`",
    clock,
  );
  check(
    clock.sleep === undefined || typeof clock.sleep === "function",
    "clock.sleep",
    "a function",
    clock.sleep,
  );
  return {
    realtimeNs: fromHost(() => nanoseconds("clock.realtimeNs", clock.realtimeNs())),
    monotonicNs: fromHost(() => nanoseconds("clock.monotonicNs", clock.monotonicNs())),
    sleep: clock.sleep === undefined ? hostClock.sleep : fromHost((duration) => clock.sleep?.(duration)),
  };
}

function nanoseconds(name: string, value: unknown): bigint {
  check(typeof value === "bigint" && value >= 0n, `${name}()`, "a non-negative bigint", value);
  return value;
}

const hostClock: Required<WasiClock> = {
  realtimeNs: platform.realtimeNs,
  monotonicNs: platform.monotonicNs,
  sleep: (duration) => {
    const end = platform.monotonicNs() + duration;
    for (let left = duration; left > 0n; left = end - platform.monotonicNs()) platform.sleep(left);
  },
};
