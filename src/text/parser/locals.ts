/**
 * Parameters and local variables of one function.
 *
 * @packageDocumentation
 */
import type { ValType } from "../../binary/types.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { nameAnnotation } from "./annotations.ts";
import { IndexSpace } from "./index-space.ts";
import type { NameMap } from "./name-section.ts";
import { valType } from "./value-types.ts";

export class Locals {
  readonly space = new IndexSpace("local");
  /** For the name section. */
  readonly names: NameMap = [];

  /** Parses the rest of a `param` or `local` form: one type with a name, or any number without. */
  parse(cursor: Cursor, types: IndexSpace, into: ValType[]): void {
    while (!cursor.atClose) {
      const { index, id } = this.space.declare(cursor);
      const name = nameAnnotation(cursor) ?? id;
      into.push(valType(cursor, types));
      if (name !== undefined) {
        this.names.push([index, name]);
        return;
      }
    }
  }
}
