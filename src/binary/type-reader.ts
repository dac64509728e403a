/**
 * Decoders of types.
 *
 * Spec: https://webassembly.github.io/spec/core/binary/types.html
 *
 * @packageDocumentation
 */
import type { CompositeType, FieldType, SubType } from "./module-info.ts";
import type { ByteReader } from "./reader.ts";
import {
  defaultPageSize,
  heapTypeCode,
  limitsFlag,
  packedTypeCode,
  typeCode,
  valTypeCode,
} from "./type-codes.ts";
import {
  type AbstractHeapType,
  type GlobalType,
  type HeapType,
  type MemoryType,
  type NumType,
  type RefType,
  refType,
  type TableType,
  type ValType,
} from "./types.ts";

const plainTypes = new Map(
  Object.entries(valTypeCode).map(([type, code]) => [code, type as NumType | "v128"] as const),
);
const abstractHeapTypes = new Map(
  Object.entries(heapTypeCode).map(([type, code]) => [code, type as AbstractHeapType] as const),
);

/** Heap types of proposals this library has no support for, with the reason wasmparser gives. */
const foreignHeapTypes = new Map([
  [0x65, "shared reference types require the shared-everything-threads proposal"],
  [0x68, "continuation refs not supported without the stack switching feature"],
  [0x75, "continuation refs not supported without the stack switching feature"],
]);

function readAbstractHeapType(reader: ByteReader, complaint: string): AbstractHeapType {
  const start = reader.offset;
  const code = reader.u8();
  const type = abstractHeapTypes.get(code);
  if (type === undefined) return reader.fail(foreignHeapTypes.get(code) ?? complaint, start);
  return type;
}

/** @param complaint - what to say when the byte stands for no heap type */
export function readHeapType(reader: ByteReader, complaint = "invalid heap type"): HeapType {
  const start = reader.offset;
  if (reader.peek() === typeCode.exact) {
    reader.u8();
    return { typeIndex: reader.u32(), exact: true };
  }
  const typeIndex = reader.s33();
  if (typeIndex >= 0) return { typeIndex };
  reader.offset = start;
  return readAbstractHeapType(reader, complaint);
}

/** @param complaint - what to say when the bytes stand for no type, in place of words on reference types */
export function readRefType(reader: ByteReader, complaint?: string): RefType {
  switch (reader.peek()) {
    case typeCode.ref:
    case typeCode.refNull: {
      const nullable = reader.u8() === typeCode.refNull;
      return refType(readHeapType(reader, complaint), nullable);
    }
    case typeCode.exact:
      return reader.fail("unexpected exact type");
    default:
      return refType(readAbstractHeapType(reader, complaint ?? "malformed reference type"), true);
  }
}

export function readValType(reader: ByteReader): ValType {
  const plain = plainTypes.get(reader.peek());
  if (plain === undefined) return readRefType(reader, "invalid value type");
  reader.u8();
  return plain;
}

/** A 64-bit size as a number where that is exact. */
function readSize(reader: ByteReader): number | bigint {
  const size = reader.u64();
  return size <= Number.MAX_SAFE_INTEGER ? Number(size) : size;
}

export function readTableType(reader: ByteReader): TableType {
  const element = readRefType(reader);
  const start = reader.offset;
  const flags = reader.u8();
  if (flags & limitsFlag.shared && flags < 8) {
    reader.fail("shared tables require the shared-everything-threads proposal", start);
  }
  if (flags & ~(limitsFlag.maximum | limitsFlag.address64)) {
    reader.fail("invalid table resizable limits flags", start);
  }
  const minimum = readSize(reader);
  return {
    kind: "table",
    element,
    minimum,
    ...(flags & limitsFlag.maximum ? { maximum: readSize(reader) } : undefined),
    address: flags & limitsFlag.address64 ? "i64" : "i32",
  };
}

