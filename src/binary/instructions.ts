/**
 * The one walker over instructions: driven by the opcode table, fast enough for whole code sections.
 *
 * Spec: https://webassembly.github.io/spec/core/binary/instructions.html
 *
 * @packageDocumentation
 */
import type { ExprRange } from "./module-info.ts";
import { type Immediates, type Operator, operatorsOf } from "./opcodes.ts";
import { ByteReader, malformed } from "./reader.ts";
import { typeCode } from "./type-codes.ts";

/** How immediates are skipped. A number, so that the walker's switch is a jump table. */
const skip = {
  unassigned: 0,
  nothing: 1,
  leb: 2,
  twoLebs: 3,
  memArg: 4,
  memArgLane: 5,
  byte: 6,
  bytes4: 7,
  bytes8: 8,
  bytes16: 9,
  blockType: 10,
  labels: 11,
  types: 12,
  heapType: 13,
  branchCast: 14,
  tryTable: 15,
} as const;

const skipOf: { readonly [I in Immediates]: number } = {
  none: skip.nothing,
  blockType: skip.blockType,
  label: skip.leb,
  labelTable: skip.labels,
  func: skip.leb,
  type: skip.leb,
  callIndirect: skip.twoLebs,
  valTypes: skip.types,
  local: skip.leb,
  global: skip.leb,
  table: skip.leb,
  memory: skip.leb,
  tag: skip.leb,
  data: skip.leb,
  elem: skip.leb,
  i32: skip.leb,
  i64: skip.leb,
  f32: skip.bytes4,
  f64: skip.bytes8,
  v128: skip.bytes16,
  shuffle: skip.bytes16,
  lane: skip.byte,
  memArg: skip.memArg,
  memArgLane: skip.memArgLane,
  fence: skip.byte,
  heapType: skip.heapType,
  refTest: skip.heapType,
  branchCast: skip.branchCast,
  tryTable: skip.tryTable,
  typeField: skip.twoLebs,
  typeCount: skip.twoLebs,
  typeData: skip.twoLebs,
  typeElem: skip.twoLebs,
  typeType: skip.twoLebs,
  memoryData: skip.twoLebs,
  memoryMemory: skip.twoLebs,
  tableElem: skip.twoLebs,
  tableTable: skip.twoLebs,
};

/** Every prefix has this many keys; no assigned code comes near. */
const keysPerPrefix = 0x200;
const prefixes = [0, 0xfb, 0xfc, 0xfd, 0xfe];

/** Number of keys: the size of a table indexed by {@link operatorKey}. */
export const operatorKeys = prefixes.length * keysPerPrefix;

/** First key of each prefix byte, 0 for every other byte. */
const baseOf = new Uint16Array(256);
const skipByKey = new Uint8Array(operatorKeys);
const operatorByKey: (Operator | undefined)[] = new Array(operatorKeys).fill(undefined);

for (const [index, prefix] of prefixes.entries()) {
  const base = index * keysPerPrefix;
  baseOf[prefix] = base;
  for (const operator of operatorsOf(prefix)) {
    if (operator === undefined) continue;
    skipByKey[base + operator.code] = skipOf[operator.immediates];
    operatorByKey[base + operator.code] = operator;
  }
}

/** A small number that stands for the operator: single-byte opcodes are their own key. For tables and switches. */
export function operatorKey(operator: Operator): number {
  return baseOf[operator.prefix]! + operator.code;
}

/** The operator with this {@link operatorKey}, or undefined where the number is unassigned. */
export function operatorWithKey(key: number): Operator | undefined {
  return operatorByKey[key];
}

/** A byte that is no opcode; it stands for every code too large to have a key of its own. */
const unassignedKey = 0xff;

/** Key of `end`. */
export const endKey = 0x0b;

/** Offset behind a LEB128. Out of bounds it stops at the end: `undefined` is not greater than 127. */
function skipLeb(bytes: Uint8Array, offset: number): number {
  let at = offset;
  while (bytes[at++]! > 0x7f);
  return at;
}

function skipHeapType(bytes: Uint8Array, offset: number): number {
  return skipLeb(bytes, bytes[offset] === typeCode.exact ? offset + 1 : offset);
}

/** Offset behind a value type or block type. */
function skipType(bytes: Uint8Array, offset: number): number {
  const first = bytes[offset];
  if (first === typeCode.ref || first === typeCode.refNull) return skipHeapType(bytes, offset + 1);
  return skipLeb(bytes, offset);
}

function skipMemArg(bytes: Uint8Array, offset: number): number {
  // Bit 6 of the alignment announces a memory index.
  const hasMemory = bytes[offset]! & 0x40;
  const at = skipLeb(bytes, offset);
  return skipLeb(bytes, hasMemory ? skipLeb(bytes, at) : at);
}

/** Offset behind one clause of a `try_table`: kind, tag where the kind has one, label. */
function skipCatch(bytes: Uint8Array, offset: number): number {
  const kind = bytes[offset]!;
  return skipLeb(bytes, kind < 2 ? skipLeb(bytes, offset + 1) : offset + 1);
}

