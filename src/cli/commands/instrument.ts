/**
 * `wasmlink instrument`: instruments a module ahead of time, for hosts that refuse to compile from bytes.
 *
 * @packageDocumentation
 */
import { Engine, WasmlinkError } from "../../index.ts";
import { standardOutput, systemMessage, writeFile } from "../../platform/process.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { moduleFrom } from "../module-file.ts";
import { groupOption, parseSettings, settingsHelp } from "../option-groups.ts";
import { compileGroup, engineOptions } from "../settings.ts";
import { UsageError } from "../usage-error.ts";

export const instrument: Command = {
  name: "instrument",
  summary: "Instruments a WebAssembly module at build time, for hosts that compile nothing from bytes",
  operands: "FILE",
  options: [
    { name: "output", short: "o", value: "FILE", summary: "Write the instrumented module to FILE" },
    groupOption(compileGroup),
  ],
  examples: [
    { summary: "Bound memory only", line: "wasmlink instrument module.wasm -o bounded.wasm" },
    { summary: "Count fuel", line: "wasmlink instrument -W fuel module.wasm -o metered.wasm" },
    {
      summary: "Stop calls that take too long",
      line: "wasmlink instrument -W epoch-interruption module.wasm -o timed.wasm",
    },
  ],
  run: writeInstrumented,
};

function writeInstrumented(given: Arguments): number {
  const settings = given.values(compileGroup.name);
  if (settings.includes("help")) {
    standardOutput.write(settingsHelp(compileGroup));
    return 0;
  }
  const [file, surplus] = given.operands;
  const output = given.value("output");
  if (file === undefined) throw new UsageError("the following required arguments were not provided: FILE");
  if (surplus !== undefined) throw new UsageError(`unexpected argument '${surplus}' found`);
  if (output === undefined)
    throw new UsageError("the following required arguments were not provided: --output <FILE>");
  const engine = new Engine(engineOptions(parseSettings(compileGroup, settings), {}));
  const bytes = moduleFrom(file, engine).instrument();
  try {
    writeFile(output, bytes);
  } catch (error) {
    throw new WasmlinkError(`failed to write ${JSON.stringify(output)}`, { cause: systemMessage(error) });
  }
  return 0;
}
