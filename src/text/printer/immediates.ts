/**
 * What follows the name of an instruction, as text with a space in front: one function for each shape of immediates
 * of the opcode table.
 *
 * Spec: https://webassembly.github.io/spec/core/text/instructions.html
 *
 * @packageDocumentation
 */
import {
  readBlockType,
  readBranchCast,
  readCatchClauses,
  readLabelTable,
  readMemArg,
} from "../../binary/immediates.ts";
import type { Immediates, Operator } from "../../binary/opcodes.ts";
import type { ByteReader } from "../../binary/reader.ts";
import { readHeapType, readValType } from "../../binary/type-reader.ts";
import { refType } from "../../binary/types.ts";
import type { Identifiers } from "./identifiers.ts";
import type { PrintedLabels } from "./labels.ts";
import { f32Text, f64Text } from "./literals.ts";
import type { ModuleNames } from "./module-names.ts";
import { heapTypeText, signatureText, valTypeText } from "./types.ts";

/** Where an instruction stands. */
export interface PrintContext {
  readonly module: ModuleNames;
  /** At the first byte behind the opcode. */
  readonly reader: ByteReader;
  readonly locals: Identifiers;
  readonly labels: PrintedLabels;
}

type Printer = (context: PrintContext, operator: Operator) => string;
type IndexKind = "func" | "type" | "table" | "memory" | "global" | "tag" | "elem" | "data";

/** The immediates of an instruction as text. */
export function immediatesText(context: PrintContext, operator: Operator): string {
  return printers[operator.immediates](context, operator);
}

/** Indices that are always written. */
function indices(...kinds: readonly IndexKind[]): Printer {
  return ({ module, reader }) => kinds.map((kind) => ` ${module[kind].reference(reader.u32())}`).join("");
}

/** An index that the text leaves out where it is 0. */
function operand(identifiers: Identifiers, index: number): string {
  return index === 0 ? "" : ` ${identifiers.reference(index)}`;
}

function optional(kind: IndexKind): Printer {
  return ({ module, reader }) => operand(module[kind], reader.u32());
}

/** Two indices that the text leaves out where both are 0. */
function optionalPair(kind: IndexKind): Printer {
  return ({ module, reader }) => {
    const [first, second] = [reader.u32(), reader.u32()];
    if (first === 0 && second === 0) return "";
    return ` ${module[kind].reference(first)} ${module[kind].reference(second)}`;
  };
}

/** A segment and a table or memory, the other way round in text. */
function segmentFor(target: IndexKind, kind: IndexKind): Printer {
  return ({ module, reader }) => {
    const segment = module[kind].reference(reader.u32());
    return `${operand(module[target], reader.u32())} ${segment}`;
  };
}

function typeUseText({ module }: PrintContext, typeIndex: number): string {
  const signature = module.signature(typeIndex);
  const inline = signature === undefined ? "" : signatureText(signature, module.type);
  return ` (type ${module.type.reference(typeIndex)})${inline}`;
}

/** The type of a block; its label is not part of it. */
function blockType(context: PrintContext): string {
  const type = readBlockType(context.reader);
  switch (type.kind) {
    case "empty":
      return "";
    case "result":
      return ` (result ${valTypeText(type.type, context.module.type)})`;
    case "type":
      return typeUseText(context, type.typeIndex);
  }
}

function tryTable(context: PrintContext): string {
  const { module, labels } = context;
  const type = blockType(context);
  const clauses = readCatchClauses(context.reader).map(({ tag, label, withRef }) => {
    const word = `catch${tag === undefined ? "_all" : ""}${withRef ? "_ref" : ""}`;
    return ` (${word}${tag === undefined ? "" : ` ${module.tag.reference(tag)}`} ${labels.reference(label)})`;
  });
  return type + clauses.join("");
}

function memArg({ module, reader }: PrintContext, operator: Operator): string {
  const { align, memory, offset } = readMemArg(reader);
  const offsetText = offset === 0n ? "" : ` offset=${offset}`;
  const alignText = align === operator.naturalAlignment ? "" : ` align=${1n << BigInt(align)}`;
  return operand(module.memory, memory) + offsetText + alignText;
}

function bytes(reader: ByteReader, count: number): DataView {
  const start = reader.skip(count);
  return new DataView(reader.bytes.buffer, reader.bytes.byteOffset + start, count);
}

const printers: { readonly [I in Immediates]: Printer } = {
  none: () => "",
  blockType,
  tryTable,
  label: ({ reader, labels }) => ` ${labels.reference(reader.u32())}`,
  labelTable: ({ reader, labels }) =>
    readLabelTable(reader)
      .map((label) => ` ${labels.reference(label)}`)
      .join(""),
  func: indices("func"),
  type: indices("type"),
  callIndirect: (context) => {
    const type = typeUseText(context, context.reader.u32());
    return operand(context.module.table, context.reader.u32()) + type;
  },
  valTypes: ({ module, reader }) => {
    const types = Array.from(
      { length: reader.u32() },
      () => ` ${valTypeText(readValType(reader), module.type)}`,
    );
    return ` (result${types.join("")})`;
  },
  local: ({ reader, locals }) => ` ${locals.reference(reader.u32())}`,
  global: indices("global"),
  table: optional("table"),
  memory: optional("memory"),
  tag: indices("tag"),
  data: indices("data"),
  elem: indices("elem"),
  i32: ({ reader }) => ` ${reader.s32()}`,
  i64: ({ reader }) => ` ${reader.s64()}`,
  f32: ({ reader }) => ` ${f32Text(bytes(reader, 4).getUint32(0, true))}`,
  f64: ({ reader }) => ` ${f64Text(bytes(reader, 8).getBigUint64(0, true))}`,
  v128: ({ reader }) => {
    const lanes = bytes(reader, 16);
    const words = [0, 4, 8, 12].map((at) => ` 0x${lanes.getUint32(at, true).toString(16).padStart(8, "0")}`);
    return ` i32x4${words.join("")}`;
  },
  shuffle: ({ reader }) => Array.from({ length: 16 }, () => ` ${reader.u8()}`).join(""),
  lane: ({ reader }) => ` ${reader.u8()}`,
  memArg,
  memArgLane: (context, operator) => `${memArg(context, operator)} ${context.reader.u8()}`,
  fence: () => "",
  heapType: ({ module, reader }) => ` ${heapTypeText(readHeapType(reader), module.type)}`,
  refTest: ({ module, reader }, { name }) =>
    ` ${valTypeText(refType(readHeapType(reader), name.endsWith("_null")), module.type)}`,
  branchCast: ({ module, reader, labels }) => {
    const { label, source, target } = readBranchCast(reader);
    return ` ${labels.reference(label)} ${valTypeText(source, module.type)} ${valTypeText(target, module.type)}`;
  },
  typeField: ({ module, reader }) => {
    const type = reader.u32();
    return ` ${module.type.reference(type)} ${module.fields(type).reference(reader.u32())}`;
  },
  typeCount: ({ module, reader }) => ` ${module.type.reference(reader.u32())} ${reader.u32()}`,
  typeData: indices("type", "data"),
  typeElem: indices("type", "elem"),
  typeType: indices("type", "type"),
  memoryData: segmentFor("memory", "data"),
  memoryMemory: optionalPair("memory"),
  tableElem: segmentFor("table", "elem"),
  tableTable: optionalPair("table"),
};
