/**
 * The settings behind `-W`, `-S` and `-D`, named as wasmtime's.
 *
 * @packageDocumentation
 */
import type { EngineOptions } from "../index.ts";
import { flag, integer, type Setting, type Settings } from "./option-groups.ts";

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

export const wasmGroup = {
  name: "wasm",
  short: "W",
  settings: {
    "unknown-exports-allow": flag("Skip exports of preloaded commands that are no functions"),
    "unknown-imports-trap": flag("Define unknown functions of the main module as traps"),
    "unknown-imports-default": flag("Define unknown imports of the main module as zeros and nulls"),
    "shared-memory": flag("Allow shared memories to be created"),
    "all-proposals": flag("Configure support for all proposals"),
    ...gateSettings,
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
  if (wasm["shared-memory"] !== undefined) options.sharedMemory = wasm["shared-memory"];
  if (debug["max-backtrace"] !== undefined) options.maxBacktraceFrames = Number(debug["max-backtrace"]);
  return options;
}
