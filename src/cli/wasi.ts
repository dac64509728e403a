/**
 * WASI for `wasmlink run`: what the guest is given, by wasmtime's rules.
 *
 * @packageDocumentation
 */
import { hostDirectory, type Linker, type Preopen, type Store, WasiConfig } from "../index.ts";
import { baseName, environment } from "../platform/process.ts";
import type { Option } from "./command.ts";
import type { Settings } from "./option-groups.ts";
import type { wasiGroup } from "./settings.ts";

export const wasiOptions: readonly Option[] = [
  {
    name: "dir",
    value: "HOST[::GUEST][:ro]",
    repeatable: true,
    summary: "Give the guest a directory, under another name, read-only",
  },
  {
    name: "env",
    value: "NAME[=VAL]",
    repeatable: true,
    summary: "Give the guest a variable of the environment, or one with this value",
  },
  { name: "argv0", value: "NAME", summary: "Call the program this, not by its file's name" },
];

/** What the command line says about WASI. */
export interface WasiRequest {
  readonly file: string;
  readonly guestArguments: readonly string[];
  readonly argv0: string | undefined;
  readonly variables: readonly (readonly [name: string, value: string | undefined])[];
  readonly directories: readonly (readonly [guest: string, preopen: Preopen])[];
  readonly wasi: Settings<typeof wasiGroup.settings>;
}

/** The value of `--dir`. */
export function parseDirectory(text: string): readonly [guest: string, preopen: Preopen] {
  const readOnly = text.endsWith(":ro");
  const [host = "", guest = host] = (readOnly ? text.slice(0, -":ro".length) : text).split("::");
  const permissions = readOnly ? "read" : "readwrite";
  return [guest, { directory: hostDirectory(host), dirPerms: permissions, filePerms: permissions }];
}

/** The value of `--env`; without a value the variable is inherited. */
export function parseVariable(text: string): readonly [name: string, value: string | undefined] {
  const [name = "", ...value] = text.split("=");
  return [name, value.length === 0 ? environment[name] : value.join("=")];
}

/** Defines WASI, and gives the store what the guest may use. */
export function addWasi(request: WasiRequest, linker: Linker, store: Store): void {
  const { file, guestArguments, argv0, variables, directories, wasi } = request;
  linker.defineWasi({ unstable: wasi.preview0 ?? true });
  const inherited = wasi["inherit-env"] ? Object.entries(environment) : [];
  const stream = (isInherited = true) => (isInherited ? "inherit" : "null");
  store.setWasi(
    new WasiConfig({
      // Where a module lies is nothing its guest needs to know.
      args: [argv0 ?? baseName(file), ...guestArguments],
      env: Object.fromEntries([...inherited, ...variables].filter(isSet)),
      preopens: Object.fromEntries(directories),
      stdin: stream(wasi["inherit-stdin"]),
      stdout: stream(wasi["inherit-stdout"]),
      stderr: stream(wasi["inherit-stderr"]),
    }),
  );
}

function isSet(variable: readonly [name: string, value: string | undefined]): variable is [string, string] {
  return variable[1] !== undefined;
}
