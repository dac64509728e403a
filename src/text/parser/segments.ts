/**
 * Element and data segments, as fields of their own and inside of tables and memories.
 *
 * Spec: https://webassembly.github.io/spec/core/text/modules.html#element-segments
 *
 * @packageDocumentation
 */
import { operatorNamed } from "../../binary/opcodes.ts";
import { writeRefType } from "../../binary/type-writer.ts";
import type { RefType } from "../../binary/types.ts";
import { ByteWriter } from "../../binary/writer.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { TokenKind } from "../syntax/tokens.ts";
import { nameAnnotation } from "./annotations.ts";
import { laneWriters, writeVector } from "./constants.ts";
import { constantForm } from "./expressions.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import { isRefType, referenceType } from "./value-types.ts";

/** Bits of the flags of an element segment. */
const passiveFlag = 1;
/** With {@link passiveFlag} it means declarative. */
const explicitTableFlag = 2;
const expressionsFlag = 4;

const end = operatorNamed("end")!.code;
const constants = { i32: operatorNamed("i32.const")!.code, i64: operatorNamed("i64.const")!.code };
const refFunc = operatorNamed("ref.func")!.code;

/** What an active segment is copied to, or why there is no such place. */
type Mode = "passive" | "declared" | { readonly table: number | undefined; readonly offset: Uint8Array };

