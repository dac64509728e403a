/**
 * Instruments function bodies: one pass over the instructions, which are copied in ranges as long as they may stay.
 *
 * @packageDocumentation
 */
import { readBlockType } from "../binary/immediates.ts";
import { InstructionCursor } from "../binary/instructions.ts";
import type { ByteRange, ModuleInfo } from "../binary/module-info.ts";
import { ByteReader, malformed } from "../binary/reader.ts";
import { type Locals, readLocals } from "../binary/segments.ts";
import { typeCode, valTypeCode } from "../binary/type-codes.ts";
import { UnsupportedError } from "../errors.ts";
import { Action, actions, fuelCosts, noCosts } from "./actions.ts";
import { CodeBuffer } from "./code-buffer.ts";
import { BlockKind, ControlStack, unsettled } from "./control-stack.ts";
import type { GrowthGuards } from "./growth.ts";
import type { LengthLocal, Meter } from "./meter.ts";
import { op } from "./mnemonics.ts";
import { OffsetMap } from "./offset-map.ts";

/** How bodies are instrumented. */
export interface Instrumentation {
  readonly meter: Meter;
  /** The meter of functions that handle exceptions. */
  readonly handlerMeter: Meter;
  /** Present when growth is to be asked for. */
  readonly guards: GrowthGuards | undefined;
  /** First global index that moves, and by how much. */
  readonly globalShift: { readonly from: number; readonly by: number };
  /** Index of a function type without parameters that has the given type's results. */
  resultsType(typeIndex: number): number;
}

/** Engines refuse larger bodies and more locals. */
const maxBodySize = 7_654_321;
const maxLocals = 50_000;

/** wasmtime neither checks nor charges by length where a bulk operation is known to be no larger than this. */
const smallBulk = 128;

/** How a body is to be done over. */
const Outcome = { done: 0, withoutCarry: 1, forHandlers: 2 } as const;
type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** Instruments the bodies of one module, one after the other. */
export class BodyRewriter {
  readonly #info: ModuleInfo;
  readonly #how: Instrumentation;
  readonly #cursor: InstructionCursor;
  readonly #reader: ByteReader;
  readonly #frames = new ControlStack();
  /** The body's code without locals and what comes before the first instruction. */
  readonly #code = new CodeBuffer();
  #meter: Meter;
  /** Whether costs may be carried over labels. */
  #carries = false;
  /** Local of the meter. */
  #cache = 0;
  /** Type codes of the locals that were added, the first of which has index `#cache`. */
  #addedLocals: number[] = [];
  #scratchLocals: (number | undefined)[] = [];
  #typeIndex = 0;
  /** Offset up to which the source has been dealt with. */
  #copied = 0;
  /** Offset of the previous instruction. */
  #previous = 0;
  /** Costs of instructions that have not been charged yet. */
  #pending = 0;
  #reachable = true;
  #callsOut = false;
  /** Whether something branches to the function's own label, which needs a block of its own. */
  #leavesEarly = false;
  #outcome: Outcome = Outcome.done;
  /** Marks of the whole code, when they are wanted, and of the body at hand. */
  readonly #offsets: OffsetMap | undefined;
  readonly #bodyOffsets: OffsetMap | undefined;

  /** @param offsets - where to note which instruction each place comes from */
  constructor(info: ModuleInfo, how: Instrumentation, offsets?: OffsetMap) {
    this.#offsets = offsets;
    this.#bodyOffsets = offsets && new OffsetMap();
    this.#info = info;
    this.#how = how;
    this.#meter = how.meter;
    this.#cursor = new InstructionCursor(info.bytes, 0, 0);
    this.#reader = new ByteReader(info.bytes);
  }

