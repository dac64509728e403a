/**
 * Modules from files.
 *
 * @packageDocumentation
 */
import { type Engine, Module, WasmlinkError, WatSyntaxError } from "../index.ts";
import { readFile, readStandardInput, systemMessage } from "../platform/process.ts";

/**
 * Compiles the module in a file, or on standard input when the file is `-`.
 *
 * @throws {WasmlinkError} the file cannot be read, or the module not compiled
 */
export function moduleFrom(file: string, engine: Engine): Module {
  const bytes = contentsOf(file);
  try {
    return new Module(engine, bytes);
  } catch (error) {
    if (!(error instanceof WatSyntaxError)) throw error;
    // The parser knows no file name, and says so where wasmtime shows it.
    throw new WasmlinkError(error.message.replace("<anon>:", () => `${file === "-" ? "<stdin>" : file}:`));
  }
}

function contentsOf(file: string): Uint8Array {
  try {
    return file === "-" ? readStandardInput() : readFile(file);
  } catch (error) {
    throw new WasmlinkError(`failed to open wasm module ${JSON.stringify(file)}`, {
      cause: systemMessage(error),
    });
  }
}
