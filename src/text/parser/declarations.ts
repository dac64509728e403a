/**
 * First pass over a module: what it defines and imports, and what that is called.
 *
 * @packageDocumentation
 */
import { externKinds } from "../../binary/type-codes.ts";
import type { ExternKind } from "../../binary/types.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { TokenKind } from "../syntax/tokens.ts";
import type { IndexSpaces } from "./index-space.ts";

/**
 * Fills the index spaces with what the fields from the cursor on define; names may be used in front of their
 * definition. Malformed fields are passed over: the second pass reports them. The cursor stays where it is.
 *
 * @returns positions of the fields that define types
 */
export function declareFields(cursor: Cursor, spaces: IndexSpaces): number[] {
  const start = cursor.position;
  const typeFields: number[] = [];
  // Imports must come first; this is the last kind of definition so far.
  let defined: string | undefined;
  while (cursor.kind() === TokenKind.leftParen) {
    const field = cursor.position;
    const behind = cursor.behindForm(field);
    const word = cursor.kind(1) === TokenKind.keyword ? cursor.text(field + 1) : "";
    cursor.position += 2;
    if (word === "type" || word === "rec") typeFields.push(field);
    if (word === "type" || word === "elem" || word === "data") spaces[word].declare(cursor);
    else if (word === "rec") declareGroup(cursor, spaces);
    else if (word === "import" || isExternKind(word)) {
      const isImport = word === "import" ? declareImport(cursor, spaces) : declareItem(cursor, spaces, word);
      if (isImport && defined !== undefined) cursor.fail(`import after ${defined}`, field + 1);
      if (!isImport) defined = word === "func" ? "function" : word;
    }
    cursor.position = behind;
  }
  cursor.position = start;
  return typeFields;
}

function isExternKind(word: string): word is ExternKind {
  return (externKinds as readonly string[]).includes(word);
}

function declareGroup(cursor: Cursor, spaces: IndexSpaces): void {
  while (cursor.isForm("type")) {
    const behind = cursor.behindForm(cursor.position);
    cursor.position += 2;
    spaces.type.declare(cursor);
    cursor.position = behind;
  }
}

function declareImport(cursor: Cursor, spaces: IndexSpaces): true {
  // Behind the names of module and item stands the form with the kind.
  const kind = cursor.kind(3) === TokenKind.keyword ? cursor.text(cursor.position + 3) : "";
  cursor.position += 4;
  if (isExternKind(kind)) spaces[kind].declare(cursor);
  return true;
}

/** Whether the item is an import. */
function declareItem(cursor: Cursor, spaces: IndexSpaces, kind: ExternKind): boolean {
  spaces[kind].declare(cursor);
  while (cursor.isForm("export") || cursor.isAnnotation("name"))
    cursor.position = cursor.behindForm(cursor.position);
  if (cursor.isForm("import")) return true;
  if (kind === "table" && hasForm(cursor, "elem")) spaces.elem.declareUnnamed();
  if (kind === "memory" && hasForm(cursor, "data")) spaces.data.declareUnnamed();
  return false;
}

/** Whether the rest of the current form has a form with this keyword in it. */
function hasForm(cursor: Cursor, word: string): boolean {
  while (!cursor.atClose && cursor.kind() !== TokenKind.error) {
    if (cursor.isForm(word)) return true;
    cursor.skip();
  }
  return false;
}