  /**
   * Appends a body with its size in front.
   *
   * @param funcIndex - the function's index, imports counted
   * @throws {UnsupportedError} the instrumented body is more than an engine takes
   */
  rewrite(funcIndex: number, body: ByteRange, out: CodeBuffer): void {
    const { bytes } = this.#info;
    const locals = readLocals(bytes, body);
    this.#typeIndex = this.#info.functions[funcIndex]!;
    this.#cache = this.#paramCount(this.#typeIndex);
    for (const { count } of locals.groups) this.#cache += count;

    this.#meter = this.#how.meter;
    let outcome = this.#attempt(locals.code, body, true);
    if (outcome === Outcome.withoutCarry) outcome = this.#attempt(locals.code, body, false);
    if (outcome === Outcome.forHandlers) {
      this.#meter = this.#how.handlerMeter;
      this.#attempt(locals.code, body, false);
    }
    if (this.#cache + this.#addedLocals.length > maxLocals && this.#addedLocals.length > 0) {
      throw tooLarge(funcIndex, `it has more than ${maxLocals} locals`);
    }
    this.#assemble(funcIndex, body, locals, out);
  }

  #paramCount(typeIndex: number): number {
    const composite = this.#info.types[typeIndex]?.composite;
    return composite?.kind === "func" ? composite.params.length : 0;
  }

  /** Locals, entry and code, with the size in front. */
  #assemble(funcIndex: number, body: ByteRange, locals: Locals, out: CodeBuffer): void {
    const code = this.#code;
    const added = this.#addedLocals;
    out.reserve(code.length + locals.code - body.start + added.length * 2);
    // The size is written once it is known: five bytes hold any.
    const sizeAt = out.length;
    out.length += 5;
    const start = out.length;
    out.u32(locals.groups.length + added.length);
    this.#reader.offset = body.start;
    this.#reader.u32();
    out.copy(this.#info.bytes, this.#reader.offset, locals.code);
    for (const type of added) {
      out.u8(1);
      out.u8(type);
    }
    this.#meter.enter(out, this.#cache, this.#callsOut);
    if (this.#leavesEarly) {
      out.u8(op.block);
      out.s32(this.#how.resultsType(this.#typeIndex));
    }
    out.copy(code.bytes, 0, code.length);
    const size = out.length - start;
    const codeAt = size - code.length;
    if (size > maxBodySize) throw tooLarge(funcIndex, `its code takes more than ${maxBodySize} bytes`);
    out.length = sizeAt;
    out.u32(size);
    out.bytes.copyWithin(out.length, start, start + size);
    if (this.#offsets !== undefined) {
      // wasmtime finds what happens on entry at the last group of locals.
      this.#offsets.mark(out.length, locals.groups.at(-1)?.start ?? body.start);
      this.#offsets.append(this.#bodyOffsets!, out.length + codeAt);
    }
    out.length += size;
  }

  #attempt(start: number, body: ByteRange, carries: boolean): Outcome {
    const cursor = this.#cursor;
    const meter = this.#meter;
    const costs = meter.hasCosts ? fuelCosts : noCosts;
    cursor.reset(start, body.end);
    this.#carries = carries && meter.savesOnExit;
    this.#code.length = 0;
    this.#addedLocals = meter.cacheType === undefined ? [] : [meter.cacheType];
    this.#scratchLocals = [];
    this.#copied = start;
    this.#pending = meter.entryCost;
    this.#reachable = true;
    this.#callsOut = false;
    this.#leavesEarly = false;
    this.#outcome = Outcome.done;
    this.#frames.reset(this.#noCarry, body.start);
    this.#bodyOffsets?.clear();
    while (cursor.advance()) {
      this.#bodyOffsets?.mark(
        this.#code.length + cursor.start - Math.min(this.#copied, cursor.start),
        cursor.start,
      );
      const key = cursor.key;
      if (this.#reachable) this.#pending += costs[key]!;
      const action = actions[key]!;
      if (action !== Action.none) {
        if (this.#frames.top < 0) throw malformed("operators remaining after end of function", cursor.start);
        this.#perform(action);
        if (this.#outcome !== Outcome.done) return this.#outcome;
      }
      this.#previous = cursor.start;
    }
    if (this.#frames.top >= 0) throw malformed("control frames remain at end of function body", body.end);
    return Outcome.done;
  }

  /** The carry of a label nothing branches to yet. */
  get #noCarry(): number {
    return this.#carries ? unsettled : 0;
  }

  #perform(action: number): void {
    switch (action) {
      case Action.block:
        this.#open(BlockKind.block);
        break;
      case Action.loop:
        this.#loop();
        break;
      case Action.if:
        this.#if();
        break;
      case Action.else:
        this.#else();
        break;
      case Action.end:
        if (this.#frames.top === 0) this.#endFunction();
        else this.#end();
        break;
      case Action.branch:
        this.#branch(this.#cursor.immediates);
        this.#diverge();
        break;
      case Action.branchIf:
        this.#branch(this.#cursor.immediates);
        break;
      case Action.branchCast:
        this.#branch(this.#cursor.immediates + 1);
        break;
      case Action.branchTable:
        this.#branchTable();
        this.#diverge();
        break;
      case Action.return:
        this.#return();
        this.#diverge();
        break;
      case Action.unreachable:
      case Action.throw:
        this.#leave();
        this.#diverge();
        break;
      case Action.call:
        this.#call();
        break;
      case Action.tailCall:
        this.#callsOut = true;
        this.#leave();
        this.#diverge();
        break;
      case Action.rethrow:
        this.#leave();
        this.#moveLabel(this.#cursor.immediates);
        this.#diverge();
        break;
      case Action.tryTable:
        if (this.#prepareHandlers()) this.#tryTable();
        break;
      case Action.try:
        if (this.#prepareHandlers()) this.#open(BlockKind.block);
        break;
      case Action.catch:
        this.#catch();
        break;
      case Action.delegate:
        // The label counts from outside of the block that ends here.
        this.#end();
        this.#moveLabel(this.#cursor.immediates);
        break;
      case Action.bulk:
      case Action.allocate:
        this.#bulk(action === Action.allocate);
        break;
      case Action.memoryGrow:
      case Action.tableGrow:
        this.#grow(action === Action.memoryGrow);
        break;
      case Action.global:
        this.#global();
        break;
    }
  }

  /** Copies what stands before the current instruction. */
  #copyBefore(): void {
    this.#copyTo(this.#cursor.start);
  }

  /** Copies what stands up to and including the current instruction. */
  #copyThrough(): void {
    this.#copyTo(this.#cursor.next);
  }

  #copyTo(offset: number): void {
    if (this.#copied >= offset) {
      this.#code.reserve(0);
      return;
    }
    this.#code.copy(this.#info.bytes, this.#copied, offset);
    this.#copied = offset;
  }

  /** A number among the immediates of the current instruction. */
  #index(offset: number): number {
    this.#reader.offset = offset;
    return this.#reader.u32();
  }

  /** Depth of the block a label names. */
  #target(label: number): number {
    const depth = this.#frames.top - label;
    if (depth < 0) throw malformed("unknown label: branch depth too large", this.#cursor.start);
    return depth;
  }

  /** Brings what is to be charged to a certain amount. */
  #settle(carry: number): void {
    if (this.#pending === carry) return;
    this.#copyBefore();
    this.#meter.charge(this.#code, this.#cache, this.#pending - carry);
    this.#pending = carry;
  }

  /** Control goes to a label from here, perhaps. */
  #reach(depth: number): void {
    const frames = this.#frames;
    const carry = frames.carry[depth]!;
    if (carry === unsettled) frames.carry[depth] = this.#pending;
    else this.#settle(carry);
    frames.targeted[depth] = 1;
  }

  /** What follows cannot be reached. */
  #diverge(): void {
    this.#reachable = false;
    this.#pending = 0;
  }

  #open(kind: number): void {
    this.#frames.push(kind, this.#reachable, this.#noCarry, this.#cursor.start);
  }

  #loop(): void {
    this.#settle(0);
    this.#open(BlockKind.loop);
    this.#frames.carry[this.#frames.top] = 0;
    if (!this.#reachable || !this.#meter.hasChecks) return;
    const { bytes } = this.#info;
    const { immediates, next } = this.#cursor;
    const code = this.#code;
    this.#copyBefore();
    if (this.#hasParams(immediates)) {
      this.#copyThrough();
      this.#meter.check(code, this.#cache);
      return;
    }
    // A call in a loop costs the optimisations of the whole loop, taken or not. With nothing on the stack the loop can
    // be left and entered again, so the call goes outside: block $exit, loop $again, block $slow, and then the loop.
    const { top, extra, wrapped } = this.#frames;
    code.u8(op.block);
    code.copy(bytes, immediates, next);
    code.u8(op.loop);
    code.copy(bytes, immediates, next);
    code.u8(op.block);
    code.u8(typeCode.empty);
    code.u8(op.loop);
    code.copy(bytes, immediates, next);
    this.#copied = next;
    this.#meter.test(code, this.#cache);
    code.indexed(op.brIf, 1);
    extra[top] = extra[top]! + 3;
    wrapped[top] = 1;
  }

  /** Whether the block type at an offset has parameters. */
  #hasParams(offset: number): boolean {
    const first = this.#info.bytes[offset]!;
    // A number below zero stands for the empty type or a value type.
    if (first >= 0x40 && first < 0x80) return false;
    this.#reader.offset = offset;
    return this.#paramCount(this.#reader.s33()) > 0;
  }

  #if(): void {
    if (!this.#carries) this.#settle(0);
    this.#open(BlockKind.if);
    const { top, carry, elseCarry } = this.#frames;
    // Without an `else` the condition leads right to the label.
    if (this.#reachable) carry[top] = this.#pending;
    elseCarry[top] = this.#pending;
  }

  #else(): void {
    const { top, kind, entered, targeted, carry, elseCarry } = this.#frames;
    // There is an `else`: the label is free to take what the first arm that gets there brings.
    if (this.#carries && !targeted[top]) carry[top] = unsettled;
    if (this.#reachable) this.#reach(top);
    kind[top] = BlockKind.block;
    this.#reachable = entered[top] === 1;
    this.#pending = this.#reachable ? elseCarry[top]! : 0;
  }

  /** A handler of a legacy `try` starts: with nothing to be charged, as every call and throw has paid. */
  #catch(): void {
    const { top, entered } = this.#frames;
    if (this.#reachable) this.#reach(top);
    this.#reachable = entered[top] === 1;
    this.#pending = 0;
  }

  #end(): void {
    const frames = this.#frames;
    const { top } = frames;
    if (frames.kind[top] === BlockKind.loop) {
      if (frames.wrapped[top] === 1) this.#closeLoop();
    } else {
      if (this.#reachable) this.#reach(top);
      const arrives = frames.targeted[top] === 1 || frames.kind[top] === BlockKind.if;
      this.#reachable = frames.entered[top] === 1 && arrives;
      this.#pending = this.#reachable ? frames.carry[top]! : 0;
    }
    frames.top--;
  }

  /** The end of a loop and what was put around it. */
  #closeLoop(): void {
    const code = this.#code;
    this.#copyThrough();
    this.#bodyOffsets?.mark(code.length, this.#frames.start[this.#frames.top]!);
    code.indexed(op.br, 2);
    code.u8(op.end);
    this.#meter.slowPath(code, this.#cache);
    code.indexed(op.br, 0);
    code.u8(op.end);
    code.u8(op.end);
  }

  #endFunction(): void {
    if (this.#reachable) this.#reach(0);
    const code = this.#code;
    this.#copyBefore();
    if (this.#leavesEarly) code.u8(op.end);
    const { targeted, carry } = this.#frames;
    if (targeted[0] === 1 && this.#meter.savesOnExit) this.#meter.save(code, this.#cache, carry[0]!);
    this.#copyThrough();
    this.#frames.top--;
  }

  #branch(labelAt: number): void {
    const depth = this.#target(this.#index(labelAt));
    if (this.#reachable) this.#reach(depth);
    if (depth === 0 && this.#meter.savesOnExit) this.#leavesEarly = true;
    this.#moveLabel(labelAt);
  }

  /** Counts the blocks in between that were added. */
  #moveLabel(labelAt: number): void {
    const label = this.#index(labelAt);
    const behind = this.#reader.offset;
    const { top, extra } = this.#frames;
    const added = extra[top]! - extra[this.#target(label)]!;
    if (added === 0) return;
    this.#copyTo(labelAt);
    this.#code.u32(label + added);
    this.#copied = behind;
  }

  #branchTable(): void {
    const reader = this.#reader;
    const { top, extra, carry, targeted } = this.#frames;
    const start = this.#cursor.immediates;
    const count = this.#index(start) + 1;
    const labels = reader.offset;
    let wanted: number = unsettled;
    for (let left = count; left > 0; left--) {
      const depth = this.#target(reader.u32());
      if (depth === 0 && this.#meter.savesOnExit) this.#leavesEarly = true;
      if (carry[depth] === unsettled) continue;
      if (wanted !== unsettled && wanted !== carry[depth]) {
        this.#outcome = Outcome.withoutCarry;
        return;
      }
      wanted = carry[depth]!;
    }
    if (this.#reachable) {
      if (wanted === unsettled) wanted = this.#pending;
      else this.#settle(wanted);
    }
    if (!this.#reachable && extra[top] === 0) return;
    this.#copyTo(labels);
    this.#code.reserve(count * 5);
    reader.offset = labels;
    for (let left = count; left > 0; left--) {
      const label = reader.u32();
      const depth = top - label;
      if (this.#reachable) {
        carry[depth] = wanted;
        targeted[depth] = 1;
      }
      this.#code.u32(label + extra[top]! - extra[depth]!);
    }
    this.#copied = reader.offset;
  }

  #return(): void {
    if (!this.#reachable) return;
    this.#reach(0);
    if (!this.#meter.savesOnExit) return;
    const { top, extra } = this.#frames;
    this.#copyBefore();
    this.#code.indexed(op.br, top + extra[top]!);
    this.#copied = this.#cursor.next;
    this.#leavesEarly = true;
  }

  /** Control leaves the function, or may not come back. */
  #leave(): void {
    if (!this.#reachable || !this.#meter.hasCosts) return;
    this.#copyBefore();
    this.#meter.save(this.#code, this.#cache, this.#pending);
    this.#pending = 0;
  }

  #call(): void {
    if (!this.#reachable) return;
    this.#callsOut = true;
    if (!this.#meter.hasCosts) return;
    this.#leave();
    this.#copyThrough();
    this.#meter.reload(this.#code, this.#cache);
  }

  /** Makes sure that the count is where a handler finds it. */
  #prepareHandlers(): boolean {
    if (this.#meter === this.#how.handlerMeter) return true;
    this.#outcome = Outcome.forHandlers;
    return false;
  }

  #tryTable(): void {
    const reader = this.#reader;
    const { top, extra, targeted } = this.#frames;
    reader.offset = this.#cursor.immediates;
    readBlockType(reader);
    // Labels of handlers count from outside of the block.
    for (let left = reader.u32(); left > 0; left--) {
      const kind = reader.u8();
      if (kind < 2) reader.u32();
      const labelAt = reader.offset;
      const label = reader.u32();
      const behind = reader.offset;
      const depth = this.#target(label);
      if (this.#reachable) targeted[depth] = 1;
      const added = extra[top]! - extra[depth]!;
      if (added === 0) continue;
      this.#copyTo(labelAt);
      this.#code.u32(label + added);
      this.#copied = behind;
    }
    this.#open(BlockKind.block);
  }

  /** Work in proportion to the topmost operand. wasmtime charges it when it is done, but for allocations. */
  #bulk(isAllocation: boolean): void {
    const meter = this.#meter;
    if (!this.#reachable || !meter.hasChecks) return;
    const constant = this.#constantOperand();
    if (constant <= smallBulk) {
      if (meter.hasCosts) this.#pending += constant;
      return;
    }
    const code = this.#code;
    this.#copyBefore();
    const length = this.#lengthLocal(this.#hasWideLength());
    code.indexed(op.localTee, length.index);
    if (!isAllocation) this.#copyThrough();
    this.#settle(0);
    meter.chargeBulk(code, this.#cache, length);
    meter.check(code, this.#cache);
  }

  /** Growth is charged when it was successful, but always when it is a small constant, as wasmtime does. */
  #grow(isMemory: boolean): void {
    const meter = this.#meter;
    const { guards } = this.#how;
    if (!this.#reachable) return;
    const constant = this.#constantOperand();
    const isMeasured = meter.hasCosts && constant > smallBulk;
    if (meter.hasCosts && !isMeasured) this.#pending += constant;
    if (!isMeasured && guards === undefined) return;

    const code = this.#code;
    const index = this.#index(this.#cursor.immediates);
    const isWide = (isMemory ? this.#info.memories : this.#info.tables)[index]?.address === "i64";
    this.#copyBefore();
    if (isMeasured) this.#settle(0);
    const length = isMeasured ? this.#lengthLocal(isWide) : undefined;
    if (length !== undefined) code.indexed(op.localTee, length.index);
    if (guards === undefined) {
      this.#copyThrough();
    } else {
      code.indexed(op.call, isMemory ? guards.memory(index) : guards.table(index));
      this.#copied = this.#cursor.next;
    }
    if (length === undefined) return;
    const result = this.#scratch(1, isWide);
    code.indexed(op.localTee, result);
    code.indexed(op.localGet, result);
    code.u8(isWide ? op.i64Const : op.i32Const);
    code.s32(-1);
    code.u8(isWide ? op.i64Ne : op.i32Ne);
    code.u8(op.if);
    code.u8(typeCode.empty);
    meter.chargeBulk(code, this.#cache, length);
    meter.check(code, this.#cache);
    code.u8(op.end);
  }

  /** The topmost operand where it is a constant right in front of the instruction, as an unsigned number. */
  #constantOperand(): number {
    const reader = this.#reader;
    const opcode = this.#info.bytes[this.#previous];
    reader.offset = this.#previous + 1;
    if (opcode === op.i32Const) return reader.s32() >>> 0;
    if (opcode === op.i64Const) return Number(BigInt.asUintN(64, reader.s64()));
    return Number.POSITIVE_INFINITY;
  }

  /** Whether the length of a bulk operation is an i64. */
  #hasWideLength(): boolean {
    const { memories, tables } = this.#info;
    const { name } = this.#cursor.operator;
    const [kind, what] = name.split(".");
    if (what !== "fill" && what !== "copy") return false;
    const space = kind === "memory" ? memories : kind === "table" ? tables : undefined;
    if (space === undefined) return false;
    const isWide = space[this.#index(this.#cursor.immediates)]?.address === "i64";
    return isWide && (what === "fill" || space[this.#reader.u32()]?.address === "i64");
  }

  #lengthLocal(isWide: boolean): LengthLocal {
    return { index: this.#scratch(0, isWide), isWide };
  }

  /** A local of the body for one of two purposes. */
  #scratch(purpose: 0 | 1, isWide: boolean): number {
    const slot = purpose * 2 + (isWide ? 1 : 0);
    this.#scratchLocals[slot] ??=
      this.#cache + this.#addedLocals.push(isWide ? valTypeCode.i64 : valTypeCode.i32) - 1;
    return this.#scratchLocals[slot];
  }

  #global(): void {
    const { from, by } = this.#how.globalShift;
    if (by === 0) return;
    const { immediates, next } = this.#cursor;
    const index = this.#index(immediates);
    if (index < from) return;
    this.#copyTo(immediates);
    this.#code.u32(index + by);
    this.#copied = next;
  }
}

function tooLarge(funcIndex: number, reason: string): UnsupportedError {
  return new UnsupportedError(
    "instrumentation",
    "host",
    `function ${funcIndex} cannot be instrumented for this JavaScript engine: ${reason}`,
  );
}
