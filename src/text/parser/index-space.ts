/**
 * Names and indices of one kind of definitions.
 *
 * @packageDocumentation
 */
import type { Cursor } from "../syntax/cursor.ts";
import { TokenKind } from "../syntax/tokens.ts";

export class IndexSpace {
  readonly #what: string;
  readonly #indices = new Map<string, number>();
  #count = 0;

  /** @param what - the word for its members in messages */
  constructor(what: string) {
    this.#what = what;
  }

  /** Whether any member has a name. */
  get hasNames(): boolean {
    return this.#indices.size > 0;
  }

  /** What is wrong with an identifier that two members have. */
  protected duplicate(_id: string): string {
    return `duplicate ${this.#what} identifier`;
  }

  /** Adds a member without a name. */
  declareUnnamed(): number {
    return this.#count++;
  }

  /** Adds a member whose identifier, if it has one, comes next; the identifier is stepped over. */
  declare(cursor: Cursor): { readonly index: number; readonly id: string | undefined } {
    const { position } = cursor;
    const id = cursor.takeId();
    if (id !== undefined) {
      if (this.#indices.has(id)) cursor.fail(this.duplicate(id), position);
      this.#indices.set(id, this.#count);
    }
    return { index: this.#count++, id };
  }

  /** The index that comes next: a number, or the name of a member. */
  index(cursor: Cursor): number {
    const kind = cursor.kind();
    if (kind === TokenKind.integer) return cursor.u32();
    if (kind !== TokenKind.id) cursor.fail("unexpected token, expected an index or an identifier");
    const name = cursor.nameOf(cursor.position);
    const index = this.#indices.get(name);
    if (index === undefined) cursor.fail(`unknown ${this.#what}: failed to find name \`$${name}\``);
    cursor.position++;
    return index;
  }

  /** The index that comes next, or 0 where none does. */
  indexOrZero(cursor: Cursor): number {
    return isIndex(cursor) ? this.index(cursor) : 0;
  }
}

/** The fields of one struct type. */
export class FieldSpace extends IndexSpace {
  constructor() {
    super("field");
  }

  protected override duplicate(id: string): string {
    return `duplicate identifier: duplicate field named \`${id}\``;
  }
}

/** Whether the token `ahead` places later is an index. */
export function isIndex(cursor: Cursor, ahead = 0): boolean {
  const kind = cursor.kind(ahead);
  return kind === TokenKind.integer || kind === TokenKind.id;
}

/** The eight spaces of a module. */
export class IndexSpaces {
  readonly type = new IndexSpace("type");
  readonly func = new IndexSpace("func");
  readonly table = new IndexSpace("table");
  readonly memory = new IndexSpace("memory");
  readonly global = new IndexSpace("global");
  readonly tag = new IndexSpace("tag");
  readonly elem = new IndexSpace("elem");
  readonly data = new IndexSpace("data");
}
