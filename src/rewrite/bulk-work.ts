/**
 * Instructions whose work is in proportion to an operand, and growth.
 *
 * @packageDocumentation
 */
import type { FieldType, ModuleInfo } from "../binary/module-info.ts";
import { typeCode, valTypeCode } from "../binary/type-codes.ts";
import type { BodyCopier } from "./body-copier.ts";
import type { ControlFlow } from "./control-flow.ts";
import type { GrowthGuards } from "./growth.ts";
import type { LengthLocal, Meter } from "./meter.ts";
import { op } from "./mnemonics.ts";

/** wasmtime neither checks nor charges by length where it sees a constant no larger than this. */
const smallBulk = 128;

/** Bytes of an array in wasmtime's heap: in front of the elements, before they are aligned, and of those that are too large. */
const arrayHeaderSize = 28;
const refusedArraySize = 2 ** 32 - 16;

/** The least number of elements for which wasmtime refuses an array without trying, and so without charging it. */
function refusedLength({ storage }: FieldType): number {
  const size = elementSize(storage);
  const header = Math.ceil(arrayHeaderSize / size) * size;
  return Math.ceil((refusedArraySize - header) / size);
}

function elementSize(storage: FieldType["storage"]): number {
  switch (storage) {
    case "i8":
      return 1;
    case "i16":
      return 2;
    case "i64":
    case "f64":
      return 8;
    case "v128":
      return 16;
    default:
      return 4;
  }
}

/**
 * Instruments these instructions of one body after the other. In each the length is the topmost operand; `previous` is
 * the offset of the instruction before, which may be a constant.
 */
export class BulkWork {
  readonly #info: ModuleInfo;
  readonly #copier: BodyCopier;
  readonly #flow: ControlFlow;
  readonly #guards: GrowthGuards | undefined;
  #meter: Meter;
  #cache = 0;
  /** Type codes of the locals that were added, and the index of the first. */
  #addedLocals: number[] = [];
  #firstLocal = 0;
  /** Added locals by purpose and type. */
  #scratchLocals: (number | undefined)[] = [];

  constructor(
    info: ModuleInfo,
    copier: BodyCopier,
    flow: ControlFlow,
    meter: Meter,
    guards: GrowthGuards | undefined,
  ) {
    this.#info = info;
    this.#copier = copier;
    this.#flow = flow;
    this.#meter = meter;
    this.#guards = guards;
  }

  /** Starts with another body. @param addedLocals - locals added so far; those of this class are put behind */
  reset(meter: Meter, cache: number, firstLocal: number, addedLocals: number[]): void {
    this.#meter = meter;
    this.#cache = cache;
    this.#firstLocal = firstLocal;
    this.#addedLocals = addedLocals;
    this.#scratchLocals = [];
  }

  /** wasmtime charges the work when it is done, but allocations when they begin. */
  bulk(previous: number, isAllocation: boolean): void {
    const meter = this.#meter;
    if (!this.#flow.reachable || !meter.hasChecks) return;
    const constant = this.#constantAt(previous);
    if (constant <= smallBulk) {
      if (meter.hasCosts) this.#flow.pending += constant;
      return;
    }
    const copier = this.#copier;
    copier.copyBefore();
    const length = this.#keepLength(this.#hasWideLength());
    if (!isAllocation) copier.copyThrough();
    copier.mark(copier.cursor.start);
    this.#flow.settle(0);
    if (isAllocation) this.#chargeAllocation(length);
    else this.#charge(length);
  }

  #charge(length: LengthLocal): void {
    const { code } = this.#copier;
    this.#meter.chargeBulk(code, this.#cache, length);
    this.#meter.check(code, this.#cache);
  }

