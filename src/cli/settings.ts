/**
 * The settings behind `-W`, `-S` and `-D`, named as wasmtime's.
 *
 * @packageDocumentation
 */
import type { EngineOptions, StoreLimits } from "../index.ts";
import { anyAmount, duration, flag, integer, type Setting, type Settings } from "./option-groups.ts";

/** The engine's option behind the setting of each proposal. */
const gates = {
  "bulk-memory": "wasmBulkMemory",
  "custom-page-sizes": "wasmCustomPageSizes",
  exceptions: "wasmExceptions",
  "extended-const": "wasmExtendedConst",
  "function-references": "wasmFunctionReferences",
  gc: "wasmGc",
  memory64: "wasmMemory64",
  "multi-memory": "wasmMultiMemory",
  "multi-value": "wasmMultiValue",
  "reference-types": "wasmReferenceTypes",
  "relaxed-simd": "wasmRelaxedSimd",
  simd: "wasmSimd",
  "tail-call": "wasmTailCall",
  threads: "wasmThreads",
  "wide-arithmetic": "wasmWideArithmetic",
} as const satisfies Record<string, keyof EngineOptions>;

const gateNames = Object.keys(gates) as (keyof typeof gates)[];
const gateSettings = Object.fromEntries(
  gateNames.map((name) => [name, flag(`Configure support for the ${name} proposal`)]),
) as Record<keyof typeof gates, Setting<boolean>>;

/** The store's limit behind the setting of each. */
const limits = {
  "max-memory-size": "memorySize",
  "max-table-elements": "tableElements",
  "max-instances": "instances",
  "max-tables": "tables",
  "max-memories": "memories",
} as const satisfies Record<string, keyof StoreLimits>;

const limitNames = Object.keys(limits) as (keyof typeof limits)[];

/** What modules may use. */
export const proposalGroup = {
  name: "wasm",
  short: "W",
  settings: {
    "shared-memory": flag("Allow shared memories to be created"),
    "all-proposals": flag("Configure support for all proposals"),
    ...gateSettings,
  },
};

/** The same, and what its code is to be instrumented for. */
export const compileGroup = {
  ...proposalGroup,
  settings: {
    fuel: anyAmount("Count fuel; how much there is the store says"),
    "epoch-interruption": flag("Let the guest be interrupted"),
    ...proposalGroup.settings,
  },
};

/** The same, and how a module is linked and bounded. */
export const wasmGroup = {
  ...proposalGroup,
  settings: {
    "unknown-exports-allow": flag("Skip exports of preloaded commands that are no functions"),
    "unknown-imports-trap": flag("Define unknown functions of the main module as traps"),
    "unknown-imports-default": flag("Define unknown imports of the main module as zeros and nulls"),
    fuel: integer("Trap once this much fuel is used up; an instruction costs about one unit"),
    timeout: duration("Trap when a call into the guest takes longer"),
    "epoch-interruption": flag("Let the guest be interrupted; without 'timeout' that happens at once"),
    "max-memory-size": integer("Largest size of each memory, in bytes"),
    "max-table-elements": integer("Largest size of each table, in elements"),
    "max-instances": integer("How many instances there may be"),
    "max-tables": integer("How many tables there may be"),
    "max-memories": integer("How many memories there may be"),
    "trap-on-grow-failure": flag("Trap when a memory or table cannot grow"),
    ...proposalGroup.settings,
  },
};

export const wasiGroup = {
  name: "wasi",
  short: "S",
  settings: {
    cli: flag("Define WASI preview 1; on by default"),
    preview0: flag("Define 'wasi_unstable' as well; on by default"),
    "inherit-env": flag("Give the guest every variable of the environment"),
    "inherit-stdin": flag("Give the guest standard input; on by default"),
    "inherit-stdout": flag("Give the guest standard output; on by default"),
    "inherit-stderr": flag("Give the guest standard error; on by default"),
  },
};

export const debugGroup = {
  name: "debug",
  short: "D",
  settings: {
    "max-backtrace": integer("Most frames a backtrace shows; 0 turns backtraces off", 32),
  },
};

/** What the settings mean for the engine. */
export function engineOptions(
  wasm: Settings<typeof wasmGroup.settings>,
  debug: Settings<typeof debugGroup.settings>,
): EngineOptions {
  const options: { -readonly [K in keyof EngineOptions]: EngineOptions[K] } = {};
  for (const name of gateNames) {
    const enabled = wasm[name] ?? wasm["all-proposals"];
    if (enabled !== undefined) options[gates[name]] = enabled;
  }
  options.consumeFuel = wasm.fuel !== undefined;
  options.epochInterruption = wasm["epoch-interruption"] || wasm.timeout !== undefined;
  if (wasm["shared-memory"] !== undefined) options.sharedMemory = wasm["shared-memory"];
  if (debug["max-backtrace"] !== undefined) options.maxBacktraceFrames = Number(debug["max-backtrace"]);
  return options;
}

/** What the settings mean for the store; undefined when they mean nothing. */
export function storeLimits(wasm: Settings<typeof wasmGroup.settings>): StoreLimits | undefined {
  const found: { -readonly [K in keyof StoreLimits]: StoreLimits[K] } = {};
  for (const name of limitNames) {
    const value = wasm[name];
    if (value !== undefined) found[limits[name]] = Number(value);
  }
  const trapOnGrowFailure = wasm["trap-on-grow-failure"];
  if (trapOnGrowFailure !== undefined) found.trapOnGrowFailure = trapOnGrowFailure;
  return Object.keys(found).length === 0 ? undefined : found;
}
