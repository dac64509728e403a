/**
 * The tokens of a text, stored in columns: a module of some megabytes has millions of them.
 *
 * @packageDocumentation
 */
import type { WatSyntaxError } from "../../errors.ts";

export const TokenKind = {
  /** End of the text. */
  end: 0,
  leftParen: 1,
  rightParen: 2,
  keyword: 3,
  id: 4,
  integer: 5,
  float: 6,
  string: 7,
  /** The name after `(@`; only of the annotations that mean something here, others are like white space. */
  annotation: 8,
  /** A word that is none of the above. */
  reserved: 9,
  /** Where the text stops being lexically correct; {@link Tokens.error} says why. */
  error: 10,
} as const;

export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

/** All tokens of a text. The last one is of kind `end` or `error`. */
export class Tokens {
  readonly source: string;
  count = 0;
  kinds: Uint8Array;
  /** Offset of the first UTF-16 code unit of each token, and of the one behind it. */
  starts: Uint32Array;
  ends: Uint32Array;
  /** How many annotations there are besides the ones among the tokens. */
  skippedAnnotations = 0;
  /** Raised by whoever arrives at the token of kind `error`: mistakes are reported in the order of the text. */
  error: WatSyntaxError | undefined;

  constructor(source: string) {
    this.source = source;
    const capacity = (source.length >> 4) + 16;
    this.kinds = new Uint8Array(capacity);
    this.starts = new Uint32Array(capacity);
    this.ends = new Uint32Array(capacity);
  }

  push(kind: TokenKind, start: number, end: number): void {
    if (this.count === this.kinds.length) this.#grow();
    this.kinds[this.count] = kind;
    this.starts[this.count] = start;
    this.ends[this.count++] = end;
  }

  #grow(): void {
    const capacity = this.kinds.length * 2;
    const { kinds, starts, ends } = this;
    this.kinds = new Uint8Array(capacity);
    this.starts = new Uint32Array(capacity);
    this.ends = new Uint32Array(capacity);
    this.kinds.set(kinds);
    this.starts.set(starts);
    this.ends.set(ends);
  }
}
