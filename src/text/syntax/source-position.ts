/**
 * Where in a text a mistake is, and the error that says so.
 *
 * @packageDocumentation
 */
import { WatSyntaxError } from "../../errors.ts";

/**
 * The error for a mistake at a place of a text.
 *
 * @param offset in UTF-16 code units, as strings are indexed
 */
export function syntaxErrorAt(source: string, offset: number, message: string): WatSyntaxError {
  let line = 1;
  let lineStart = 0;
  for (let newline = source.indexOf("\n"); newline !== -1 && newline < offset; ) {
    line++;
    lineStart = newline + 1;
    newline = source.indexOf("\n", lineStart);
  }
  const newline = source.indexOf("\n", lineStart);
  const text = source.slice(lineStart, newline === -1 ? undefined : newline).replace(/\r$/, "");
  const column = Array.from(source.slice(lineStart, offset)).length + 1;
  return new WatSyntaxError(message, text, line, column);
}
