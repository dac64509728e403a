/**
 * Blocks and branches of a body while it is instrumented, and what is to be charged on the way.
 *
 * @packageDocumentation
 */
import { readBlockType } from "../binary/immediates.ts";
import type { ModuleInfo } from "../binary/module-info.ts";
import { malformed } from "../binary/reader.ts";
import type { BodyCopier } from "./body-copier.ts";
import { blocksAroundLoop, closeCheckedLoop, openCheckedLoop } from "./checked-loop.ts";
import { BlockFlag, ControlStack, unsettled } from "./control-stack.ts";
import type { Meter } from "./meter.ts";
import { op } from "./mnemonics.ts";

/** Follows the control flow of one body after the other. */
export class ControlFlow {
  readonly #info: ModuleInfo;
  readonly #copier: BodyCopier;
  readonly #frames = new ControlStack();
  #meter: Meter;
  /** Local of the meter. */
  #cache = 0;
  /** Whether costs may be carried over labels. */
  #carries = false;
  /** The carry of a label that nothing leads to yet. */
  #freeCarry = 0;
  /** Costs of instructions that have not been charged yet. */
  pending = 0;
  /** Whether the current instruction can be reached. */
  reachable = true;
  /** How many calls have been seen. */
  #calls = 0;
  /** Whether the meter's local is out of date: the count is still where other functions find it. */
  #isStored = false;
  /** Whether the local is used, but for bulk operations. */
  needsCache = false;
  /** Whether something branches to the function's own label, which needs a block of its own. */
  leavesEarly = false;
  /** Whether labels were found that carried costs could not be made to agree on: the body has to do without. */
  disagrees = false;

  constructor(info: ModuleInfo, copier: BodyCopier, meter: Meter) {
    this.#info = info;
    this.#copier = copier;
    this.#meter = meter;
  }

  /** Starts with another body. */
  reset(meter: Meter, cache: number, carries: boolean, start: number): void {
    this.#meter = meter;
    this.#cache = cache;
    this.#carries = carries && meter.hasCosts;
    this.pending = meter.entryCost;
    this.reachable = true;
    this.#calls = 0;
    this.#isStored = false;
    this.needsCache = meter.hasCosts;
    this.leavesEarly = false;
    this.disagrees = false;
    this.#freeCarry = this.#carries ? unsettled : 0;
    this.#frames.top = -1;
    this.#frames.push(BlockFlag.entered, this.#freeCarry, start, 0);
  }

  /** Whether the function's last `end` has been seen. */
  get isClosed(): boolean {
    return this.#frames.top < 0;
  }

  /** Brings what is to be charged to a certain amount, and the local up to date. */
  settle(carry: number): void {
    const { code } = this.#copier;
    if (this.pending !== carry) {
      this.#copier.copyBefore();
      this.#meter.charge(code, this.#cache, this.pending - carry, this.#isStored);
    } else if (this.#isStored) {
      this.#copier.copyBefore();
      this.#meter.reload(code, this.#cache);
    } else {
      return;
    }
    this.pending = carry;
    this.#isStored = false;
  }

