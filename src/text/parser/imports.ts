/**
 * Imports and exports, as fields of their own and inside of definitions.
 *
 * Spec: https://webassembly.github.io/spec/core/text/modules.html#imports
 *
 * @packageDocumentation
 */
import { writeExport, writeImport } from "../../binary/extern-writer.ts";
import type { ExternDesc } from "../../binary/module-info.ts";
import { externKinds } from "../../binary/type-codes.ts";
import type { ExternKind } from "../../binary/types.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { nameAnnotation } from "./annotations.ts";
import { Locals } from "./locals.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import { typeIndexOf, typeUse } from "./type-uses.ts";
import { globalType, memoryType, tableType } from "./value-types.ts";

/** Parses identifier and name of the next item of a kind, and its exports; returns its index. */
export function itemHead(cursor: Cursor, module: ModuleBuilder, kind: ExternKind): number {
  const index = module.next[kind]++;
  const id = cursor.takeId();
  module.names.add(kind, index, nameAnnotation(cursor) ?? id);
  while (cursor.takeForm("export")) {
    writeExport(module.exports.next(), { name: cursor.name(), kind, index });
    cursor.close();
  }
  return index;
}

/** Parses the `(import …)` in front of the type of an item, and that type; false where there is none. */
export function inlineImport(cursor: Cursor, module: ModuleBuilder, kind: ExternKind): boolean {
  if (!cursor.takeForm("import")) return false;
  const names = { module: cursor.name(), name: cursor.name() };
  cursor.close();
  writeImport(module.imports.next(), { ...names, desc: externDesc(cursor, module, kind) });
  return true;
}

/** `(import "module" "name" (kind …))`, from behind the keyword on. */
export function importField(cursor: Cursor, module: ModuleBuilder): void {
  const names = { module: cursor.name(), name: cursor.name() };
  cursor.open();
  const kind = cursor.oneOf(externKinds);
  const id = cursor.takeId();
  module.names.add(kind, module.next[kind]++, nameAnnotation(cursor) ?? id);
  writeImport(module.imports.next(), { ...names, desc: externDesc(cursor, module, kind) });
  cursor.close();
}

/** The type of an import. */
function externDesc(cursor: Cursor, module: ModuleBuilder, kind: ExternKind): ExternDesc {
  const { spaces, types } = module;
  switch (kind) {
    case "func": {
      const exact = cursor.takeForm("exact");
      const typeIndex = typeIndexOf(typeUse(cursor, types, new Locals()), types);
      if (exact) cursor.close();
      return { kind, typeIndex, exact };
    }
    case "tag":
      return { kind, typeIndex: typeIndexOf(typeUse(cursor, types, new Locals()), types) };
    case "table":
      return tableType(cursor, spaces.type);
    case "memory":
      return memoryType(cursor);
    case "global":
      return globalType(cursor, spaces.type);
  }
}

/** `(export "name" (kind index))`, from behind the keyword on. */
export function exportField(cursor: Cursor, module: ModuleBuilder): void {
  const name = cursor.name();
  cursor.open();
  const kind = cursor.oneOf(externKinds);
  writeExport(module.exports.next(), { name, kind, index: module.spaces[kind].index(cursor) });
  cursor.close();
}

/** `(start index)`, from behind the keyword on. */
export function startField(cursor: Cursor, module: ModuleBuilder): void {
  if (module.start !== undefined) cursor.fail("multiple start sections found", cursor.position - 1);
  module.start = module.spaces.func.index(cursor);
}
