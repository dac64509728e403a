/**
 * `wasmlink inspect`: prints what a module imports and exports.
 *
 * @packageDocumentation
 */
import { Engine, type ExternType, type Module, renderType } from "../../index.ts";
import { standardOutput } from "../../platform/process.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { moduleFrom } from "../module-file.ts";
import { UsageError } from "../usage-error.ts";

export const inspect: Command = {
  name: "inspect",
  summary: "Prints the imports and exports of a WebAssembly module with their types",
  operands: "FILE",
  options: [{ name: "json", summary: "Print JSON; sizes beyond 2^53 - 1 are strings" }],
  examples: [
    { summary: "See what a module needs and offers", line: "wasmlink inspect module.wasm" },
    {
      summary: "Take the names of its imports further",
      line: "wasmlink inspect --json module.wasm | jq '.imports[].name'",
    },
    { summary: "Read the module from standard input", line: "wasmlink inspect - < module.wat" },
  ],
  run: inspectModule,
};

function inspectModule(given: Arguments): number {
  const [file, surplus] = given.operands;
  if (file === undefined) throw new UsageError("the following required arguments were not provided: FILE");
  if (surplus !== undefined) throw new UsageError(`unexpected argument '${surplus}' found`);
  const engine = new Engine({ wasmCustomPageSizes: true });
  const module = moduleFrom(file, engine);
  standardOutput.write(given.has("json") ? jsonOf(module) : textOf(module));
  return 0;
}

function jsonOf({ name, imports, exports }: Module): string {
  const stringified = (_key: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
  return `${JSON.stringify({ name, imports, exports }, stringified, 2)}\n`;
}

function textOf({ engine, name, imports, exports }: Module): string {
  const line = (names: readonly string[], type: ExternType) =>
    `  ${names.map((text) => JSON.stringify(text)).join(" ")} ${renderType(type, engine)}\n`;
  const lines = [
    ...(name === undefined ? [] : [`module ${JSON.stringify(name)}\n`]),
    `imports: ${imports.length}\n`,
    ...imports.map((entry) => line([entry.module, entry.name], entry.type)),
    `exports: ${exports.length}\n`,
    ...exports.map((entry) => line([entry.name], entry.type)),
  ];
  return lines.join("");
}