  /** Control goes to a label from here, perhaps. */
  #reach(depth: number): void {
    const { carry, flags } = this.#frames;
    const wanted = carry[depth]!;
    if (wanted === unsettled) carry[depth] = this.pending;
    this.settle(carry[depth]!);
    flags[depth] = flags[depth]! | BlockFlag.targeted;
  }

  /** What follows cannot be reached. */
  #diverge(): void {
    this.reachable = false;
    this.pending = 0;
    this.#isStored = false;
  }

  block(): void {
    this.#open(0, this.#freeCarry);
  }

  #open(kind: number, carry: number): void {
    this.#frames.push(kind | Number(this.reachable), carry, this.#copier.cursor.start, this.#calls);
  }

  loop(): void {
    this.settle(0);
    this.#open(BlockFlag.loop, 0);
    if (!this.reachable || !this.#meter.hasChecks) return;
    this.needsCache = true;
    const copier = this.#copier;
    const { top, flags, extra, test } = this.#frames;
    const { reloadsForLoops } = this.#meter;
    if (this.#hasParams(copier.cursor.immediates)) {
      copier.copyThrough();
      copier.mark(copier.cursor.start);
      if (reloadsForLoops) this.#meter.reload(copier.code, this.#cache);
      test[top] = copier.code.length;
      this.#meter.check(copier.code, this.#cache);
      return;
    }
    if (reloadsForLoops) {
      copier.copyBefore();
      this.#meter.reload(copier.code, this.#cache);
    }
    test[top] = openCheckedLoop(copier, this.#meter, this.#cache);
    flags[top] = flags[top]! | BlockFlag.wrapped;
    extra[top] = extra[top]! + blocksAroundLoop;
  }

  #endLoop(): void {
    const { top, flags, start, test, calls } = this.#frames;
    const copier = this.#copier;
    if (flags[top]! & BlockFlag.wrapped) {
      const hasCalls = this.#calls > calls[top]!;
      closeCheckedLoop(copier, this.#meter, this.#cache, start[top]!, test[top]!, hasCalls);
    } else if (test[top]! >= 0) {
      this.#meter.weigh(copier.code, test[top]!, copier.cursor.next - start[top]!);
    }
  }

  /** Whether the block type at an offset has parameters. */
  #hasParams(offset: number): boolean {
    const { reader, source } = this.#copier;
    const first = source[offset]!;
    // A number below zero stands for the empty type or a value type.
    if (first >= 0x40 && first < 0x80) return false;
    reader.offset = offset;
    const composite = this.#info.types[reader.s33()]?.composite;
    return composite?.kind === "func" && composite.params.length > 0;
  }

  if(): void {
    this.settle(this.#carries ? this.pending : 0);
    // Without an `else` the condition leads right to the label.
    this.#open(BlockFlag.if, this.pending);
    this.#frames.elseCarry[this.#frames.top] = this.pending;
  }

  else(): void {
    const { top, flags, carry, elseCarry } = this.#frames;
    // There is an `else`: the label is free to take what the first arm that gets there brings.
    if ((flags[top]! & BlockFlag.targeted) === 0) carry[top] = this.#freeCarry;
    if (this.reachable) this.#reach(top);
    flags[top] = flags[top]! & ~BlockFlag.if;
    this.reachable = (flags[top] & BlockFlag.entered) !== 0;
    this.pending = this.reachable ? elseCarry[top]! : 0;
  }

  /** A handler of a legacy `try` starts: with nothing to be charged, as every call and throw has paid. */
  catch(): void {
    const { top, flags } = this.#frames;
    if (this.reachable) this.#reach(top);
    this.reachable = (flags[top]! & BlockFlag.entered) !== 0;
    this.pending = 0;
  }

  end(): void {
    const frames = this.#frames;
    const { top, flags, carry } = frames;
    if (top === 0) {
      this.#endFunction();
    } else if (flags[top]! & BlockFlag.loop) {
      this.#endLoop();
    } else {
      if (this.reachable) this.#reach(top);
      const leadsHere = (flags[top]! & (BlockFlag.targeted | BlockFlag.if)) !== 0;
      this.reachable = leadsHere && (flags[top]! & BlockFlag.entered) !== 0;
      this.pending = this.reachable ? carry[top]! : 0;
    }
    frames.top--;
  }

  #endFunction(): void {
    const { flags, carry } = this.#frames;
    if ((flags[0]! & BlockFlag.targeted) !== 0) {
      if (this.reachable) this.#reach(0);
      this.reachable = true;
      this.pending = carry[0]!;
    }
    this.#copier.copyBefore();
    if (this.leavesEarly) this.#copier.code.u8(op.end);
    this.#save();
    this.#copier.copyThrough();
  }

  /** Depth of the block a label names. */
  #target(label: number): number {
    const depth = this.#frames.top - label;
    if (depth < 0) {
      throw malformed("unknown label: branch depth too large", this.#copier.cursor.start);
    }
    // The function's own label is beyond where the count is saved.
    if (depth === 0 && this.#meter.hasCosts) this.leavesEarly = true;
    return depth;
  }

  /** Counts the blocks in between that were added. @returns depth of the block */
  #moveLabel(labelAt: number): number {
    const label = this.#copier.index(labelAt);
    const depth = this.#target(label);
    const { top, extra } = this.#frames;
    const added = extra[top]! - extra[depth]!;
    if (added > 0) this.#copier.replace(labelAt, this.#copier.reader.offset, label + added);
    return depth;
  }

  /** A branch that may be taken, with its label at an offset. */
  branchIf(labelAt: number): void {
    // What is charged on the way goes in front of the instruction, so before the label is written.
    if (this.reachable) this.#reach(this.#target(this.#copier.index(labelAt)));
    if (this.#frames.extra[this.#frames.top]! > 0) this.#moveLabel(labelAt);
  }

  branch(labelAt: number): void {
    this.branchIf(labelAt);
    this.#diverge();
  }

  branchTable(): void {
    const { cursor, reader } = this.#copier;
    const { top, extra, carry, flags } = this.#frames;
    const count = this.#copier.index(cursor.immediates) + 1;
    const labels = reader.offset;
    let wanted: number = unsettled;
    for (let left = count; left > 0; left--) {
      const expected = carry[this.#target(reader.u32())]!;
      if (expected === unsettled || expected === wanted) continue;
      if (wanted !== unsettled && this.reachable) this.disagrees = true;
      wanted = expected;
    }
    if (this.reachable) this.settle(wanted === unsettled ? this.pending : wanted);
    reader.offset = labels;
    for (let left = count; left > 0; left--) {
      const labelAt = reader.offset;
      const label = reader.u32();
      const depth = top - label;
      if (this.reachable) {
        carry[depth] = this.pending;
        flags[depth] = flags[depth]! | BlockFlag.targeted;
      }
      const added = extra[top]! - extra[depth]!;
      if (added > 0) this.#copier.replace(labelAt, reader.offset, label + added);
    }
    this.#diverge();
  }

  return(): void {
    if (this.reachable) {
      this.#reach(0);
      if (this.#meter.hasCosts) {
        const { top, extra } = this.#frames;
        this.#copier.copyBefore();
        this.#copier.code.indexed(op.br, top + extra[top]!);
        this.#copier.skip();
        this.leavesEarly = true;
      }
    }
    this.#diverge();
  }

  /** Control leaves the function for good. */
  leave(): void {
    this.#save();
    this.#diverge();
  }

  call(): void {
    if (!this.reachable) return;
    this.#calls++;
    if (!this.#meter.hasCosts) return;
    this.#save();
    this.#copier.copyThrough();
    if (this.#meter.copiesCount) this.#isStored = true;
    else this.#meter.reload(this.#copier.code, this.#cache);
  }

  #save(): void {
    if (!this.reachable || !this.#meter.hasCosts) return;
    this.#copier.copyBefore();
    this.#meter.save(this.#copier.code, this.#cache, this.pending, this.#isStored);
    this.pending = 0;
  }

  tryTable(): void {
    const { cursor, reader } = this.#copier;
    const { flags } = this.#frames;
    reader.offset = cursor.immediates;
    readBlockType(reader);
    // Labels of handlers count from outside of the block.
    for (let left = reader.u32(); left > 0; left--) {
      const kind = reader.u8();
      if (kind < 2) reader.u32();
      const depth = this.#moveLabel(reader.offset);
      if (this.reachable) flags[depth] = flags[depth]! | BlockFlag.targeted;
    }
    this.block();
  }

  /** `delegate`: the end of a block whose exceptions go to a label, counted from outside. */
  delegate(): void {
    this.end();
    this.#moveLabel(this.#copier.cursor.immediates);
  }

  rethrow(): void {
    this.#save();
    this.#moveLabel(this.#copier.cursor.immediates);
    this.#diverge();
  }
}