function skipVector(
  bytes: Uint8Array,
  offset: number,
  end: number,
  skipItem: (bytes: Uint8Array, offset: number) => number,
): number {
  const reader = new ByteReader(bytes, offset, end);
  const count = reader.u32();
  // Every item has a byte at least: a greater count is a lie, and would keep the loop busy.
  if (count > end - reader.offset) reader.fail("unexpected end-of-file", end);
  let at = reader.offset;
  for (let index = 0; index < count; index++) at = skipItem(bytes, at);
  return at;
}

/**
 * Steps through the instructions of a range of bytes.
 *
 * It finds where instructions start and end, no more: whether numbers fit their type, indices exist and blocks are
 * closed is not looked at. Read the immediates with a {@link ByteReader} set to {@link immediates}.
 *
 * @example
 * ```ts
 * const cursor = new InstructionCursor(bytes, readLocals(bytes, body).code, body.end);
 * while (cursor.advance()) console.log(cursor.start, cursor.operator.name);
 * ```
 */
export class InstructionCursor {
  readonly bytes: Uint8Array;
  /** Offset of the current instruction's opcode. */
  start: number;
  /** Offset of the first byte behind its opcode. */
  immediates: number;
  /** Offset behind it. May be set: the walk goes on from there. */
  next: number;
  /** Offset behind the last instruction. */
  end: number;
  /** {@link operatorKey} of the current instruction. */
  key = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.immediates = start;
    this.next = start;
    this.end = end;
  }

  /** Goes on with another range of the same bytes. */
  reset(start: number, end: number): void {
    this.next = start;
    this.end = end;
  }

  /** The current instruction. */
  get operator(): Operator {
    return operatorByKey[this.key]!;
  }

  /**
   * Goes to the next instruction.
   *
   * @returns false at the end of the range
   * @throws CompileError at an unassigned opcode, or where an instruction goes beyond the range
   */
  advance(): boolean {
    const bytes = this.bytes;
    const start = this.next;
    if (start >= this.end) return false;
    let at = start + 1;
    let key = bytes[start]!;
    const base = baseOf[key]!;
    if (base !== 0) {
      let code = bytes[at++]!;
      if (code > 0x7f) {
        const second = bytes[at]!;
        if (second <= 0x7f) {
          code = (code & 0x7f) | (second << 7);
          at++;
        } else {
          const reader = new ByteReader(bytes, start + 1, this.end);
          code = reader.u32();
          at = reader.offset;
        }
      }
      key = code < keysPerPrefix ? base + code : unassignedKey;
    }
    this.start = start;
    this.immediates = at;
    this.key = key;
    switch (skipByKey[key]) {
      case skip.nothing:
        break;
      case skip.leb:
        while (bytes[at++]! > 0x7f);
        break;
      case skip.memArg:
        at = skipMemArg(bytes, at);
        break;
      case skip.twoLebs:
        at = skipLeb(bytes, skipLeb(bytes, at));
        break;
      case skip.blockType:
        at = skipType(bytes, at);
        break;
      case skip.memArgLane:
        at = skipMemArg(bytes, at) + 1;
        break;
      case skip.byte:
        at += 1;
        break;
      case skip.bytes4:
        at += 4;
        break;
      case skip.bytes8:
        at += 8;
        break;
      case skip.bytes16:
        at += 16;
        break;
      case skip.labels:
        at = skipVector(bytes, at, this.end, skipLeb);
        at = skipLeb(bytes, at);
        break;
      case skip.types:
        at = skipVector(bytes, at, this.end, skipType);
        break;
      case skip.heapType:
        at = skipHeapType(bytes, at);
        break;
      case skip.branchCast:
        at = skipHeapType(bytes, skipHeapType(bytes, skipLeb(bytes, at + 1)));
        break;
      case skip.tryTable:
        at = skipVector(bytes, skipType(bytes, at), this.end, skipCatch);
        break;
      default:
        this.#unassigned();
    }
    if (at > this.end) throw malformed("unexpected end-of-file", this.end);
    this.next = at;
    return true;
  }

  #unassigned(): never {
    const opcode = this.bytes[this.start]!;
    const hex = `0x${opcode.toString(16)}`;
    if (baseOf[opcode] === 0) throw malformed(`illegal opcode: ${hex}`, this.start);
    const code = new ByteReader(this.bytes, this.start + 1, this.end).u32();
    throw malformed(`unknown ${hex} subopcode: 0x${code.toString(16)}`, this.start);
  }
}

/**
 * Reads past a constant expression.
 *
 * @throws CompileError when it has no `end`, or opens a block
 */
export function readConstExpr(reader: ByteReader): ExprRange {
  const start = reader.offset;
  const cursor = new InstructionCursor(reader.bytes, start, reader.end);
  let open = false;
  while (cursor.key !== endKey) {
    if (!cursor.advance()) reader.fail("unexpected end-of-file", reader.end);
    const skipped = skipByKey[cursor.key];
    open ||= skipped === skip.blockType || skipped === skip.tryTable;
  }
  if (open) reader.fail("control frames remain at end of expression", cursor.next);
  reader.offset = cursor.next;
  return { start, end: cursor.next };
}
