/**
 * Modules in text: first what there is and what it is called, then the types, then everything in order.
 *
 * Spec: https://webassembly.github.io/spec/core/text/modules.html
 *
 * @packageDocumentation
 */
import { ByteWriter } from "../../binary/writer.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { TokenKind } from "../syntax/tokens.ts";
import { nameAnnotation } from "./annotations.ts";
import { declareFields } from "./declarations.ts";
import { functionField, globalField, memoryField, tableField, tagField } from "./definitions.ts";
import { exportField, importField, startField } from "./imports.ts";
import { ModuleBuilder } from "./module-builder.ts";
import { dataField, elementField } from "./segments.ts";

/** Parses what follows the keyword of a field, up to its closing parenthesis. */
type FieldParser = (cursor: Cursor, module: ModuleBuilder) => void;

const fieldParsers: ReadonlyMap<string, FieldParser> = new Map<string, FieldParser>([
  ["import", importField],
  ["func", functionField],
  ["table", tableField],
  ["memory", memoryField],
  ["global", globalField],
  ["tag", tagField],
  ["export", exportField],
  ["start", startField],
  ["elem", elementField],
  ["data", dataField],
]);

/**
 * Parses the fields from the cursor on, up to the parenthesis that closes their module or the end of the text.
 *
 * @param name - of the module, for the name section
 */
function moduleFields(cursor: Cursor, name?: string): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.names.module = name;
  const start = cursor.position;
  for (const field of declareFields(cursor, module.spaces)) {
    cursor.position = field + 1;
    if (cursor.takeKeyword("type")) module.types.type(cursor);
    else if (cursor.takeKeyword("rec")) module.types.recursionGroup(cursor);
    cursor.close();
  }
  cursor.position = start;
  while (!cursor.atClose) field(cursor, module);
  return module.finish();
}

function field(cursor: Cursor, module: ModuleBuilder): void {
  if (cursor.kind() !== TokenKind.leftParen) cursor.fail("expected `(`");
  if (cursor.kind(1) === TokenKind.annotation) {
    annotation(cursor, module);
    return;
  }
  const word = cursor.kind(1) === TokenKind.keyword ? cursor.text(cursor.position + 1) : "";
  if (word === "type" || word === "rec") {
    cursor.position = cursor.behindForm(cursor.position);
    return;
  }
  const parse = fieldParsers.get(word);
  if (parse === undefined) cursor.fail("expected valid module field", cursor.position + 1);
  cursor.position += 2;
  parse(cursor, module);
  cursor.close();
}

/** An annotation in the place of a field: a custom section, or `(@data_count)`. */
function annotation(cursor: Cursor, module: ModuleBuilder): void {
  if (cursor.isAnnotation("data_count")) {
    // Not of any specification: text has no other word for a data count section that no instruction needs.
    cursor.position += 2;
    module.hasDataCount = true;
  } else {
    module.customs.parse(cursor);
  }
  cursor.close();
}

/** Parses a text that is one module: `(module …)`, or its fields alone. */
export function wholeModule(cursor: Cursor): Uint8Array<ArrayBuffer> {
  const isEmpty = cursor.kind() === TokenKind.end && cursor.tokens.skippedAnnotations === 0;
  if (isEmpty) cursor.fail("expected at least one module field");
  if (cursor.isForm("component")) {
    cursor.fail("expected a WebAssembly module but was given a WebAssembly component", cursor.position + 1);
  }
  const bytes = cursor.takeForm("module") ? moduleText(cursor) : moduleFields(cursor);
  if (cursor.kind() !== TokenKind.end) cursor.fail("extra tokens remaining after parse");
  return bytes;
}

/** Parses what follows the keyword of `(module …)`, in text or as bytes, and the closing parenthesis. */
export function moduleText(cursor: Cursor): Uint8Array<ArrayBuffer> {
  const id = cursor.takeId();
  const name = nameAnnotation(cursor) ?? id;
  const bytes = cursor.takeKeyword("binary") ? binaryModule(cursor) : moduleFields(cursor, name);
  cursor.close();
  return bytes;
}

function binaryModule(cursor: Cursor): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  while (!cursor.atClose) writer.bytes(cursor.string());
  return writer.finish();
}
