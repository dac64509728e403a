/**
 * Labels of a function body in text: how blocks declare them and branches use them.
 *
 * @packageDocumentation
 */
import { LabelScopes } from "../label-scopes.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { TokenKind } from "../syntax/tokens.ts";
import type { NameMap } from "./name-section.ts";

export class Labels {
  /** For the name section. */
  readonly names: NameMap = [];
  readonly #scopes = new LabelScopes();
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
    this.#scopes.enter(id);
  }

  leave(): void {
    this.#scopes.leave();
  }

  /** The label that comes next, as the number of blocks further in. */
  index(cursor: Cursor): number {
    const kind = cursor.kind();
    if (kind === TokenKind.integer) return cursor.u32();
    if (kind !== TokenKind.id) cursor.fail("unexpected token, expected an index or an identifier");
    const id = cursor.nameOf(cursor.position);
    const label = this.#scopes.find(id);
    if (label === undefined) cursor.fail(`unknown label: failed to find name \`$${id}\``);
    cursor.position++;
    return label;
  }

  /** Checks that the identifier that comes next, if one does, is the innermost block's. */
  repeat(cursor: Cursor): void {
    const { position } = cursor;
    const id = cursor.takeId();
    if (id !== undefined && id !== this.#scopes.at(0)) {
      cursor.fail("mismatching labels between end and block", position);
    }
  }
}
