/**
 * Epochs: the host is asked now and then, because another thread put a flag up or because a countdown is over.
 *
 * @packageDocumentation
 */
import { typeCode, valTypeCode } from "../binary/type-codes.ts";
import type { Additions } from "./additions.ts";
import type { CodeBuffer } from "./code-buffer.ts";
import { type LengthLocal, Meter } from "./meter.ts";
import { op } from "./mnemonics.ts";

/** Looks at a word of an imported shared memory. The load need not be atomic: no engine hoists it out of a loop. */
export class FlagMeter extends Meter {
  override readonly hasChecks = true;
  readonly #memory: number;
  readonly #slowPath: number;

  /** @param memory - index of the memory with the flag, an i32 at address 0 that is not zero when it is up */
  constructor(memory: number, additions: Additions) {
    super();
    this.#memory = memory;
    this.#slowPath = additions.addFunction({ params: [], results: [] }, [], (writer) => {
      additions.callHook(writer, "interrupt");
      writer.u8(op.drop);
    });
  }

  override enter(code: CodeBuffer, cache: number, callsOut: boolean): void {
    // Without calls a function lasts as long as its loops, which are checked.
    if (callsOut) this.check(code, cache);
  }

  override test(code: CodeBuffer): void {
    code.indexed(op.i32Const, 0);
    code.u8(op.i32Load);
    if (this.#memory === 0) {
      code.u8(wordAlignment);
    } else {
      code.u8(wordAlignment | hasMemoryIndex);
      code.u32(this.#memory);
    }
    code.u32(0);
  }

  override slowPath(code: CodeBuffer): void {
    code.indexed(op.call, this.#slowPath);
  }
}

/** log2 of the width of the flag. */
const wordAlignment = 2;

/** Bit of the alignment that announces a memory index. */
const hasMemoryIndex = 0x40;

/** How many iterations a function may have counted before it tells the rest of the instance. */
const iterationsPerReport = 1023;

/** log2 of the bytes or elements of a bulk operation that count as one iteration. */
const bulkShift = 6;

/**
 * Counts iterations in a local, and these and function entries in a global of the instance: needs nothing of the engine
 * and touches no memory in a loop. Bounded, not exact: an activation reports every 1,023 iterations.
 */
export class CountdownMeter extends Meter {
  override readonly cacheType = valTypeCode.i32;
  override readonly hasChecks = true;
  readonly #budget: number;
  readonly #entry: number;
  readonly #report: number;

  /** @param budget - index of a global of the instance: the iterations and entries until the host is asked */
  constructor(budget: number, additions: Additions) {
    super();
    this.#budget = budget;
    this.#entry = additions.addFunction({ params: [], results: [] }, [], (writer) => {
      additions.callHook(writer, "interrupt");
      writer.u8(op.globalSet);
      writer.u32(budget);
    });
    this.#report = additions.addFunction({ params: ["i32"], results: ["i32"] }, [], (writer) => {
      writer.u8(op.globalGet);
      writer.u32(budget);
      writer.u8(op.localGet);
      writer.u32(0);
      writer.u8(op.i32Sub);
      writer.u8(op.globalSet);
      writer.u32(budget);
      writer.u8(op.globalGet);
      writer.u32(budget);
      writer.u8(op.i32Const);
      writer.s32(0);
      writer.u8(op.i32LtS);
      writer.u8(op.if);
      writer.u8(typeCode.empty);
      writer.u8(op.call);
      writer.u32(this.#entry);
      writer.u8(op.end);
      writer.u8(op.i32Const);
      writer.s32(0);
    });
  }

  override enter(code: CodeBuffer, _cache: number, callsOut: boolean): void {
    if (!callsOut) return;
    code.indexed(op.globalGet, this.#budget);
    code.indexed(op.i32Const, 1);
    code.u8(op.i32Sub);
    code.indexed(op.globalSet, this.#budget);
    code.indexed(op.globalGet, this.#budget);
    code.indexed(op.i32Const, 0);
    code.u8(op.i32LtS);
    code.expectNot();
    code.u8(op.if);
    code.u8(typeCode.empty);
    code.indexed(op.call, this.#entry);
    code.u8(op.end);
  }

  override test(code: CodeBuffer, cache: number): void {
    code.indexed(op.localGet, cache);
    code.indexed(op.i32Const, 1);
    code.u8(op.i32Add);
    code.indexed(op.localTee, cache);
    code.u8(op.i32Const);
    code.s32(iterationsPerReport);
    code.u8(op.i32GtU);
  }

  override slowPath(code: CodeBuffer, cache: number): void {
    code.indexed(op.localGet, cache);
    code.indexed(op.call, this.#report);
    code.indexed(op.localSet, cache);
  }

  override chargeBulk(code: CodeBuffer, cache: number, length: LengthLocal): void {
    code.indexed(op.localGet, cache);
    code.indexed(op.localGet, length.index);
    code.indexed(length.isWide ? op.i64Const : op.i32Const, bulkShift);
    code.u8(length.isWide ? op.i64ShrU : op.i32ShrU);
    if (length.isWide) code.u8(op.i32WrapI64);
    code.u8(op.i32Add);
    code.indexed(op.localSet, cache);
  }
}
