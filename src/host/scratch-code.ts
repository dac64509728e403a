/**
 * The instructions with which generated modules use the scratch memory (`scratch.ts`).
 *
 * @packageDocumentation
 */
import { writeImport } from "../binary/extern-writer.ts";
import { operatorNamed } from "../binary/opcodes.ts";
import { defaultPageSize } from "../binary/type-codes.ts";
import { writeHeapType } from "../binary/type-writer.ts";
import { heapTypeOf, type MemoryType, type RefType, type ValType } from "../binary/types.ts";
import type { ByteWriter } from "../binary/writer.ts";
import { writeOperator } from "./own-modules.ts";
import { type Carry, isExnRef, slotOffset, travelsInScratch } from "./scratch.ts";

/** A value type with its way: the slot it travels in, or -1 for a value that crosses as it is. */
export interface Lane {
  readonly type: ValType;
  readonly slot: number;
}

/** The ways of a list of values. */
export function lanesOf(types: readonly ValType[], carry: Carry): readonly Lane[] {
  let slots = 0;
  return types.map((type) => ({ type, slot: travelsInScratch(type, carry) ? slots++ : -1 }));
}

/** Types of the values that cross as they are. */
export function crossing(lanes: readonly Lane[]): readonly ValType[] {
  return lanes.filter(({ slot }) => slot < 0).map(({ type }) => type);
}

const memoryType: MemoryType = {
  kind: "memory",
  minimum: 1,
  shared: false,
  address: "i32",
  pageSize: defaultPageSize,
};

/** Imports the memory as `"" "m"`. */
export function writeScratchImport(writer: ByteWriter): void {
  writeImport(writer, { module: "", name: "m", desc: memoryType });
}

function writeAccess(writer: ByteWriter, name: string, slot: number): void {
  writeOperator(writer, name, operatorNamed(name)!.naturalAlignment, slotOffset(slot));
}

/** Puts the value of a slot onto the operand stack. */
export function writeLoad(writer: ByteWriter, { type, slot }: Lane): void {
  if (isExnRef(type)) {
    writeOperator(writer, "ref.null");
    writeHeapType(writer, heapTypeOf(type as RefType));
  } else {
    writeOperator(writer, "i32.const", 0);
    writeAccess(writer, `${type}.load`, slot);
  }
}

/** Stores what `push` puts onto the operand stack into a slot. */
export function writeStore(writer: ByteWriter, { type, slot }: Lane, push: () => void): void {
  writeOperator(writer, "i32.const", 0);
  push();
  if (isExnRef(type)) writeOperator(writer, "ref.is_null");
  writeAccess(writer, isExnRef(type) ? "i32.store" : `${type}.store`, slot);
}

const pushLocal = (writer: ByteWriter, index: number) => writeOperator(writer, "local.get", index);

/** Stores those of some locals that travel in slots, then pushes the others. */
export function writeSend(writer: ByteWriter, lanes: readonly Lane[], firstLocal: number): void {
  lanes.forEach((lane, index) => {
    if (lane.slot >= 0) writeStore(writer, lane, () => pushLocal(writer, firstLocal + index));
  });
  lanes.forEach(({ slot }, index) => {
    if (slot < 0) pushLocal(writer, firstLocal + index);
  });
}

/** Pushes every value, from its slot or from the next of the locals that hold the others. */
export function writeReceive(writer: ByteWriter, lanes: readonly Lane[], firstLocal: number): void {
  let local = firstLocal;
  for (const lane of lanes) {
    if (lane.slot >= 0) writeLoad(writer, lane);
    else pushLocal(writer, local++);
  }
}
