/**
 * Epochs: the host is asked now and then, because another thread put a flag up or because a countdown is over.
 *
 * @packageDocumentation
 */
import { typeCode, valTypeCode } from "../binary/type-codes.ts";
import type { ByteWriter } from "../binary/writer.ts";
import type { Additions } from "./additions.ts";
import type { CodeBuffer } from "./code-buffer.ts";
import { Flag } from "./hooks.ts";
import { type LengthLocal, Meter } from "./meter.ts";
import { op } from "./mnemonics.ts";

/** log2 of the width of the flag. */
const wordAlignment = 2;

/** Bit of the alignment that announces a memory index. */
const hasMemoryIndex = 0x40;

/** Looks at a word of an imported shared memory. The load need not be atomic: no engine hoists it out of a loop. */
export class FlagMeter extends Meter {
  override readonly cacheType = valTypeCode.i32;
  override readonly hasChecks = true;
  readonly #memory: number;
  readonly #slowPath: number;

  /**
   * @param memory - index of the memory with the flag, an i32 at address 0: one of the states of {@link Flag}
   * @param budget - index of a global: how many checks are left while the flag says to count them
   */
  constructor(memory: number, budget: number, additions: Additions) {
    super();
    this.#memory = memory;
    // Returns what has become of the flag.
    this.#slowPath = additions.addFunction({ params: [], results: ["i32"] }, [], (writer) => {
      this.#load(writer);
      writer.u8(op.i32Const);
      writer.s32(Flag.counting);
      writer.u8(op.i32Eq);
      writer.u8(op.if);
      writer.u8(typeCode.empty);
      decrement(writer, budget, 1);
      isSpent(writer, budget);
      writer.u8(op.i32Eqz);
      writer.u8(op.if);
      writer.u8(typeCode.empty);
      writer.u8(op.i32Const);
      writer.s32(Flag.counting);
      writer.u8(op.return);
      writer.u8(op.end);
      writer.u8(op.end);
      ask(writer, budget, additions);
      this.#load(writer);
    });
  }

  override enter(code: CodeBuffer): void {
    this.check(code);
  }

  override test(code: CodeBuffer): void {
    this.#load(code);
  }

  override check(code: CodeBuffer): void {
    this.#load(code);
    code.expectNot();
    code.u8(op.if);
    code.u8(typeCode.empty);
    code.indexed(op.call, this.#slowPath);
    code.u8(op.drop);
    code.u8(op.end);
  }

  // The slow path may leave the flag up. Then the local makes the test behind it fail.
  override testLoop(code: CodeBuffer, cache: number, label: number): void {
    this.#load(code);
    code.expectNot();
    code.u8(op.if);
    code.u8(typeCode.empty);
    code.indexed(op.localGet, cache);
    code.u8(op.i32Eqz);
    code.indexed(op.brIf, label + 1);
    code.indexed(op.i32Const, 0);
    code.indexed(op.localSet, cache);
    code.u8(op.end);
  }

  override slowPath(code: CodeBuffer, cache: number): void {
    code.indexed(op.call, this.#slowPath);
    code.indexed(op.localSet, cache);
  }

  #load(code: CodeWriter): void {
    code.u8(op.i32Const);
    code.s32(0);
    code.u8(op.i32Load);
    if (this.#memory === 0) {
      code.u8(wordAlignment);
    } else {
      code.u8(wordAlignment | hasMemoryIndex);
      code.u32(this.#memory);
    }
    code.u32(0);
  }
}

/**
 * What a function counts in its local: units times two, and whether it has told the others of some. It tells them soon, as
 * it may be called often, but then not so soon again: it goes on from below zero.
 */
const Count = {
  unitShift: 1,
  /** With one more unit than this, others have to be told. */
  full: 62,
  /** How much lower the count goes on. */
  headStart: 960,
  told: 1,
} as const;

/** log2 of how much counts as one unit: bytes of code, and bytes or elements of a bulk operation. */
const unitShift = 6;

/** The most that an iteration or call counts: what two bytes can hold in the local. */
const mostWeight = 4095;

function weightOf(codeSize: number): number {
  return Math.min(1 + (codeSize >> unitShift), mostWeight);
}

/**
 * Counts calls and iterations, weighed by the size of their code: needs nothing of the engine. A loop that calls nothing
 * touches no memory: it counts in a local and reports now and then. Everything else counts in a global, so that a
 * function of the host that spends the budget is asked at the next check.
 */
export class CountdownMeter extends Meter {
  override readonly cacheType = valTypeCode.i32;
  override readonly hasChecks = true;
  override readonly reloadsForLoops = true;
  readonly #budget: number;
  readonly #entry: number;
  readonly #again: number;
  readonly #report: number;

  /** @param budget - index of a global: the units until the host is asked; it is spent below 0 */
  constructor(budget: number, additions: Additions) {
    super();
    this.#budget = budget;
    this.#entry = additions.addFunction({ params: [], results: [] }, [], (writer) =>
      ask(writer, budget, additions),
    );
    // What is tested again must pass, whatever the host said: it has been asked.
    this.#again = additions.addFunction({ params: ["i32"], results: [] }, [], (writer) => {
      ask(writer, budget, additions);
      isSpent(writer, budget);
      writer.u8(op.if);
      writer.u8(typeCode.empty);
      writer.u8(op.i32Const);
      writer.s32(0);
      writer.u8(op.globalSet);
      writer.u32(budget);
      writer.u8(op.end);
      writer.u8(op.localGet);
      writer.u32(0);
      writer.u8(op.globalGet);
      writer.u32(budget);
      writer.u8(op.i32Add);
      writer.u8(op.globalSet);
      writer.u32(budget);
    });
    // Returns what the function counts on from.
    this.#report = additions.addFunction({ params: ["i32"], results: ["i32"] }, [], (writer) => {
      writer.u8(op.globalGet);
      writer.u32(budget);
      writer.u8(op.localGet);
      writer.u32(0);
      writer.u8(op.i32Const);
      writer.s32(Count.unitShift);
      writer.u8(op.i32ShrS);
      writer.u8(op.i32Sub);
      writer.u8(op.localGet);
      writer.u32(0);
      writer.u8(op.i32Const);
      writer.s32(Count.told);
      writer.u8(op.i32And);
      writer.u8(op.i32Const);
      writer.s32(Count.headStart);
      writer.u8(op.i32Mul);
      writer.u8(op.i32Sub);
      writer.u8(op.globalSet);
      writer.u32(budget);
      isSpent(writer, budget);
      writer.u8(op.if);
      writer.u8(typeCode.empty);
      ask(writer, budget, additions);
      writer.u8(op.end);
      writer.u8(op.i32Const);
      writer.s32(Count.full);
      writer.u8(op.i32Const);
      writer.s32((-Count.headStart << Count.unitShift) | Count.told);
      isSpent(writer, budget);
      writer.u8(op.select);
    });
  }

  override enter(code: CodeBuffer, _cache: number, bodySize: number): void {
    decrement(code, this.#budget, weightOf(bodySize));
    isSpent(code, this.#budget);
    code.expectNot();
    code.u8(op.if);
    code.u8(typeCode.empty);
    code.indexed(op.call, this.#entry);
    code.u8(op.end);
  }

  override test(code: CodeBuffer, cache: number): void {
    code.u8(op.i32Const);
    code.patchTwoBytes(code.length, 1 << Count.unitShift);
    code.length += 2;
    code.indexed(op.localGet, cache);
    code.u8(op.i32Add);
    code.indexed(op.localTee, cache);
    code.u8(op.i32Const);
    code.s32(Count.full + 1);
    code.u8(op.i32GtS);
  }

  override testLoop(code: CodeBuffer, cache: number, label: number): void {
    const end = code.length + this.#loopTestSize(cache);
    this.test(code, cache);
    fillUpTo(end, code);
    code.indexed(op.brIf, label);
  }

  /** Bytes of the longer of the two tests a loop may have. */
  #loopTestSize(cache: number): number {
    return Math.max(9 + 2 * indexSize(cache), 10 + 3 * indexSize(this.#budget));
  }

  override weigh(code: CodeBuffer, testAt: number, loopSize: number): void {
    code.patchTwoBytes(testAt + 1, weightOf(loopSize) << Count.unitShift);
  }

  override weighCalling(code: CodeBuffer, testAt: number, cache: number, loopSize: number): void {
    const end = code.length;
    code.length = testAt;
    decrement(code, this.#budget, weightOf(loopSize));
    isSpent(code, this.#budget);
    fillUpTo(testAt + this.#loopTestSize(cache), code);
    code.length = end;
  }

  override slowPath(code: CodeBuffer, cache: number): void {
    code.indexed(op.localGet, cache);
    code.indexed(op.call, this.#report);
    code.indexed(op.localSet, cache);
  }

  // The test behind it counts the same iteration again: for a large loop, enough to come here again.
  override slowPathOfLoop(code: CodeBuffer, cache: number, loopSize: number, hasCalls: boolean): void {
    if (hasCalls) {
      code.u8(op.i32Const);
      code.s32(weightOf(loopSize));
      code.indexed(op.call, this.#again);
      return;
    }
    code.indexed(op.localGet, cache);
    code.indexed(op.call, this.#report);
    code.u8(op.i32Const);
    code.s32(weightOf(loopSize) << Count.unitShift);
    code.u8(op.i32Sub);
    code.indexed(op.localSet, cache);
  }

  /** Makes the next test succeed when the budget is spent. */
  override reload(code: CodeBuffer, cache: number): void {
    code.indexed(op.i32Const, Count.full);
    code.indexed(op.localGet, cache);
    isSpent(code, this.#budget);
    code.u8(op.select);
    code.indexed(op.localSet, cache);
  }

  override chargeBulk(code: CodeBuffer, cache: number, length: LengthLocal): void {
    code.indexed(op.localGet, cache);
    code.indexed(op.localGet, length.index);
    code.indexed(length.isWide ? op.i64Const : op.i32Const, unitShift);
    code.u8(length.isWide ? op.i64ShrU : op.i32ShrU);
    if (length.isWide) code.u8(op.i32WrapI64);
    code.indexed(op.i32Const, Count.unitShift);
    code.u8(op.i32Shl);
    code.u8(op.i32Add);
    code.indexed(op.localSet, cache);
    this.reload(code, cache);
  }
}

type CodeWriter = Pick<ByteWriter & CodeBuffer, "u8" | "u32" | "s32">;

function decrement(code: CodeWriter, budget: number, units: number): void {
  code.u8(op.globalGet);
  code.u32(budget);
  code.u8(op.i32Const);
  code.s32(units);
  code.u8(op.i32Sub);
  code.u8(op.globalSet);
  code.u32(budget);
}

/** Pushes whether a budget is spent. */
function isSpent(code: CodeWriter, budget: number): void {
  code.u8(op.globalGet);
  code.u32(budget);
  code.u8(op.i32Const);
  code.s32(0);
  code.u8(op.i32LtS);
}

function indexSize(index: number): number {
  return index < 1 << 7 ? 1 : index < 1 << 14 ? 2 : 3;
}

function fillUpTo(end: number, code: CodeBuffer): void {
  while (code.length < end) code.u8(op.nop);
}

/** Asks the host, which sets the budget. */
function ask(writer: ByteWriter, budget: number, additions: Additions): void {
  additions.callHook(writer, "interrupt");
  writer.u8(op.globalSet);
  writer.u32(budget);
}