/** The elements of a segment: function indices, or expressions where there is a type. */
interface Elements {
  readonly type: RefType | undefined;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** `(elem …)`, from behind the keyword on. */
export function elementField(cursor: Cursor, module: ModuleBuilder): void {
  const id = cursor.takeId();
  module.names.add("elem", module.next.elem++, nameAnnotation(cursor) ?? id);
  const { mode, legacy } = elementMode(cursor, module);
  const indices = cursor.takeKeyword("func") || (legacy && !isRefType(cursor));
  writeElements(
    module,
    mode,
    indices
      ? functionIndices(cursor, module)
      : expressions(cursor, module, referenceType(cursor, module.spaces.type)),
  );
}

/** `legacy`: function indices may follow without a word for what they are. */
function elementMode(
  cursor: Cursor,
  module: ModuleBuilder,
): { readonly mode: Mode; readonly legacy: boolean } {
  if (cursor.takeKeyword("declare")) return { mode: "declared", legacy: false };
  const byNumber = cursor.kind() === TokenKind.integer;
  if (!byNumber && (cursor.kind() !== TokenKind.leftParen || isRefType(cursor))) {
    return { mode: "passive", legacy: false };
  }
  let table: number | undefined;
  const legacy = byNumber || !cursor.isForm("table");
  if (byNumber) table = cursor.u32();
  else if (cursor.takeForm("table")) {
    table = module.spaces.table.index(cursor);
    cursor.close();
  }
  return { mode: { table, offset: offset(cursor, module) }, legacy };
}

/** An offset: `(offset …)`, or a single folded instruction. */
function offset(cursor: Cursor, module: ModuleBuilder): Uint8Array {
  const writer = new ByteWriter(16);
  constantForm(cursor, module, writer, "offset");
  return writer.finish();
}

function zero(address: "i32" | "i64"): Uint8Array {
  return Uint8Array.of(constants[address], 0, end);
}

function functionIndices(cursor: Cursor, module: ModuleBuilder): Elements {
  const writer = new ByteWriter(64);
  let count = 0;
  for (; !cursor.atClose; count++) writer.u32(module.spaces.func.index(cursor));
  return { type: undefined, count, bytes: writer.finish() };
}

function expressions(cursor: Cursor, module: ModuleBuilder, type: RefType): Elements {
  const writer = new ByteWriter(64);
  let count = 0;
  for (; !cursor.atClose; count++) constantForm(cursor, module, writer, "item");
  return { type, count, bytes: writer.finish() };
}

/** Function indices of a table that is not of type funcref: each is an expression. */
function functionReferences(cursor: Cursor, module: ModuleBuilder, type: RefType): Elements {
  const writer = new ByteWriter(64);
  let count = 0;
  for (; !cursor.atClose; count++) {
    writer.u8(refFunc);
    writer.u32(module.spaces.func.index(cursor));
    writer.u8(end);
  }
  return { type, count, bytes: writer.finish() };
}

function writeElements(module: ModuleBuilder, mode: Mode, { type, count, bytes }: Elements): void {
  const writer = module.elements.next();
  const kind = type === undefined ? 0 : expressionsFlag;
  let typed = true;
  if (mode === "passive") writer.u8(kind | passiveFlag);
  else if (mode === "declared") writer.u8(kind | passiveFlag | explicitTableFlag);
  else {
    // The short form has neither table nor type.
    typed = mode.table !== undefined || (type !== undefined && type !== "funcref");
    writer.u8(typed ? kind | explicitTableFlag : kind);
    if (typed) writer.u32(mode.table ?? 0);
    writer.bytes(mode.offset);
  }
  if (typed && type === undefined) writer.u8(0);
  else if (typed) writeRefType(writer, type!);
  writer.u32(count);
  writer.bytes(bytes);
}

/** `(elem …)` inside of a table: an active segment that fills it. Returns the number of elements. */
export function inlineElements(
  cursor: Cursor,
  module: ModuleBuilder,
  table: number,
  address: "i32" | "i64",
  type: RefType,
): number {
  cursor.open();
  cursor.expectKeyword("elem");
  const parse =
    cursor.kind() === TokenKind.leftParen
      ? expressions
      : type === "funcref"
        ? functionIndices
        : functionReferences;
  const elements = parse(cursor, module, type);
  cursor.close();
  module.next.elem++;
  writeElements(module, { table, offset: zero(address) }, elements);
  return elements.count;
}

/** `(data …)`, from behind the keyword on. */
export function dataField(cursor: Cursor, module: ModuleBuilder): void {
  const id = cursor.takeId();
  module.names.add("data", module.next.data++, nameAnnotation(cursor) ?? id);
  const writer = module.data.next();
  if (cursor.kind() === TokenKind.string || cursor.atClose) {
    writer.u8(1);
  } else {
    let memory = 0;
    if (cursor.kind() === TokenKind.integer) memory = cursor.u32();
    else if (cursor.takeForm("memory")) {
      memory = module.spaces.memory.index(cursor);
      cursor.close();
    }
    writeMemory(writer, memory);
    constantForm(cursor, module, writer, "offset");
  }
  writer.sized(() => content(cursor, writer));
}

/** An active data segment for a memory starts with this. */
function writeMemory(writer: ByteWriter, memory: number): void {
  writer.u8(memory === 0 ? 0 : 2);
  if (memory !== 0) writer.u32(memory);
}

/** Types of the numbers in data segments. Proposal: https://github.com/WebAssembly/wat-numeric-values */
const dataTypes = ["i8", "i16", "i32", "i64", "f32", "f64", "v128"] as const;

/** Strings, and lists of numbers. Returns the size in bytes. */
function content(cursor: Cursor, writer: ByteWriter): number {
  const start = writer.length;
  while (!cursor.atClose) {
    if (cursor.kind() !== TokenKind.leftParen) {
      writer.bytes(cursor.string());
      continue;
    }
    cursor.position++;
    const type = cursor.oneOf(dataTypes);
    const write = type === "v128" ? writeVector : laneWriters[type];
    while (!cursor.atClose) write(cursor, writer);
    cursor.close();
  }
  return writer.length - start;
}

/** The rest of the `(data …)` inside of a memory: an active segment that fills it. Returns its size in bytes. */
export function inlineData(
  cursor: Cursor,
  module: ModuleBuilder,
  memory: number,
  address: "i32" | "i64",
): number {
  const writer = module.data.next();
  let size = 0;
  module.next.data++;
  writeMemory(writer, memory);
  writer.bytes(zero(address));
  writer.sized(() => {
    size = content(cursor, writer);
  });
  return size;
}