  /** Charges a length unless it is refused before. */
  #chargeAllocation(length: LengthLocal): void {
    const { code, cursor } = this.#copier;
    const composite = this.#info.types[this.#copier.index(cursor.immediates)]?.composite;
    if (composite?.kind !== "array") return;
    code.u8(op.i32Const);
    code.s32(refusedLength(composite.element) | 0);
    code.indexed(op.localGet, length.index);
    code.u8(op.i32GtU);
    code.u8(op.if);
    code.u8(typeCode.empty);
    this.#charge(length);
    code.u8(op.end);
  }

  memoryGrow(previous: number): void {
    const index = this.#copier.index(this.#copier.cursor.immediates);
    const isWide = this.#info.memories[index]?.address === "i64";
    this.#grow(previous, isWide, this.#guards && (() => this.#guards!.memory(index)));
  }

  tableGrow(previous: number): void {
    const index = this.#copier.index(this.#copier.cursor.immediates);
    const isWide = this.#info.tables[index]?.address === "i64";
    this.#grow(previous, isWide, this.#guards && (() => this.#guards!.table(index)));
  }

  /** Growth is charged and checked when it was successful; a small constant always is charged, as in wasmtime. */
  #grow(previous: number, isWide: boolean, guard: (() => number) | undefined): void {
    if (!this.#flow.reachable) return;
    const { hasCosts, hasChecks } = this.#meter;
    const constant = this.#constantAt(previous);
    const isMeasured = hasChecks && constant > smallBulk;
    if (hasCosts && !isMeasured) this.#flow.pending += constant;
    if (!isMeasured && guard === undefined) return;

    const copier = this.#copier;
    copier.copyBefore();
    if (isMeasured) this.#flow.settle(0);
    const length = isMeasured ? this.#keepLength(isWide) : undefined;
    if (guard === undefined) {
      copier.copyThrough();
      copier.mark(copier.cursor.start);
    } else {
      copier.code.indexed(op.call, guard());
      copier.skip();
    }
    if (length !== undefined) this.#chargeGrowth(length);
  }

  /** Charges a length unless the result on the stack is −1. */
  #chargeGrowth(length: LengthLocal): void {
    const { code } = this.#copier;
    const { isWide } = length;
    const result = this.#scratch(1, isWide);
    code.indexed(op.localTee, result);
    code.indexed(op.localGet, result);
    code.u8(isWide ? op.i64Const : op.i32Const);
    code.s32(-1);
    code.u8(isWide ? op.i64Ne : op.i32Ne);
    code.u8(op.if);
    code.u8(typeCode.empty);
    this.#charge(length);
    code.u8(op.end);
  }

  /** The unsigned value of a constant instruction; infinity for others. */
  #constantAt(previous: number): number {
    const { reader, source } = this.#copier;
    const opcode = source[previous];
    reader.offset = previous + 1;
    if (opcode === op.i32Const) return reader.s32() >>> 0;
    if (opcode === op.i64Const) return Number(BigInt.asUintN(64, reader.s64()));
    return Number.POSITIVE_INFINITY;
  }

  /** Whether the length is an i64. */
  #hasWideLength(): boolean {
    const { memories, tables } = this.#info;
    const { cursor, reader } = this.#copier;
    const [kind, what] = cursor.operator.name.split(".");
    if (what !== "fill" && what !== "copy") return false;
    const space = kind === "memory" ? memories : kind === "table" ? tables : [];
    const isWide = space[this.#copier.index(cursor.immediates)]?.address === "i64";
    return isWide && (what === "fill" || space[reader.u32()]?.address === "i64");
  }

  /** Keeps the topmost operand in a local. It stays on the stack. */
  #keepLength(isWide: boolean): LengthLocal {
    const index = this.#scratch(0, isWide);
    this.#copier.code.indexed(op.localTee, index);
    return { index, isWide };
  }

  /** A local for one of two purposes. */
  #scratch(purpose: 0 | 1, isWide: boolean): number {
    const slot = purpose * 2 + (isWide ? 1 : 0);
    this.#scratchLocals[slot] ??=
      this.#firstLocal + this.#addedLocals.push(isWide ? valTypeCode.i64 : valTypeCode.i32) - 1;
    return this.#scratchLocals[slot];
  }
}
