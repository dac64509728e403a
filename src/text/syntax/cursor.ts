/**
 * A place among the tokens of a text, and the small steps every parser takes from there.
 *
 * @packageDocumentation
 */
import { integer, unsignedInteger } from "./numbers.ts";
import { syntaxErrorAt } from "./source-position.ts";
import { stringBytes, stringText } from "./strings.ts";
import { TokenKind, type Tokens } from "./tokens.ts";

const maxDigitsOfFastInteger = 9;

/** What could stand in a place, in the words of messages. */
export function alternatives(list: readonly string[]): string {
  return list.length > 2 ? `one of: ${list.join(", ")}` : list.join(" or ");
}

export class Cursor {
  readonly tokens: Tokens;
  readonly source: string;
  /** Number of the current token. */
  position: number;
  readonly #kinds: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;

  constructor(tokens: Tokens, position = 0) {
    this.tokens = tokens;
    this.source = tokens.source;
    this.position = position;
    this.#kinds = tokens.kinds;
    this.#starts = tokens.starts;
    this.#ends = tokens.ends;
  }

  /** Kind of the current token, or of the one `ahead` places later. */
  kind(ahead = 0): TokenKind {
    return this.#kinds[this.position + ahead] as TokenKind;
  }

  /** Text of a token. */
  text(position = this.position): string {
    return this.source.slice(this.#starts[position], this.#ends[position]);
  }

  /** Offset in the text where a token starts. */
  offset(position = this.position): number {
    return this.#starts[position]!;
  }

  /** Raises an error at a token; at the place where the lexer gave up, the lexer's. */
  fail(message: string, position = this.position): never {
    if (this.#kinds[position] === TokenKind.error) throw this.tokens.error;
    throw syntaxErrorAt(this.source, this.offset(position), message);
  }

  /** Whether the token `ahead` places later is this keyword. */
  isKeyword(word: string, ahead = 0): boolean {
    const position = this.position + ahead;
    if (this.#kinds[position] !== TokenKind.keyword) return false;
    const start = this.#starts[position]!;
    return this.#ends[position]! - start === word.length && this.source.startsWith(word, start);
  }

  /** Whether a parenthesised form with this keyword comes next. */
  isForm(word: string): boolean {
    return this.#kinds[this.position] === TokenKind.leftParen && this.isKeyword(word, 1);
  }

  /** Whether an annotation of this name comes next. */
  isAnnotation(name: string): boolean {
    if (this.#kinds[this.position] !== TokenKind.leftParen) return false;
    if (this.#kinds[this.position + 1] !== TokenKind.annotation) return false;
    return this.nameOf(this.position + 1) === name;
  }

  /** Steps over the keyword where it comes next. */
  takeKeyword(word: string): boolean {
    const found = this.isKeyword(word);
    if (found) this.position++;
    return found;
  }

  /** Steps into the form with this keyword where it comes next. */
  takeForm(word: string): boolean {
    const found = this.isForm(word);
    if (found) this.position += 2;
    return found;
  }

  expectKeyword(word: string): void {
    if (!this.takeKeyword(word)) this.fail(`expected keyword \`${word}\``);
  }

  /** Steps over the keyword that comes next, which must be one of these. */
  oneOf<W extends string>(words: readonly W[]): W {
    const found = words.find((word) => this.takeKeyword(word));
    return (
      found ?? this.fail(`unexpected token, expected ${alternatives(words.map((word) => `\`${word}\``))}`)
    );
  }

  open(): void {
    if (this.kind() !== TokenKind.leftParen) this.fail("expected `(`");
    this.position++;
  }

  close(): void {
    if (this.kind() !== TokenKind.rightParen) this.fail("expected `)`");
    this.position++;
  }

  /** Whether the current form, or the text, ends here. */
  get atClose(): boolean {
    const kind = this.kind();
    return kind === TokenKind.rightParen || kind === TokenKind.end;
  }

  /** Position behind the form that opens at a token; the end of the text where the form does not end. */
  behindForm(position: number): number {
    const kinds = this.#kinds;
    let depth = 0;
    for (let at = position; ; at++) {
      const kind = kinds[at];
      if (kind === TokenKind.leftParen) depth++;
      else if (kind === TokenKind.rightParen) {
        if (--depth <= 0) return at + 1;
      } else if (kind === TokenKind.end || kind === TokenKind.error) return at;
    }
  }

  /** Steps over the form or the token that comes next. @throws WatSyntaxError where the text is no token */
  skip(): void {
    const kind = this.kind();
    if (kind === TokenKind.error) this.fail("unexpected token");
    this.position = kind === TokenKind.leftParen ? this.behindForm(this.position) : this.position + 1;
  }

  /** Name of the identifier or annotation at a token, without its first character. */
  nameOf(position: number): string {
    const start = this.#starts[position]! + 1;
    const end = this.#ends[position]!;
    if (this.source.charCodeAt(start) !== 0x22) return this.source.slice(start, end);
    // The lexer has checked that quoted names are UTF-8.
    return stringText(this.source, start, end)!;
  }

  /** Steps over an identifier where one comes next, and returns its name. */
  takeId(): string | undefined {
    return this.kind() === TokenKind.id ? this.nameOf(this.position++) : undefined;
  }

  /** The bytes of the string literal that comes next. */
  string(): Uint8Array {
    const position = this.position;
    if (this.kind() !== TokenKind.string) this.fail("expected a string");
    this.position++;
    return stringBytes(this.source, this.#starts[position]!, this.#ends[position]!);
  }

  /** The string literal that comes next, which must be UTF-8. */
  name(): string {
    const position = this.position;
    if (this.kind() !== TokenKind.string) this.fail("expected a string");
    const text = stringText(this.source, this.#starts[position]!, this.#ends[position]!);
    if (text === undefined) this.fail("malformed UTF-8 encoding");
    this.position++;
    return text;
  }

  u32(): number {
    return Number(this.#unsigned(32));
  }

  /** An unsigned 64-bit integer; a number where it is a safe one. */
  u64(): number | bigint {
    return this.#unsigned(64);
  }

  /** The i32 that comes next, as the signed number with its bits. */
  i32(): number {
    return Number(this.signed(32));
  }

  /** The integer of 8 to 64 bits that comes next, as the signed number with its bits. */
  signed(bits: number): number | bigint {
    const what = `i${bits}`;
    if (this.kind() !== TokenKind.integer) this.fail(`expected a ${what}`);
    const fast = bits >= 32 ? this.#fastInteger() : undefined;
    const value = fast ?? integer(this.text(), bits);
    if (value === undefined) this.fail(`invalid ${what} number: constant out of range`);
    this.position++;
    return value;
  }

  #unsigned(bits: number): number | bigint {
    const what = `u${bits}`;
    if (this.kind() !== TokenKind.integer) this.fail(`expected a ${what}`);
    const value = this.#fastInteger() ?? unsignedInteger(this.text(), bits);
    if (value === undefined) this.fail(`invalid ${what} number: constant out of range`);
    this.position++;
    return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }

  /** Value of an integer that is nothing but a few decimal digits. */
  #fastInteger(): number | undefined {
    const start = this.#starts[this.position]!;
    const end = this.#ends[this.position]!;
    if (end - start > maxDigitsOfFastInteger) return undefined;
    let value = 0;
    for (let at = start; at < end; at++) {
      const digit = this.source.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9) return undefined;
      value = value * 10 + digit;
    }
    return value;
  }
}
