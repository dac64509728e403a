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
const letterU = 0x75;
const scalar = /\{([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)\}/y;

/** What the character behind a backslash stands for; 0 where it is no simple escape. */
const simpleEscapes = new Uint8Array(128);
for (const [letter, character] of ["t\t", "n\n", "r\r", '""', "''", "\\\\"]) {
  simpleEscapes[letter!.charCodeAt(0)] = character!.charCodeAt(0);
}

/** Value of the hexadecimal digit with a character code; -1 where it is none. */
function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

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
  const code = source.charCodeAt(start + 1);
  if (simpleEscapes[code]) return start + 2;
  if (start + 2 >= source.length) throw syntaxErrorAt(source, source.length, "unexpected end-of-file");
  if (code === letterU) return endOfScalar(source, start + 2);
  if (digitValue(code) === -1) {
    throw syntaxErrorAt(source, start + 1, `invalid string escape '${shown(source, start + 1)}'`);
  }
  if (digitValue(source.charCodeAt(start + 2)) === -1) {
    throw syntaxErrorAt(source, start + 2, `invalid hex digit '${shown(source, start + 2)}'`);
  }
  return start + 3;
}

function endOfScalar(source: string, start: number): number {
  scalar.lastIndex = start;
  const digits = scalar.exec(source)?.[1];
  if (digits === undefined) throw syntaxErrorAt(source, start, "invalid string escape 'u'");
  const code = scalarValue(digits);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    const message = `invalid unicode scalar value 0x${code.toString(16)}`;
    throw syntaxErrorAt(source, scalar.lastIndex - 2, message);
  }
  return scalar.lastIndex;
}

function scalarValue(digits: string): number {
  return Number.parseInt(digits.replaceAll("_", ""), 16);
}

/** The bytes of the correct string literal between two offsets, quotes included. */
export function stringBytes(source: string, start: number, end: number): Uint8Array {
  const text = source.slice(start + 1, end - 1);
  if (!text.includes("\\")) return encoder.encode(text);
  // No escape stands for more bytes than it has characters; only other characters take up to three.
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    const letter = code === backslash ? text.charCodeAt(at + 1) : 0;
    if (code >= 0x80) {
      const next = text.indexOf("\\", at);
      const run = next === -1 ? text.slice(at) : text.slice(at, next);
      length += encoder.encodeInto(run, bytes.subarray(length)).written;
      at += run.length;
    } else if (letter === 0) {
      bytes[length++] = code;
      at++;
    } else if (simpleEscapes[letter]) {
      bytes[length++] = simpleEscapes[letter];
      at += 2;
    } else if (letter === letterU) {
      const close = text.indexOf("}", at);
      const character = String.fromCodePoint(scalarValue(text.slice(at + 3, close)));
      length += encoder.encodeInto(character, bytes.subarray(length)).written;
      at = close + 1;
    } else {
      bytes[length++] = digitValue(letter) * 16 + digitValue(text.charCodeAt(at + 2));
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
