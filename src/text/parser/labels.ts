/** The labels that are in scope at a place of a function body, innermost last. */
import type { Cursor } from "../syntax/cursor.ts";
import { TokenKind } from "../syntax/tokens.ts";
import type { NameMap } from "./name-section.ts";

export class Labels {
  /** Names of all labels of the body, for the name section. */
  readonly names: NameMap = [];
  readonly #open: (string | undefined)[] = [];
  #count = 0;

  /**
   * Enters a block.
   *
   * @param id - what instructions call it
   * @param name - what the name section calls it
   */
  enter(id: string | undefined, name: string | undefined): void {
    if (name !== undefined) this.names.push([this.#count, name]);
    this.#count++;
    this.#open.push(id);
  }

  leave(): void {
    this.#open.pop();
  }

  /** The label that comes next, as the number of blocks to leave. */
  index(cursor: Cursor): number {
    const kind = cursor.kind();
    if (kind === TokenKind.integer) return cursor.u32();
    if (kind !== TokenKind.id) cursor.fail("unexpected token, expected an index or an identifier");
    const id = cursor.nameOf(cursor.position);
    const at = this.#open.lastIndexOf(id);
    if (at === -1) cursor.fail(`unknown label: failed to find name \`$${id}\``);
    cursor.position++;
    return this.#open.length - 1 - at;
  }

  /** Checks that the identifier that comes next, if one does, is the innermost label's. */
  repeat(cursor: Cursor): void {
    if (cursor.kind() !== TokenKind.id) return;
    const { position } = cursor;
    if (cursor.takeId() !== this.#open.at(-1))
      cursor.fail("mismatching labels between end and block", position);
  }
}