export function readMemoryType(reader: ByteReader): MemoryType {
  const start = reader.offset;
  const flags = reader.u8();
  if (flags > 0xf) reader.fail("invalid memory limits flags", start);
  const minimum = readSize(reader);
  const maximum = flags & limitsFlag.maximum ? { maximum: readSize(reader) } : undefined;
  let pageSize = defaultPageSize;
  if (flags & limitsFlag.pageSize) {
    const log2 = reader.u32();
    // The proposal admits no other sizes so far.
    if (log2 !== 0 && log2 !== 16) reader.fail("invalid custom page size", start);
    pageSize = 2 ** log2;
  }
  return {
    kind: "memory",
    minimum,
    ...maximum,
    shared: (flags & limitsFlag.shared) !== 0,
    address: flags & limitsFlag.address64 ? "i64" : "i32",
    pageSize,
  };
}

export function readGlobalType(reader: ByteReader): GlobalType {
  const content = readValType(reader);
  const start = reader.offset;
  const flags = reader.u8();
  if (flags > 3) reader.fail("malformed global flags", start);
  if (flags > 1) reader.fail("shared globals require the shared-everything-threads proposal", start);
  return { kind: "global", content, mutable: flags === 1 };
}

function readFieldType(reader: ByteReader): FieldType {
  let storage: FieldType["storage"];
  switch (reader.peek()) {
    case packedTypeCode.i8:
      storage = "i8";
      reader.u8();
      break;
    case packedTypeCode.i16:
      storage = "i16";
      reader.u8();
      break;
    default:
      storage = readValType(reader);
  }
  const mutable = reader.u8();
  if (mutable > 1) reader.fail("malformed mutability byte for field type");
  return { storage, mutable: mutable === 1 };
}

/** A vector of at most `limit` items; `what` names them in the complaint about more. */
export function readVector<T>(
  reader: ByteReader,
  limit: number,
  what: string,
  read: (reader: ByteReader) => T,
): T[] {
  const start = reader.offset;
  const count = reader.u32();
  if (count > limit) reader.fail(`${what} size is out of bounds`, start);
  const items: T[] = [];
  for (let index = 0; index < count; index++) items.push(read(reader));
  return items;
}

function readCompositeType(reader: ByteReader, code: number): CompositeType {
  switch (code) {
    case typeCode.func: {
      const params = readVector(reader, 1000, "function params", readValType);
      const results = readVector(reader, 1000, "function returns", readValType);
      return { kind: "func", params, results };
    }
    case typeCode.struct:
      return { kind: "struct", fields: readVector(reader, 10_000, "struct fields", readFieldType) };
    case typeCode.array:
      return { kind: "array", element: readFieldType(reader) };
    case 0x65:
      return reader.fail(
        "shared composite types require the shared-everything-threads proposal",
        reader.offset - 1,
      );
    case 0x5d:
      return reader.fail(
        "cannot define continuation types when stack switching is disabled",
        reader.offset - 1,
      );
    default:
      return reader.fail(`invalid leading byte (0x${code.toString(16)}) for type`, reader.offset - 1);
  }
}

function readSubType(reader: ByteReader): SubType {
  let code = reader.u8();
  let final = true;
  let supertypes: number[] = [];
  if (code === typeCode.sub || code === typeCode.subFinal) {
    final = code === typeCode.subFinal;
    supertypes = readVector(reader, 1, "supertype idxs", () => reader.u32());
    code = reader.u8();
  }
  const clauses: { describes?: number; descriptor?: number } = {};
  if (code === typeCode.describes) {
    clauses.describes = reader.u32();
    code = reader.u8();
  }
  if (code === typeCode.descriptor) {
    clauses.descriptor = reader.u32();
    code = reader.u8();
  }
  return { composite: readCompositeType(reader, code), final, supertypes, ...clauses };
}

/** One entry of the type section: the types of one recursion group. */
export function readRecursionGroup(reader: ByteReader): SubType[] {
  if (reader.peek() !== typeCode.rec) return [readSubType(reader)];
  reader.u8();
  return readVector(reader, 1_000_000, "rec group types", readSubType);
}
