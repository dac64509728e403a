/** What tests of the parser compare. */
import { WatSyntaxError } from "../../../src/errors.ts";
import { wat2wasm } from "../../../src/text/wat2wasm.ts";

/** A text module in hexadecimal. */
export function binary(text: string): string {
  return Buffer.from(wat2wasm(text)).toString("hex");
}

/** The function bodies of a module, in hexadecimal, each without its size and last `end`. */
export function bodies(text: string): string[] {
  const bytes = wat2wasm(text);
  let at = 8;
  while (bytes[at] !== 10) at += 2 + bytes[at + 1]!;
  const list: string[] = [];
  at += 3;
  for (let left = bytes[at - 1]!; left > 0; left--) {
    const end = at + 1 + bytes[at]!;
    list.push(Buffer.from(bytes.subarray(at + 1, end - 1)).toString("hex"));
    at = end;
  }
  return list;
}

/** The only body of a module that consists of a function with these instructions and of other fields. */
export function code(instructions: string, fields = ""): string {
  const [body] = bodies(`(func ${instructions}) ${fields}`);
  // No locals.
  return body!.replace(/^00/, "");
}

/** The mistake in a text: line, column, message. */
export function mistake(text: string): string {
  try {
    wat2wasm(text);
  } catch (error) {
    if (!(error instanceof WatSyntaxError)) throw error;
    return `${error.line}:${error.column} ${error.message.split("\n")[0]}`;
  }
  return "none";
}
