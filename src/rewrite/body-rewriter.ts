/**
 * Instruments function bodies, in one pass over the instructions of each.
 *
 * @packageDocumentation
 */
import type { ByteRange, ModuleInfo } from "../binary/module-info.ts";
import { malformed } from "../binary/reader.ts";
import { type Locals, readLocals } from "../binary/segments.ts";
import { UnsupportedError } from "../errors.ts";
import { Action, actionsInPlace, allActions, fuelCosts, noCosts } from "./actions.ts";
import { BeyondBounds } from "./beyond-bounds.ts";
import { BodyCopier } from "./body-copier.ts";
import type { BranchHints } from "./branch-hints.ts";
import { BulkWork } from "./bulk-work.ts";
import { CodeBuffer } from "./code-buffer.ts";
import { ControlFlow } from "./control-flow.ts";
import type { GrowthGuards } from "./growth.ts";
import { type IndexShifts, isMoving, type Shift, shifted } from "./index-shift.ts";
import type { Meter } from "./meter.ts";
import { op } from "./mnemonics.ts";
import { OffsetMap } from "./offset-map.ts";

/** How bodies are instrumented. */
export interface Instrumentation {
  readonly meter: Meter;
  /** The meter of functions that handle exceptions. */
  readonly handlerMeter: Meter;
  /** Present when growth is to be asked for. */
  readonly guards: GrowthGuards | undefined;
  readonly shifts: IndexShifts;
  /** Index of a function type without parameters that has the given type's results. */
  resultsType(typeIndex: number): number;
}

/** Engines refuse larger bodies and more locals. */
const maxBodySize = 7_654_321;
const maxLocals = 50_000;

/** How a body is to be done over. */
const Outcome = { done: 0, withoutCarry: 1, forHandlers: 2 } as const;
type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** Instruments the bodies of one module, one after the other. */
export class BodyRewriter {
  readonly #info: ModuleInfo;
  readonly #how: Instrumentation;
  readonly #copier: BodyCopier;
  readonly #flow: ControlFlow;
  readonly #bulk: BulkWork;
  readonly #beyondBounds: BeyondBounds;
  /** What comes before a body's code. */
  readonly #head = new CodeBuffer();
  #meter: Meter;
  /** Index of the first local that is added; the meter's, if it has one. */
  #firstLocal = 0;
  /** Type codes of the locals that are added. */
  #addedLocals: number[] = [];

  constructor(info: ModuleInfo, how: Instrumentation) {
    this.#info = info;
    this.#how = how;
    this.#meter = how.meter;
    this.#copier = new BodyCopier(info.bytes);
    this.#flow = new ControlFlow(info, this.#copier, how.meter);
    this.#bulk = new BulkWork(info, this.#copier, this.#flow, how.meter, how.guards);
    this.#beyondBounds = new BeyondBounds(info);
  }

