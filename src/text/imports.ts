/**
 * Imports and exports, as fields of their own and inside of definitions.
 *
 * Spec: https://webassembly.github.io/spec/core/text/modules.html#imports
 */
import { exactFuncKind, externKinds } from "../binary/type-codes.ts";
import { writeGlobalType, writeMemoryType, writeTableType } from "../binary/type-writer.ts";
import type { ExternKind } from "../binary/types.ts";
import type { ByteWriter } from "../binary/writer.ts";
import { nameAnnotation } from "./annotations.ts";
import type { Cursor } from "./cursor.ts";
import { Locals } from "./locals.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import { typeIndexOf, typeUse } from "./type-uses.ts";
import { globalType, memoryType, tableType } from "./value-types.ts";

/** Steps over the name of a kind of imports and exports. */
export function externKind(cursor: Cursor): ExternKind {
  const kind = externKinds.find((word) => cursor.takeKeyword(word));
  if (kind === undefined) {
    cursor.fail(`unexpected token, expected one of: ${externKinds.map((word) => `\`${word}\``).join(", ")}`);
  }
  return kind;
}

/** Parses identifier and name of the next item of a kind, and its exports; returns its index. */
export function itemHead(cursor: Cursor, module: ModuleBuilder, kind: ExternKind): number {
  const index = module.next[kind]++;
  const id = cursor.takeId();
  module.names.add(kind, index, nameAnnotation(cursor) ?? id);
  while (cursor.takeForm("export")) {
    writeExport(module, cursor.name(), kind, index);
    cursor.close();
  }
  return index;
}

function writeExport(module: ModuleBuilder, name: string, kind: ExternKind, index: number): void {
  const writer = module.exports.next();
  writer.name(name);
  writer.u8(externKinds.indexOf(kind));
  writer.u32(index);
}

/** Parses the `(import …)` in front of the type of an item, and that type; false where there is none. */
export function inlineImport(cursor: Cursor, module: ModuleBuilder, kind: ExternKind): boolean {
  if (!cursor.takeForm("import")) return false;
  const writer = module.imports.next();
  writer.name(cursor.name());
  writer.name(cursor.name());
  cursor.close();
  importType(cursor, module, writer, kind);
  return true;
}

/** `(import "module" "name" (kind …))`, from behind the keyword on. */
export function importField(cursor: Cursor, module: ModuleBuilder): void {
  const writer = module.imports.next();
  writer.name(cursor.name());
  writer.name(cursor.name());
  cursor.open();
  const kind = externKind(cursor);
  const id = cursor.takeId();
  module.names.add(kind, module.next[kind]++, (kind === "func" ? nameAnnotation(cursor) : undefined) ?? id);
  importType(cursor, module, writer, kind);
  cursor.close();
}

function importType(cursor: Cursor, module: ModuleBuilder, writer: ByteWriter, kind: ExternKind): void {
  const { spaces, types } = module;
  const exact = kind === "func" && cursor.takeForm("exact");
  writer.u8(exact ? exactFuncKind : externKinds.indexOf(kind));
  switch (kind) {
    case "func":
      writer.u32(typeIndexOf(typeUse(cursor, types, new Locals()), types));
      if (exact) cursor.close();
      break;
    case "table":
      writeTableType(writer, tableType(cursor, spaces.type));
      break;
    case "memory":
      writeMemoryType(writer, memoryType(cursor));
      break;
    case "global":
      writeGlobalType(writer, globalType(cursor, spaces.type));
      break;
    case "tag":
      writer.u8(0);
      writer.u32(typeIndexOf(typeUse(cursor, types, new Locals()), types));
      break;
  }
}

/** `(export "name" (kind index))`, from behind the keyword on. */
export function exportField(cursor: Cursor, module: ModuleBuilder): void {
  const name = cursor.name();
  cursor.open();
  const kind = externKind(cursor);
  writeExport(module, name, kind, module.spaces[kind].index(cursor));
  cursor.close();
}

/** `(start index)`, from behind the keyword on. */
export function startField(cursor: Cursor, module: ModuleBuilder): void {
  if (module.start !== undefined) cursor.fail("multiple start sections found", cursor.position - 1);
  module.start = module.spaces.func.index(cursor);
}
