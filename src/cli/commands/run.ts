/**
 * `wasmlink run`: runs a module by wasmtime's rules.
 *
 * @packageDocumentation
 */
import { Engine, ExitTrap, type Func, Linker, type Module, Store, Trap, WasmlinkError } from "../../index.ts";
import { standardOutput } from "../../platform/process.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { parseValue, renderValue } from "../invocation.ts";
import { moduleFrom } from "../module-file.ts";
import { groupOption, parseSettings, type Settings, settingsHelp } from "../option-groups.ts";
import { reportError, reportWarning } from "../report.ts";
import { debugGroup, engineOptions, storeLimits, wasiGroup, wasmGroup } from "../settings.ts";
import { UsageError } from "../usage-error.ts";
import { addWasi, parseDirectory, parseVariable, type WasiRequest, wasiOptions } from "../wasi.ts";

const groups = [wasmGroup, wasiGroup, debugGroup];

export const run: Command = {
  name: "run",
  summary: "Runs a WebAssembly module",
  operands: "FILE [ARGS]...",
  guestArguments: true,
  options: [
    { name: "invoke", value: "NAME", summary: "Call this export, with ARGS as its arguments" },
    {
      name: "preload",
      value: "NAME=FILE",
      repeatable: true,
      summary: "Load a module before the main one, for imports from NAME",
    },
    ...wasiOptions,
    ...groups.map(groupOption),
  ],
  examples: [
    { summary: "Run a program", line: "wasmlink program.wasm" },
    {
      summary: "Call a function of a module in the text format",
      line: "wasmlink run --invoke add add.wat 1 2",
    },
    { summary: "Link two modules", line: "wasmlink run --preload host=host.wasm main.wasm" },
    {
      summary: "Give a program a directory, a variable and arguments",
      line: "wasmlink run --dir data::/data --env LANG=C program.wasm --verbose /data/input",
    },
    {
      summary: "Stop a program that takes too long or too much",
      line: "wasmlink run -W timeout=2s,max-memory-size=100_000_000 program.wasm",
    },
    { summary: "List the settings behind -W", line: "wasmlink run -W help" },
  ],
  run: runModule,
};

/** What the command line asks for. */
interface Request extends WasiRequest {
  readonly invoke: string | undefined;
  readonly preloads: readonly (readonly [name: string, file: string])[];
  readonly wasm: Settings<typeof wasmGroup.settings>;
  readonly engine: Engine;
}

function runModule(given: Arguments): number {
  for (const group of groups) {
    if (given.values(group.name).includes("help")) {
      standardOutput.write(settingsHelp(group));
      return 0;
    }
  }
  const request = requestFrom(given);
  try {
    execute(request);
    return 0;
  } catch (error) {
    return statusOf(error);
  }
}

function requestFrom(given: Arguments): Request {
  const [file, ...guestArguments] = given.operands;
  if (file === undefined) throw new UsageError("the following required arguments were not provided: FILE");
  const wasm = parseSettings(wasmGroup, given.values("wasm"));
  const debug = parseSettings(debugGroup, given.values("debug"));
  return {
    wasi: parseSettings(wasiGroup, given.values("wasi")),
    directories: given.values("dir").map(parseDirectory),
    variables: given.values("env").map(parseVariable),
    argv0: given.value("argv0"),
    file,
    guestArguments,
    invoke: given.value("invoke"),
    preloads: given.values("preload").map(parsePreload),
    wasm,
    engine: new Engine(engineOptions(wasm, debug)),
  };
}

function parsePreload(text: string): readonly [name: string, file: string] {
  const equals = text.indexOf("=");
  if (equals < 0)
    throw new UsageError(
      `invalid value '${text}' for '--preload <NAME=FILE>': must contain exactly one equals character ('=')`,
    );
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function execute(request: Request): void {
  const { engine, file, preloads, wasm } = request;
  const main = moduleFrom(file, engine);
  const store = new Store(engine);
  bound(store, wasm);
  const linker = new Linker(engine, { allowUnknownExports: wasm["unknown-exports-allow"] ?? false });
  if (request.wasi.cli ?? true) addWasi(request, linker, store);
  for (const [name, preload] of preloads) {
    const module = moduleFrom(preload, engine);
    explained(`failed to process preload \`${name}\` at \`${preload}\``, () =>
      linker.defineModule(store, name, module),
    );
  }
  explained(`failed to run main module \`${file}\``, () => runMain(request, main, linker, store));
}

/** Sets what the guest may use of time, fuel and memory. */
function bound(store: Store, wasm: Request["wasm"]): void {
  if (wasm.fuel !== undefined) store.setFuel(wasm.fuel);
  if (wasm.timeout !== undefined) store.setCallTimeout(wasm.timeout);
  const limits = storeLimits(wasm);
  if (limits !== undefined) store.setLimits(limits);
}

function runMain(
  { file, guestArguments, invoke, wasm }: Request,
  main: Module,
  linker: Linker,
  store: Store,
): void {
  if (wasm["unknown-imports-trap"]) linker.defineUnknownImportsAsTraps(main);
  if (wasm["unknown-imports-default"]) linker.defineUnknownImportsAsDefaultValues(store, main);
  const instance = explained(`failed to instantiate ${JSON.stringify(file)}`, () =>
    linker.instantiate(store, main),
  );
  instance.getFunc("_initialize")?.();
  if (invoke !== undefined) {
    const func = instance.getFunc(invoke);
    if (func === undefined) throw new WasmlinkError(`no func export named \`${invoke}\` found`);
    call(func, guestArguments, `\`${invoke}\``);
  } else {
    const func = instance.getFunc("") ?? instance.getFunc("_start");
    if (func !== undefined) call(func, guestArguments, "command default");
  }
}

/** Calls a function with what was typed, and prints what it returns. */
function call(func: Func, texts: readonly string[], name: string): void {
  const { params, results } = func.type;
  const { engine } = func.store;
  if (params.length > 0) warnOfInvoke("takes arguments");
  const values = params.map((type, index) => {
    const text = texts[index];
    if (text === undefined) throw new WasmlinkError(`not enough arguments for ${name}`);
    return parseValue(text, type, engine);
  });
  const returned = explained(`failed to invoke ${name}`, () => func(...values));
  if (results.length === 0) return;
  warnOfInvoke("returns values");
  const returnedValues = results.length === 1 ? [returned] : returned;
  const lines = results.map((type, index) => `${renderValue(returnedValues[index], type, engine)}\n`);
  standardOutput.write(lines.join(""));
}

function warnOfInvoke(what: string): void {
  reportWarning(
    `using \`--invoke\` with a function that ${what} is experimental and may break in the future`,
  );
}

/** Runs an action, and puts what was attempted in front of the reason it failed. */
function explained<T>(attempt: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new WasmlinkError(attempt, { cause: error });
  }
}

/** The exit status for a failure, reported unless the guest chose it: its own, 134 for a trap, else 1. */
function statusOf(error: unknown): number {
  let origin = error;
  while (origin instanceof WasmlinkError && origin.cause instanceof Error) origin = origin.cause;
  if (origin instanceof ExitTrap) return origin.exitCode;
  reportError(error);
  return origin instanceof Trap && origin.trapCode !== undefined ? trapStatus : 1;
}

/** What a shell shows for a process that SIGABRT ended. */
const trapStatus = 134;
