/**
 * Text to binary.
 *
 * @packageDocumentation
 */

import { wholeModule } from "./parser/module-parser.ts";
import { Cursor } from "./syntax/cursor.ts";
import { tokenize } from "./syntax/lexer.ts";

/**
 * Translates a module from the text format to the binary format.
 *
 * The text is `(module …)` or its fields alone. Only the text is checked: a module that is well-formed but invalid,
 * say of wrong types, is translated. Names go to the custom section `name`.
 *
 * @param text - the module
 * @returns the module's bytes
 * @throws {TypeError} `text` is no string
 * @throws {WatSyntaxError} the text is malformed; has line and column of the mistake
 * @example
 * ```ts
 * const bytes = wat2wasm('(module (func (export "one") (result i32) i32.const 1))');
 * ```
 *
 * Mirrors wasmtime's `wat2wasm` (Python). Spec: https://webassembly.github.io/spec/core/text/index.html
 */
export function wat2wasm(text: string): Uint8Array<ArrayBuffer> {
  if (typeof text !== "string")
    throw new TypeError(`expected a string with a module in text, got ${String(text)}`);
  return wholeModule(new Cursor(tokenize(text)));
}
