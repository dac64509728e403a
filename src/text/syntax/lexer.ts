/**
 * Splits a text into tokens.
 *
 * Spec: https://webassembly.github.io/spec/core/text/lexical.html
 *
 * @packageDocumentation
 */
import { WatSyntaxError } from "../../errors.ts";
import { kindOfNumber } from "./numbers.ts";
import { syntaxErrorAt } from "./source-position.ts";
import { endOfString, isLoneSurrogate, shown, stringText } from "./strings.ts";
import { TokenKind, Tokens } from "./tokens.ts";

const idCharacter = 1;
const space = 2;
const openingParen = 3;
const closingParen = 4;
const quote = 5;
const semicolon = 6;
const punctuation = 7;

const classes = new Uint8Array(128);
for (const [characters, characterClass] of [
  ["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&'*+-./:<=>?@\\^_`|~", idCharacter],
  [" \t\n\r", space],
  ["(", openingParen],
  [")", closingParen],
  ['"', quote],
  [";", semicolon],
  [",[]{}", punctuation],
] as const) {
  for (const character of characters) classes[character.charCodeAt(0)] = characterClass;
}

/** Annotations that mean something; all others are white space. */
const knownAnnotations: ReadonlySet<string> = new Set([
  "custom",
  "name",
  "producers",
  "dylink.0",
  "data_count",
  "metadata.code.branch_hint",
]);

/**
 * All tokens of a text. A lexical mistake ends them with a token of kind `error`, so that a parser reports it
 * only when it gets there.
 */
export function tokenize(source: string): Tokens {
  const tokens = new Tokens(source);
  try {
    new Lexer(source, tokens).run();
    tokens.push(TokenKind.end, source.length, source.length);
  } catch (error) {
    if (!(error instanceof WatSyntaxError)) throw error;
    tokens.error = error;
    tokens.push(TokenKind.error, source.length, source.length);
  }
  return tokens;
}

class Lexer {
  readonly #source: string;
  readonly #tokens: Tokens;
  /** Open parentheses of the annotation that is being skipped, its own included. */
  #skipped = 0;
  /** What the last word is made of. */
  #idCharacters = 0;
  #strings = 0;

  constructor(source: string, tokens: Tokens) {
    this.#source = source;
    this.#tokens = tokens;
  }

  run(): void {
    const source = this.#source;
    let annotation = 0;
    for (let at = 0; at < source.length; ) {
      const start = at;
      switch (this.#classAt(at)) {
        case space:
          at++;
          break;
        case idCharacter:
        case quote:
          at = this.#endOfWord(at);
          // Inside of an annotation that means nothing, words mean nothing either.
          if (this.#skipped === 0) this.#push(this.#wordKind(start, at), start, at);
          break;
        case openingParen:
          if (source.charCodeAt(at + 1) === 0x3b) {
            at = this.#endOfBlockComment(at);
          } else {
            at++;
            if (this.#skipped > 0) this.#skipped++;
            else if (source.charCodeAt(at) === 0x40 && this.#isSkippedAnnotation(at)) {
              this.#skipped = 1;
              this.#tokens.skippedAnnotations++;
              annotation = at;
            } else this.#push(TokenKind.leftParen, start, at);
          }
          break;
        case closingParen:
          at++;
          if (this.#skipped > 0) this.#skipped--;
          else this.#push(TokenKind.rightParen, start, at);
          break;
        case semicolon:
          if (source.charCodeAt(at + 1) === 0x3b) at = this.#endOfLine(at);
          else this.#push(TokenKind.reserved, start, ++at);
          break;
        case punctuation:
          this.#push(TokenKind.reserved, start, ++at);
          break;
        default:
          throw syntaxErrorAt(source, at, `unexpected character '${shown(source, at)}'`);
      }
    }
    if (this.#skipped > 0) throw syntaxErrorAt(source, annotation, "unclosed annotation");
  }

  #classAt(offset: number): number {
    const code = this.#source.charCodeAt(offset);
    return code < 128 ? classes[code]! : 0;
  }

  #push(kind: TokenKind, start: number, end: number): void {
    if (this.#skipped === 0) this.#tokens.push(kind, start, end);
  }

  /** A word is a run of identifier characters and string literals with nothing in between. */
  #endOfWord(start: number): number {
    let at = start;
    this.#idCharacters = 0;
    this.#strings = 0;
    for (;;) {
      const characterClass = this.#classAt(at);
      if (characterClass === idCharacter) {
        at++;
        this.#idCharacters++;
      } else if (characterClass === quote) {
        at = endOfString(this.#source, at);
        this.#strings++;
      } else return at;
    }
  }

  #wordKind(start: number, end: number): TokenKind {
    const source = this.#source;
    const idCharacters = this.#idCharacters;
    const strings = this.#strings;
    const first = source.charCodeAt(start);
    if (strings === 1 && idCharacters === 0) return TokenKind.string;
    const isQuotedName = strings === 1 && idCharacters === 1;
    if (strings === 0 || isQuotedName) {
      if (first === 0x24) return this.#named(TokenKind.id, start, end);
      if (first === 0x40) return this.#named(TokenKind.annotation, start, end);
    }
    if (strings > 0) return TokenKind.reserved;
    const number = kindOfNumber(source, start, end);
    if (number !== TokenKind.reserved) return number;
    return first >= 0x61 && first <= 0x7a ? TokenKind.keyword : TokenKind.reserved;
  }

  /** Checks the name of an identifier or annotation, which may be quoted. */
  #named(kind: TokenKind, start: number, end: number): TokenKind {
    const what = kind === TokenKind.id ? "empty identifier" : "empty annotation id";
    if (end - start === 1) throw syntaxErrorAt(this.#source, start, what);
    if (this.#strings > 0) {
      const name = stringText(this.#source, start + 1, end);
      if (name === "") throw syntaxErrorAt(this.#source, start, what);
      if (name === undefined) {
        throw syntaxErrorAt(this.#source, start, "malformed UTF-8 encoding of string-based id");
      }
    }
    return kind;
  }

  #isSkippedAnnotation(at: number): boolean {
    const end = this.#endOfWord(at);
    if (this.#wordKind(at, end) !== TokenKind.annotation) return false;
    const name = this.#strings > 0 ? stringText(this.#source, at + 1, end)! : this.#source.slice(at + 1, end);
    return !knownAnnotations.has(name);
  }

  #endOfLine(start: number): number {
    const source = this.#source;
    let at = start;
    for (; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (code === 0x0a || code === 0x0d) break;
      if (code >= 0x80) this.#checkComment(at);
    }
    return at;
  }

  #endOfBlockComment(start: number): number {
    const source = this.#source;
    let depth = 1;
    for (let at = start + 2; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (code === 0x28 && source.charCodeAt(at + 1) === 0x3b) {
        depth++;
        at++;
      } else if (code === 0x3b && source.charCodeAt(at + 1) === 0x29) {
        depth--;
        at++;
        if (depth === 0) return at + 1;
      } else if (code >= 0x80) this.#checkComment(at);
    }
    throw syntaxErrorAt(source, start, "unterminated block comment");
  }

  #checkComment(at: number): void {
    if (isLoneSurrogate(this.#source, at)) throw syntaxErrorAt(this.#source, at, "malformed UTF-8 encoding");
  }
}
