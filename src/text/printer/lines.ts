/**
 * Collects the lines of a printed module.
 *
 * @packageDocumentation
 */

/** Deeper lines are not indented further: the text would grow with the square of the depth. */
const maxDepth = 20;
const indentation = Array.from({ length: maxDepth + 1 }, (_, depth) => "  ".repeat(depth));

/** The longest string that V8 has, in UTF-16 code units; other engines have longer ones. */
const maxLength = 2 ** 29 - 24;

/** Lines are joined in portions of this length, so that there are never millions of strings. */
const portionLength = 2 ** 20;

export class Lines {
  readonly #portions: string[] = [];
  #lines: string[] = [];
  #unjoined = 0;
  #length = 0;

  /**
   * Adds a line.
   *
   * @throws RangeError - the text becomes longer than a string can be
   */
  add(text: string, depth: number): void {
    const line = `${indentation[Math.min(depth, maxDepth)]}${text}\n`;
    this.#lines.push(line);
    this.#unjoined += line.length;
    if (this.#unjoined >= portionLength) this.#join();
  }

  #join(): void {
    this.#length += this.#unjoined;
    if (this.#length > maxLength) {
      throw new RangeError("the text of the module would be longer than a string can be");
    }
    this.#portions.push(this.#lines.join(""));
    this.#lines = [];
    this.#unjoined = 0;
  }

  /** The text of all lines. */
  finish(): string {
    this.#join();
    return this.#portions.join("");
  }
}
