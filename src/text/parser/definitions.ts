/**
 * Fields that define functions, tables, memories, globals and tags, each from behind its keyword on.
 *
 * Spec: https://webassembly.github.io/spec/core/text/modules.html
 *
 * @packageDocumentation
 */
import { typeCode } from "../../binary/type-codes.ts";
import { writeGlobalType, writeMemoryType, writeTableType, writeValType } from "../../binary/type-writer.ts";
import type { ValType } from "../../binary/types.ts";
import type { ByteWriter } from "../../binary/writer.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { TokenKind } from "../syntax/tokens.ts";
import { BranchHints } from "./branch-hints.ts";
import { sameType } from "./defined-types.ts";
import { constant, instructions } from "./expressions.ts";
import { inlineImport, itemHead } from "./imports.ts";
import { Locals } from "./locals.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import { Nesting } from "./nesting.ts";
import { inlineData, inlineElements } from "./segments.ts";
import { typeIndexOf, typeUse } from "./type-uses.ts";
import {
  addressType,
  globalType,
  isRefType,
  memoryType,
  pageSize,
  referenceType,
  tableType,
} from "./value-types.ts";

export function functionField(cursor: Cursor, module: ModuleBuilder): void {
  const index = itemHead(cursor, module, "func");
  if (inlineImport(cursor, module, "func")) return;
  const locals = new Locals();
  const type = typeUse(cursor, module.types, locals);
  module.functions.next().u32(typeIndexOf(type, module.types));
  const writer = module.code.next();
  writer.sized(() => {
    const hints = new BranchHints(writer);
    writeLocals(cursor, module, writer, locals);
    const body = new Nesting(cursor, module, writer, locals, hints);
    instructions(body);
    module.names.addParts("local", index, locals.names);
    module.names.addParts("label", index, body.labels.names);
    if (hints.list.length > 0) module.branchHints.push([index, hints.list]);
  });
}

/** Runs of equal types are one entry. */
function writeLocals(cursor: Cursor, module: ModuleBuilder, writer: ByteWriter, locals: Locals): void {
  const types: ValType[] = [];
  while (cursor.takeForm("local")) {
    locals.parse(cursor, module.spaces.type, types);
    cursor.close();
  }
  const runs: { type: ValType; count: number }[] = [];
  for (const type of types) {
    const last = runs.at(-1);
    if (last !== undefined && sameType(last.type, type)) last.count++;
    else runs.push({ type, count: 1 });
  }
  writer.vec(runs, ({ type, count }) => {
    writer.u32(count);
    writeValType(writer, type);
  });
}

export function tableField(cursor: Cursor, module: ModuleBuilder): void {
  const index = itemHead(cursor, module, "table");
  if (inlineImport(cursor, module, "table")) return;
  const { position } = cursor;
  const address = addressType(cursor);
  if (isRefType(cursor)) {
    const element = referenceType(cursor, module.spaces.type);
    const size = inlineElements(cursor, module, index, address, element);
    const type = { kind: "table", element, minimum: size, maximum: size, address } as const;
    writeTableType(module.tables.next(), type);
    return;
  }
  if (cursor.kind() !== TokenKind.integer) {
    cursor.fail("unexpected token, expected one of: `i32`, `i64`, reftype, u64", position);
  }
  cursor.position = position;
  const type = tableType(cursor, module.spaces.type);
  const writer = module.tables.next();
  if (cursor.atClose) {
    writeTableType(writer, type);
  } else {
    writer.u8(typeCode.empty);
    writer.u8(0);
    writeTableType(writer, type);
    constant(cursor, module, writer);
  }
}

export function memoryField(cursor: Cursor, module: ModuleBuilder): void {
  const index = itemHead(cursor, module, "memory");
  if (inlineImport(cursor, module, "memory")) return;
  const { position } = cursor;
  const address = addressType(cursor);
  const bytesPerPage = pageSize(cursor);
  if (cursor.takeForm("data")) {
    const size = Math.ceil(inlineData(cursor, module, index, address) / bytesPerPage);
    cursor.close();
    writeMemoryType(module.memories.next(), {
      kind: "memory",
      minimum: size,
      maximum: size,
      shared: false,
      address,
      pageSize: bytesPerPage,
    });
    return;
  }
  if (cursor.kind() !== TokenKind.integer) {
    cursor.fail("unexpected token, expected one of: left paren, u32, `i32`, `i64`", position);
  }
  cursor.position = position;
  writeMemoryType(module.memories.next(), memoryType(cursor));
}

export function globalField(cursor: Cursor, module: ModuleBuilder): void {
  itemHead(cursor, module, "global");
  if (inlineImport(cursor, module, "global")) return;
  const writer = module.globals.next();
  writeGlobalType(writer, globalType(cursor, module.spaces.type));
  constant(cursor, module, writer);
}

export function tagField(cursor: Cursor, module: ModuleBuilder): void {
  itemHead(cursor, module, "tag");
  if (inlineImport(cursor, module, "tag")) return;
  const writer = module.tags.next();
  writer.u8(0);
  writer.u32(typeIndexOf(typeUse(cursor, module.types, new Locals()), module.types));
}
