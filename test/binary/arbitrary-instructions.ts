/** Arbitrary instructions, each in its one canonical encoding. */
import fc from "fast-check";
import { type Immediates, type Operator, operatorsOf } from "../../src/binary/opcodes.ts";
import { writeHeapType, writeValType } from "../../src/binary/type-writer.ts";
import type { ByteWriter } from "../../src/binary/writer.ts";
import { heapType, valType } from "./arbitraries.ts";

/** Writes a part of an instruction. */
export type Part = (writer: ByteWriter) => void;

export const operators = [0, 0xfb, 0xfc, 0xfd, 0xfe].flatMap((prefix) =>
  operatorsOf(prefix).filter((operator) => operator !== undefined),
);

const u32 = fc
  .oneof(fc.nat(200), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  .map<Part>((value) => (writer) => writer.u32(value));
const byte = fc.integer({ min: 0, max: 255 }).map<Part>((value) => (writer) => writer.u8(value));
const bytes = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map<Part>((value) => (writer) => writer.bytes(value));
const sequence = (...parts: fc.Arbitrary<Part>[]) =>
  fc.tuple(...parts).map<Part>((all) => (writer) => {
    for (const part of all) part(writer);
  });
const vector = (item: fc.Arbitrary<Part>) =>
  fc
    .array(item, { maxLength: 5 })
    .map<Part>((items) => (writer) => writer.vec(items, (part) => part(writer)));

const memArg = fc
  .record({
    align: fc.nat(63),
    memory: fc.nat(300),
    offset: fc.bigInt(0n, 2n ** 64n - 1n),
  })
  .map<Part>(({ align, memory, offset }) => (writer) => {
    writer.u32(memory === 0 ? align : align | 0x40);
    if (memory !== 0) writer.u32(memory);
    writer.u64(offset);
  });
const heap = heapType.map<Part>((type) => (writer) => writeHeapType(writer, type));
const value = valType.map<Part>((type) => (writer) => writeValType(writer, type));
const blockType = fc.oneof(
  fc.constant<Part>((writer) => writer.u8(0x40)),
  value,
  fc.nat().map<Part>((index) => (writer) => writer.s33(index)),
);
const catchClause = fc.oneof(
  sequence(
    fc.constantFrom<Part>(
      (writer) => writer.u8(0),
      (writer) => writer.u8(1),
    ),
    u32,
    u32,
  ),
  sequence(
    fc.constantFrom<Part>(
      (writer) => writer.u8(2),
      (writer) => writer.u8(3),
    ),
    u32,
  ),
);
const pair = sequence(u32, u32);
const flags = fc.nat(3).map<Part>((value) => (writer) => writer.u8(value));

const immediates: { readonly [I in Immediates]: fc.Arbitrary<Part> } = {
  none: fc.constant(() => {}),
  blockType,
  label: u32,
  labelTable: sequence(vector(u32), u32),
  func: u32,
  type: u32,
  callIndirect: pair,
  valTypes: vector(value),
  local: u32,
  global: u32,
  table: u32,
  memory: u32,
  tag: u32,
  data: u32,
  elem: u32,
  i32: fc.integer().map<Part>((value) => (writer) => writer.s32(value)),
  i64: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map<Part>((value) => (writer) => writer.s64(value)),
  f32: bytes(4),
  f64: bytes(8),
  v128: bytes(16),
  shuffle: bytes(16),
  lane: byte,
  memArg,
  memArgLane: sequence(memArg, byte),
  fence: fc.constant((writer) => writer.u8(0)),
  heapType: heap,
  refTest: heap,
  branchCast: sequence(flags, u32, heap, heap),
  tryTable: sequence(blockType, vector(catchClause)),
  typeField: pair,
  typeCount: pair,
  typeData: pair,
  typeElem: pair,
  typeType: pair,
  memoryData: pair,
  memoryMemory: pair,
  tableElem: pair,
  tableTable: pair,
};

/** An instruction: its operator and its immediates. */
export const instruction = fc
  .constantFrom(...operators)
  .chain((operator) => immediates[operator.immediates].map((part) => ({ operator, part })));

export function writeOpcode(writer: ByteWriter, { prefix, code }: Operator): void {
  // Single-byte opcodes from 0x80 on are bytes, not LEB128.
  if (prefix === 0) {
    writer.u8(code);
  } else {
    writer.u8(prefix);
    writer.u32(code);
  }
}
