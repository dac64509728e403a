/**
 * Parses what follows the name of an instruction and writes the instruction: one function for each shape of
 * immediates of the opcode table.
 *
 * Spec: https://webassembly.github.io/spec/core/text/instructions.html
 *
 * @packageDocumentation
 */
import { type Immediates, type Operator, operatorAt } from "../../binary/opcodes.ts";
import { writeHeapType, writeValType } from "../../binary/type-writer.ts";
import { heapTypeOf, isNullable, type ValType } from "../../binary/types.ts";
import type { ByteWriter } from "../../binary/writer.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { unsignedInteger } from "../syntax/numbers.ts";
import { TokenKind } from "../syntax/tokens.ts";
import { f32, f64, writeVector } from "./constants.ts";
import { type IndexSpace, isIndex } from "./index-space.ts";
import type { Labels } from "./labels.ts";
import type { Locals } from "./locals.ts";
import { isAccessField, writeMemoryAccess } from "./memory-access.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import { typeIndexOf, typeUse } from "./type-uses.ts";
import { heapType, referenceType, valType } from "./value-types.ts";

/** Where an instruction stands, and where it goes. */
export interface InstructionContext {
  readonly cursor: Cursor;
  readonly module: ModuleBuilder;
  readonly writer: ByteWriter;
  readonly labels: Labels;
  readonly locals: Locals;
}

type Writer = (context: InstructionContext, operator: Operator) => void;
type SpaceOf = (module: ModuleBuilder) => IndexSpace;

const types: SpaceOf = (module) => module.spaces.type;
const elems: SpaceOf = (module) => module.spaces.elem;
const datas: SpaceOf = (module) => {
  module.hasDataCount = true;
  return module.spaces.data;
};

/** Writes the opcode of an instruction. */
export function writeOpcode(writer: ByteWriter, { prefix, code }: Operator): void {
  if (prefix === 0) {
    writer.u8(code);
  } else {
    writer.u8(prefix);
    writer.u32(code);
  }
}

/** Parses the immediates of an instruction whose name has been consumed, and writes it. */
export function writePlain(context: InstructionContext, operator: Operator): void {
  if (operator === select && context.cursor.isForm("result")) writers.valTypes(context, typedSelect);
  else writers[operator.immediates](context, operator);
}

const select = operatorAt(0, 0x1b);
const typedSelect = operatorAt(0, 0x1c)!;

/** Indices that must be given, in the order of the binary. */
function indices(...spaces: readonly SpaceOf[]): Writer {
  return ({ cursor, module, writer }, operator) => {
    writeOpcode(writer, operator);
    for (const spaceOf of spaces) writer.u32(spaceOf(module).index(cursor));
  };
}

/** An index that may be left out, for 0. */
function optionalIndex(kind: "table" | "memory"): Writer {
  return ({ cursor, module, writer }, operator) => {
    writeOpcode(writer, operator);
    writer.u32(module.spaces[kind].indexOrZero(cursor));
  };
}

/** Two indices of one space that may be left out together. */
function optionalPair(kind: "table" | "memory"): Writer {
  return ({ cursor, module, writer }, operator) => {
    const space = module.spaces[kind];
    const given = isIndex(cursor);
    writeOpcode(writer, operator);
    writer.u32(given ? space.index(cursor) : 0);
    writer.u32(given ? space.index(cursor) : 0);
  };
}

/** A table or memory that may be left out, then a segment: the other way round in the binary. */
function segmentFor(target: "table" | "memory", segments: SpaceOf): Writer {
  return ({ cursor, module, writer }, operator) => {
    const index = isIndex(cursor, 1) ? module.spaces[target].index(cursor) : 0;
    writeOpcode(writer, operator);
    writer.u32(segments(module).index(cursor));
    writer.u32(index);
  };
}

function label({ cursor, writer, labels }: InstructionContext, operator: Operator): void {
  writeOpcode(writer, operator);
  writer.u32(labels.index(cursor));
}

function labelTable({ cursor, writer, labels }: InstructionContext, operator: Operator): void {
  const targets = [labels.index(cursor)];
  while (isIndex(cursor)) targets.push(labels.index(cursor));
  writeOpcode(writer, operator);
  writer.u32(targets.length - 1);
  for (const target of targets) writer.u32(target);
}

function callIndirect({ cursor, module, writer }: InstructionContext, operator: Operator): void {
  const table = module.spaces.table.indexOrZero(cursor);
  const use = typeUse(cursor, module.types);
  writeOpcode(writer, operator);
  writer.u32(typeIndexOf(use, module.types));
  writer.u32(table);
}

function valTypes({ cursor, module, writer }: InstructionContext, operator: Operator): void {
  const list: ValType[] = [];
  while (cursor.takeForm("result")) {
    while (!cursor.atClose) list.push(valType(cursor, module.spaces.type));
    cursor.close();
  }
  writeOpcode(writer, operator);
  writer.vec(list, (type) => writeValType(writer, type));
}

