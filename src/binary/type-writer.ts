/**
 * Encoders of types, in the shortest form the format has for each.
 *
 * Spec: https://webassembly.github.io/spec/core/binary/types.html
 *
 * @packageDocumentation
 */
import type { CompositeType, FieldType, SubType } from "./module-info.ts";
import {
  defaultPageSize,
  heapTypeCode,
  limitsFlag,
  packedTypeCode,
  typeCode,
  valTypeCode,
} from "./type-codes.ts";
import {
  type GlobalType,
  type HeapType,
  heapTypeOf,
  isNullable,
  isRefType,
  type MemoryType,
  type RefType,
  type TableType,
  type ValType,
} from "./types.ts";
import type { ByteWriter } from "./writer.ts";

export function writeHeapType(writer: ByteWriter, type: HeapType): void {
  if (typeof type === "string") {
    writer.u8(heapTypeCode[type]);
  } else if (type.exact) {
    writer.u8(typeCode.exact);
    writer.u32(type.typeIndex);
  } else {
    writer.s33(type.typeIndex);
  }
}

export function writeRefType(writer: ByteWriter, type: RefType): void {
  const heap = heapTypeOf(type);
  const nullable = isNullable(type);
  // A nullable abstract type has a one-byte form: that of its heap type.
  if (!nullable || typeof heap === "object") writer.u8(nullable ? typeCode.refNull : typeCode.ref);
  writeHeapType(writer, heap);
}

export function writeValType(writer: ByteWriter, type: ValType): void {
  if (isRefType(type)) writeRefType(writer, type);
  else writer.u8(valTypeCode[type]);
}

/** Limits of a table or memory; the flags byte is the caller's but for the bit of the maximum. */
function writeLimits(
  writer: ByteWriter,
  limits: { readonly minimum: number | bigint; readonly maximum?: number | bigint },
  flags = 0,
): void {
  writer.u8(limits.maximum === undefined ? flags : flags | limitsFlag.maximum);
  writer.u64(BigInt(limits.minimum));
  if (limits.maximum !== undefined) writer.u64(BigInt(limits.maximum));
}

export function writeTableType(writer: ByteWriter, type: TableType): void {
  writeRefType(writer, type.element);
  writeLimits(writer, type, type.address === "i64" ? limitsFlag.address64 : 0);
}

export function writeMemoryType(writer: ByteWriter, type: MemoryType): void {
  const custom = type.pageSize !== defaultPageSize;
  const flags =
    (type.shared ? limitsFlag.shared : 0) |
    (type.address === "i64" ? limitsFlag.address64 : 0) |
    (custom ? limitsFlag.pageSize : 0);
  writeLimits(writer, type, flags);
  if (custom) writer.u32(Math.log2(type.pageSize));
}

export function writeGlobalType(writer: ByteWriter, type: GlobalType): void {
  writeValType(writer, type.content);
  writer.u8(type.mutable ? 1 : 0);
}

function writeFieldType(writer: ByteWriter, type: FieldType): void {
  if (type.storage === "i8" || type.storage === "i16") writer.u8(packedTypeCode[type.storage]);
  else writeValType(writer, type.storage);
  writer.u8(type.mutable ? 1 : 0);
}

function writeCompositeType(writer: ByteWriter, type: CompositeType): void {
  writer.u8(typeCode[type.kind]);
  switch (type.kind) {
    case "func":
      writer.vec(type.params, (param) => writeValType(writer, param));
      writer.vec(type.results, (result) => writeValType(writer, result));
      break;
    case "struct":
      writer.vec(type.fields, (field) => writeFieldType(writer, field));
      break;
    case "array":
      writeFieldType(writer, type.element);
      break;
  }
}

export function writeSubType(writer: ByteWriter, type: SubType): void {
  if (!type.final || type.supertypes.length > 0) {
    writer.u8(type.final ? typeCode.subFinal : typeCode.sub);
    writer.vec(type.supertypes, (index) => writer.u32(index));
  }
  if (type.describes !== undefined) {
    writer.u8(typeCode.describes);
    writer.u32(type.describes);
  }
  if (type.descriptor !== undefined) {
    writer.u8(typeCode.descriptor);
    writer.u32(type.descriptor);
  }
  writeCompositeType(writer, type.composite);
}

/** A recursion group: one entry of the type section. A group of one is written without its frame. */
export function writeRecursionGroup(writer: ByteWriter, types: readonly SubType[]): void {
  const [only] = types;
  if (types.length === 1 && only !== undefined) {
    writeSubType(writer, only);
  } else {
    writer.u8(typeCode.rec);
    writer.vec(types, (type) => writeSubType(writer, type));
  }
}
