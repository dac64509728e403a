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
  const bytes = contentsOf(file, "wasm module");
  try {
    return new Module(engine, bytes);
  } catch (error) {
    if (!(error instanceof WatSyntaxError)) throw error;
    // The parser knows no file name, and says so where wasmtime shows it.
    throw new WasmlinkError(error.message.replace("<anon>:", () => `${file === "-" ? "<stdin>" : file}:`));
  }
}

/**
 * The contents of a file, or of standard input when the file is `-`.
 *
 * @param what - is meant to be in the file
 * @throws {WasmlinkError} the file cannot be read
 */
export function contentsOf(file: string, what: string): Uint8Array {
  try {
    return file === "-" ? readStandardInput() : readFile(file);
  } catch (error) {
    throw new WasmlinkError(`failed to open ${what} ${JSON.stringify(file)}`, {
      cause: systemMessage(error),
    });
  }
}