/** The opcode that follows the instruction's own lets null pass. */
function refTest({ cursor, module, writer }: InstructionContext, operator: Operator): void {
  const type = referenceType(cursor, module.spaces.type);
  writeOpcode(writer, isNullable(type) ? operatorAt(operator.prefix, operator.code + 1)! : operator);
  writeHeapType(writer, heapTypeOf(type));
}

function branchCast({ cursor, module, writer, labels }: InstructionContext, operator: Operator): void {
  const target = labels.index(cursor);
  const from = referenceType(cursor, module.spaces.type);
  const to = referenceType(cursor, module.spaces.type);
  writeOpcode(writer, operator);
  writer.u8((isNullable(from) ? 1 : 0) | (isNullable(to) ? 2 : 0));
  writer.u32(target);
  writeHeapType(writer, heapTypeOf(from));
  writeHeapType(writer, heapTypeOf(to));
}

function typeField({ cursor, module, writer }: InstructionContext, operator: Operator): void {
  const index = module.spaces.type.index(cursor);
  writeOpcode(writer, operator);
  writer.u32(index);
  writer.u32(module.types.fieldIndex(cursor, index));
}

/** The number of a lane. */
function laneIndex(cursor: Cursor): number {
  if (cursor.kind() !== TokenKind.integer) cursor.fail("expected a lane index");
  const value = unsignedInteger(cursor.text(), 8);
  if (value === undefined) cursor.fail("malformed lane index");
  cursor.position++;
  return Number(value);
}

function lanes(count: number): Writer {
  return ({ cursor, writer }, operator) => {
    writeOpcode(writer, operator);
    for (let lane = 0; lane < count; lane++) writer.u8(laneIndex(cursor));
  };
}

function memArg({ cursor, module, writer }: InstructionContext, operator: Operator): void {
  writeOpcode(writer, operator);
  writeMemoryAccess(cursor, writer, module.spaces.memory, operator.naturalAlignment);
}

function memArgLane(context: InstructionContext, operator: Operator): void {
  const { cursor, module, writer } = context;
  // A lone number is the lane; a memory is followed by its offset, alignment or lane.
  const isAccess =
    cursor.kind() !== TokenKind.integer || cursor.kind(1) === TokenKind.integer || isAccessField(cursor, 1);
  writeOpcode(writer, operator);
  if (isAccess) {
    writeMemoryAccess(cursor, writer, module.spaces.memory, operator.naturalAlignment);
  } else {
    writer.u8(operator.naturalAlignment);
    writer.u8(0);
  }
  writer.u8(laneIndex(cursor));
}

function structural(_context: InstructionContext, operator: Operator): never {
  throw new Error(`${operator.name} has its own parser`);
}

const writers: { readonly [I in Immediates]: Writer } = {
  none: ({ writer }, operator) => writeOpcode(writer, operator),
  blockType: structural,
  tryTable: structural,
  label,
  labelTable,
  func: indices((module) => module.spaces.func),
  type: indices(types),
  callIndirect,
  valTypes,
  local: ({ cursor, writer, locals }, operator) => {
    writer.u8(operator.code);
    writer.u32(locals.space.index(cursor));
  },
  global: indices((module) => module.spaces.global),
  table: optionalIndex("table"),
  memory: optionalIndex("memory"),
  tag: indices((module) => module.spaces.tag),
  data: indices(datas),
  elem: indices(elems),
  i32: ({ cursor, writer }, operator) => {
    writer.u8(operator.code);
    writer.s32(cursor.i32());
  },
  i64: ({ cursor, writer }, operator) => {
    const value = cursor.signed(64);
    writer.u8(operator.code);
    if (typeof value === "number") writer.s33(value);
    else writer.s64(value);
  },
  f32: ({ cursor, writer }, operator) => {
    writer.u8(operator.code);
    writer.f32(f32(cursor));
  },
  f64: ({ cursor, writer }, operator) => {
    writer.u8(operator.code);
    writer.f64(f64(cursor));
  },
  v128: ({ cursor, writer }, operator) => {
    writeOpcode(writer, operator);
    writeVector(cursor, writer);
  },
  shuffle: lanes(16),
  lane: lanes(1),
  memArg,
  memArgLane,
  fence: ({ writer }, operator) => {
    writeOpcode(writer, operator);
    writer.u8(0);
  },
  heapType: ({ cursor, module, writer }, operator) => {
    writeOpcode(writer, operator);
    writeHeapType(writer, heapType(cursor, module.spaces.type));
  },
  refTest,
  branchCast,
  typeField,
  typeCount: ({ cursor, module, writer }, operator) => {
    writeOpcode(writer, operator);
    writer.u32(module.spaces.type.index(cursor));
    writer.u32(cursor.u32());
  },
  typeData: indices(types, datas),
  typeElem: indices(types, elems),
  typeType: indices(types, types),
  memoryData: segmentFor("memory", datas),
  memoryMemory: optionalPair("memory"),
  tableElem: segmentFor("table", elems),
  tableTable: optionalPair("table"),
};
