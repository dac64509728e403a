/**
 * String literals of the text format: escapes, and the UTF-8 of everything else.
 *
 * Spec: https://webassembly.github.io/spec/core/text/values.html#strings
 *
 * @packageDocumentation
 */
import { syntaxErrorAt } from "./source-position.ts";

const quote = 0x22;
const backslash = 0x5c;
const hexDigit = /^[0-9a-fA-F]$/;
const scalar = /\{([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)\}/y;
const simpleEscapes: { readonly [letter: string]: number } = {
  t: 0x09,
  n: 0x0a,
  r: 0x0d,
  '"': quote,
  "'": 0x27,
  "\\": backslash,
};

const encoder = new TextEncoder();
// A byte order mark inside a string is text like any other.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A character as messages show it: itself, or an escape. */
export function shown(source: string, offset: number): string {
  const code = source.codePointAt(offset)!;
  const special: { readonly [code: number]: string } = {
    9: "\\t",
    10: "\\n",
    13: "\\r",
    34: '\\"',
    39: "\\'",
    92: "\\\\",
  };
  return (
    special[code] ?? (code >= 0x20 && code < 0x7f ? String.fromCodePoint(code) : `\\u{${code.toString(16)}}`)
  );
}

/** Whether half of a surrogate pair stands alone at an offset: such text has no UTF-8. */
export function isLoneSurrogate(source: string, offset: number): boolean {
  const code = source.codePointAt(offset)!;
  if (code < 0xd800 || code > 0xdfff) return false;
  const before = source.charCodeAt(offset - 1);
  return code < 0xdc00 || !(before >= 0xd800 && before < 0xdc00);
}

/**
 * Finds the end of the string literal that opens at `start`.
 *
 * @returns the offset behind the closing quote
 * @throws WatSyntaxError for a literal that does not end, a control character or a wrong escape
 */
export function endOfString(source: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const code = source.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === backslash) at = endOfEscape(source, at);
    else if (code >= 0x20 && code < 0x7f) at++;
    else if (at >= source.length) throw syntaxErrorAt(source, source.length, "unexpected end-of-file");
    else if (code < 0x80)
      throw syntaxErrorAt(source, at, `invalid character in string '${shown(source, at)}'`);
    else if (isLoneSurrogate(source, at)) throw syntaxErrorAt(source, at, "malformed UTF-8 encoding");
    else at++;
  }
}

function endOfEscape(source: string, start: number): number {
  const letter = source.charAt(start + 1);
  if (letter in simpleEscapes) return start + 2;
  if (start + 2 >= source.length) throw syntaxErrorAt(source, source.length, "unexpected end-of-file");
  if (letter === "u") {
    scalar.lastIndex = start + 2;
    const digits = scalar.exec(source)?.[1];
    if (digits === undefined) throw syntaxErrorAt(source, start + 2, "invalid string escape 'u'");
    const code = Number.parseInt(digits.replaceAll("_", ""), 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      throw syntaxErrorAt(
        source,
        scalar.lastIndex - 2,
        `invalid unicode scalar value 0x${code.toString(16)}`,
      );
    }
    return scalar.lastIndex;
  }
  if (!hexDigit.test(letter)) {
    throw syntaxErrorAt(source, start + 1, `invalid string escape '${shown(source, start + 1)}'`);
  }
  if (!hexDigit.test(source.charAt(start + 2))) {
    throw syntaxErrorAt(source, start + 2, `invalid hex digit '${shown(source, start + 2)}'`);
  }
  return start + 3;
}

/** The bytes of the correct string literal between two offsets, quotes included. */
export function stringBytes(source: string, start: number, end: number): Uint8Array {
  const text = source.slice(start + 1, end - 1);
  if (!text.includes("\\")) return encoder.encode(text);
  // No escape stands for more bytes than it has characters; only other characters take up to three.
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf("\\", at);
    if (next !== at) {
      const run = next === -1 ? text.slice(at) : text.slice(at, next);
      length += encoder.encodeInto(run, bytes.subarray(length)).written;
      at += run.length;
      continue;
    }
    const letter = text.charAt(at + 1);
    const simple = simpleEscapes[letter];
    if (simple !== undefined) {
      bytes[length++] = simple;
      at += 2;
    } else if (letter === "u") {
      const close = text.indexOf("}", at);
      const code = Number.parseInt(text.slice(at + 3, close).replaceAll("_", ""), 16);
      length += encoder.encodeInto(String.fromCodePoint(code), bytes.subarray(length)).written;
      at = close + 1;
    } else {
      bytes[length++] = Number.parseInt(text.slice(at + 1, at + 3), 16);
      at += 3;
    }
  }
  return bytes.subarray(0, length);
}

/** The text of a correct string literal, or undefined where its bytes are no UTF-8. */
export function stringText(source: string, start: number, end: number): string | undefined {
  const text = source.slice(start + 1, end - 1);
  return text.includes("\\") ? decodeUtf8(stringBytes(source, start, end)) : text;
}

/** The text some bytes stand for, or undefined where they are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