  /**
   * Appends a body with its size in front.
   *
   * @param funcIndex - the function's index, imports counted
   * @param hints - where to add the function's branch hints
   * @returns offset in `out` of the body behind its size
   * @throws {UnsupportedError} the instrumented body is more than an engine takes
   */
  rewrite(funcIndex: number, body: ByteRange, out: CodeBuffer, hints?: BranchHints): number {
    const locals = readLocals(this.#info.bytes, body);
    const typeIndex = this.#info.functions[funcIndex]!;
    this.#firstLocal = this.#paramCount(typeIndex);
    for (const { count } of locals.groups) this.#firstLocal += count;

    let outcome = this.#attempt(this.#how.meter, locals.code, body, true);
    if (outcome === Outcome.withoutCarry) {
      outcome = this.#attempt(this.#how.meter, locals.code, body, false);
    }
    if (outcome === Outcome.forHandlers) {
      this.#attempt(this.#how.handlerMeter, locals.code, body, false);
    }
    const added = this.#addedLocals.length;
    if (added > 0 && this.#firstLocal + added > maxLocals) {
      throw tooLarge(funcIndex, `it has more than ${maxLocals} locals`);
    }
    const start = this.#assemble(typeIndex, body, locals, out);
    hints?.add(shifted(funcIndex, this.#how.shifts.functions), out.unlikely, start);
    if (out.length - start > maxBodySize) {
      throw tooLarge(funcIndex, `its code takes more than ${maxBodySize} bytes`);
    }
    return start;
  }

  /**
   * Does a body over to find out which instruction of the original each place in it comes from. Places count from the
   * start of the instrumented body.
   */
  trace(funcIndex: number, body: ByteRange, scratch: CodeBuffer): OffsetMap {
    const marks = new OffsetMap();
    this.#copier.marks = marks;
    scratch.clear();
    const start = this.rewrite(funcIndex, body, scratch);
    this.#copier.marks = undefined;
    const { groups } = readLocals(this.#info.bytes, body);
    // wasmtime finds what happens on entry at the last group of locals.
    marks.prepend(scratch.length - start - this.#copier.code.length, groups.at(-1)?.start ?? body.start);
    return marks;
  }

  #paramCount(typeIndex: number): number {
    const composite = this.#info.types[typeIndex]?.composite;
    return composite?.kind === "func" ? composite.params.length : 0;
  }

  /** Size, locals, what is done on entry, and the code. @returns offset behind the size */
  #assemble(typeIndex: number, body: ByteRange, locals: Locals, out: CodeBuffer): number {
    const { code } = this.#copier;
    const head = this.#head;
    const added = this.#addedLocals;
    head.clear();
    head.reserve(0);
    head.u32(locals.groups.length + added.length);
    head.copy(this.#info.bytes, this.#copier.behindIndex(body.start), locals.code);
    for (const type of added) {
      head.u8(1);
      head.u8(type);
    }
    this.#meter.enter(head, this.#firstLocal, body.end - body.start);
    if (this.#flow.leavesEarly) {
      head.u8(op.block);
      head.s32(this.#how.resultsType(typeIndex));
    }
    out.reserve(head.length + code.length);
    out.unlikely.length = 0;
    out.u32(head.length + code.length);
    const start = out.length;
    out.append(head);
    out.append(code);
    return start;
  }

  #attempt(meter: Meter, start: number, body: ByteRange, carries: boolean): Outcome {
    const copier = this.#copier;
    const flow = this.#flow;
    const costs = meter.hasCosts ? fuelCosts : noCosts;
    const { shifts } = this.#how;
    const actions = isMoving(shifts) ? allActions : actionsInPlace;
    this.#meter = meter;
    this.#addedLocals = meter.cacheType === undefined ? [] : [meter.cacheType];
    copier.reset(start, body.end);
    flow.reset(meter, this.#firstLocal, carries, body.start);
    this.#bulk.reset(meter, this.#firstLocal, this.#firstLocal, this.#addedLocals);
    const { cursor, marks, reader } = copier;
    let previous = start;
    let cost = 0;
    for (; cursor.advance(); previous = cursor.start) {
      if (marks !== undefined) copier.markCurrent();
      const key = cursor.key;
      cost += costs[key]!;
      const action = actions[key]!;
      if (action === Action.none) continue;
      if (action === Action.access && !this.#beyondBounds.has(cursor, reader)) continue;
      if (flow.reachable) flow.pending += cost;
      cost = 0;
      if (flow.isClosed) throw malformed("operators remaining after end of function", cursor.start);
      if (isHandler(action) && meter !== this.#how.handlerMeter) return Outcome.forHandlers;
      this.#perform(action, previous);
      if (flow.disagrees) return Outcome.withoutCarry;
    }
    // Smaller functions are inlined sooner. Bulk operations have more locals behind.
    if (!flow.needsCache && this.#addedLocals.length === 1) this.#addedLocals.pop();
    if (!flow.isClosed) throw malformed("control frames remain at end of function body", body.end);
    return Outcome.done;
  }

  /** @param previous - offset of the instruction before */
  #perform(action: number, previous: number): void {
    const flow = this.#flow;
    const { immediates } = this.#copier.cursor;
    switch (action) {
      case Action.block:
      case Action.try:
        flow.block();
        break;
      case Action.loop:
        flow.loop();
        break;
      case Action.if:
        flow.if();
        break;
      case Action.else:
        flow.else();
        break;
      case Action.end:
        flow.end();
        break;
      case Action.branch:
        flow.branch(immediates);
        break;
      case Action.branchIf:
        flow.branchIf(immediates);
        break;
      case Action.branchCast:
        flow.branchIf(immediates + 1);
        break;
      case Action.branchTable:
        flow.branchTable();
        break;
      case Action.return:
        flow.return();
        break;
      case Action.leave:
      case Action.access:
        flow.leave();
        break;
      case Action.call:
        flow.call();
        break;
      case Action.callByIndex:
        this.#moveIndex(immediates, this.#how.shifts.functions);
        flow.call();
        break;
      case Action.tailCallByIndex:
        this.#moveIndex(immediates, this.#how.shifts.functions);
        flow.leave();
        break;
      case Action.rethrow:
        flow.rethrow();
        break;
      case Action.tryTable:
        flow.tryTable();
        break;
      case Action.catch:
        flow.catch();
        break;
      case Action.delegate:
        flow.delegate();
        break;
      case Action.bulk:
      case Action.allocate:
        this.#bulk.bulk(previous, action === Action.allocate);
        break;
      case Action.memoryGrow:
        this.#bulk.memoryGrow(previous);
        break;
      case Action.tableGrow:
        this.#bulk.tableGrow(previous);
        break;
      case Action.global:
        this.#moveIndex(immediates, this.#how.shifts.globals);
        break;
      case Action.function:
        this.#moveIndex(immediates, this.#how.shifts.functions);
        break;
    }
    this.#copier.settle();
  }

  /** Has the current instruction copied with another index, if that moves. */
  #moveIndex(at: number, shift: Shift): void {
    if (shift.by === 0) return;
    const index = this.#copier.index(at);
    if (index >= shift.from) this.#copier.renumber(at, index + shift.by);
  }
}

function isHandler(action: number): boolean {
  return action === Action.tryTable || action === Action.try;
}

function tooLarge(funcIndex: number, reason: string): UnsupportedError {
  return new UnsupportedError(
    "instrumentation",
    "host",
    `function ${funcIndex} cannot be instrumented for this JavaScript engine: ${reason}`,
  );
}
