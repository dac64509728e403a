/**
 * Element segments, data segments and function bodies: the parts of a module that are read only on demand.
 *
 * Spec: https://webassembly.github.io/spec/core/binary/modules.html#element-section
 *
 * @packageDocumentation
 */
import { readEntries } from "./entries.ts";
import { readConstExpr } from "./instructions.ts";
import type { ByteRange, ExprRange, ModuleInfo } from "./module-info.ts";
import { ByteReader } from "./reader.ts";
import { findSection, SectionId } from "./sections.ts";
import { readRefType, readValType } from "./type-reader.ts";
import { type RefType, refType, type ValType } from "./types.ts";

/** An element segment: functions by index, or constant expressions. */
export interface ElementSegment {
  /** Offset of the segment. */
  readonly start: number;
  /** The number that leads the encoding: it tells apart the forms that mean the same. */
  readonly flags: number;
  readonly mode: "active" | "passive" | "declarative";
  /** Table index and offset of an active segment. */
  readonly table?: number;
  readonly offset?: ExprRange;
  readonly type: RefType;
  readonly items:
    | {
        readonly kind: "functions";
        readonly indices: readonly number[];
        /** Offset of the first index. */
        readonly start: number;
      }
    | { readonly kind: "expressions"; readonly expressions: readonly ExprRange[] };
}

/** A data segment. */
export interface DataSegment {
  /** Offset of the segment. */
  readonly start: number;
  /** The number that leads the encoding: it tells apart the forms that mean the same. */
  readonly flags: number;
  readonly mode: "active" | "passive";
  /** Memory index and offset of an active segment. */
  readonly memory?: number;
  readonly offset?: ExprRange;
  readonly content: ByteRange;
}

/** All segments of a module. */
export interface Segments {
  readonly elements: readonly ElementSegment[];
  readonly data: readonly DataSegment[];
}

/** The byte range of a function body, from its count of locals: the byte that function offsets of traps count from. */
export type FunctionBody = ByteRange;

const nonNullFunc = refType("func", false);

/** @throws CompileError for damage */
export function readSegments(info: ModuleInfo): Segments {
  return { elements: readElementSegments(info), data: readDataSegments(info) };
}

/** The element segments. @throws CompileError for damage */
export function readElementSegments(info: ModuleInfo): ElementSegment[] {
  return readSectionItems(info, SectionId.element, readElementSegment);
}

/** The data segments. @throws CompileError for damage */
export function readDataSegments(info: ModuleInfo): DataSegment[] {
  return readSectionItems(info, SectionId.data, readDataSegment);
}

/** Where the bodies of the functions the module defines are. @throws CompileError for damage */
export function functionBodies(info: ModuleInfo): FunctionBody[] {
  return readSectionItems(info, SectionId.code, (reader) => readRange(reader));
}

/** Position in `bodies` of the one that holds an offset of the module, or -1. */
export function bodyAt(bodies: readonly FunctionBody[], offset: number): number {
  let low = 0;
  let high = bodies.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const { start, end } = bodies[middle]!;
    if (offset < start) high = middle - 1;
    else if (offset >= end) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** A run of locals of one type. */
export interface LocalGroup {
  /** Offset of the group. */
  readonly start: number;
  readonly count: number;
  readonly type: ValType;
}

/** The declared locals of a body, and where its code starts. */
export interface Locals {
  readonly groups: readonly LocalGroup[];
  readonly code: number;
}

/** The locals a body declares, parameters not among them. @throws CompileError for damage */
export function readLocals(bytes: Uint8Array, body: FunctionBody): Locals {
  const reader = new ByteReader(bytes, body.start, body.end);
  const groups: LocalGroup[] = [];
  let total = 0;
  for (let left = reader.u32(); left > 0; left--) {
    const start = reader.offset;
    const count = reader.u32();
    total += count;
    if (total > 0xffff_ffff) reader.fail("too many locals");
    groups.push({ start, count, type: readValType(reader) });
  }
  return { groups, code: reader.offset };
}

/** The items of a section that is there or not. */
function readSectionItems<T>(info: ModuleInfo, id: number, read: (reader: ByteReader) => T): T[] {
  const section = findSection(info, id);
  const items: T[] = [];
  if (section !== undefined) {
    const reader = new ByteReader(info.bytes, section.payload, section.end);
    readEntries(reader, () => items.push(read(reader)));
  }
  return items;
}

function readRange(reader: ByteReader): ByteRange {
  const size = reader.u32();
  const start = reader.skip(size);
  return { start, end: reader.offset };
}

/** Bits of the flags of an element segment. */
const elementFlag = { notActive: 1, explicit: 2, expressions: 4 } as const;

function readElementSegment(reader: ByteReader): ElementSegment {
  const start = reader.offset;
  const flags = reader.u32();
  if (flags > 7) reader.fail("invalid flags byte in element segment", reader.offset - 1);
  const explicit = (flags & elementFlag.explicit) !== 0;
  let placement: Pick<ElementSegment, "mode" | "table" | "offset">;
  if (flags & elementFlag.notActive) placement = { mode: explicit ? "declarative" : "passive" };
  else placement = { mode: "active", table: explicit ? reader.u32() : 0, offset: readConstExpr(reader) };
  // Only the active segment of the first table leaves its type out.
  const typed = (flags & (elementFlag.notActive | elementFlag.explicit)) !== 0;
  if (flags & elementFlag.expressions) {
    const type = typed ? readRefType(reader) : "funcref";
    const expressions: ExprRange[] = [];
    for (let left = reader.u32(); left > 0; left--) expressions.push(readConstExpr(reader));
    return { start, flags, ...placement, type, items: { kind: "expressions", expressions } };
  }
  if (typed && reader.u8() !== 0) {
    reader.fail("only the function external type is supported in elem segment", reader.offset - 1);
  }
  const indices: number[] = [];
  let left = reader.u32();
  const items = { kind: "functions", indices, start: reader.offset } as const;
  for (; left > 0; left--) indices.push(reader.u32());
  return { start, flags, ...placement, type: nonNullFunc, items };
}

function readDataSegment(reader: ByteReader): DataSegment {
  const start = reader.offset;
  const flags = reader.u32();
  switch (flags) {
    case 0:
      return {
        start,
        flags,
        mode: "active",
        memory: 0,
        offset: readConstExpr(reader),
        content: readRange(reader),
      };
    case 1:
      return { start, flags, mode: "passive", content: readRange(reader) };
    case 2: {
      const memory = reader.u32();
      return {
        start,
        flags,
        mode: "active",
        memory,
        offset: readConstExpr(reader),
        content: readRange(reader),
      };
    }
    default:
      return reader.fail("invalid flags byte in data segment", start);
  }
}
