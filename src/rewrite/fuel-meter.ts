/**
 * Fuel: exact accounting by basic block. What is left is in an imported global; zero or less ends the guest.
 *
 * @packageDocumentation
 */
import { typeCode, valTypeCode } from "../binary/type-codes.ts";
import type { ByteWriter } from "../binary/writer.ts";
import type { Additions } from "./additions.ts";
import type { CodeBuffer } from "./code-buffer.ts";
import { type LengthLocal, Meter } from "./meter.ts";
import { op } from "./mnemonics.ts";

/** Pushes what is left less a cost. */
function subtract(code: CodeBuffer, cost: number): void {
  if (cost === 0) return;
  code.u8(op.i64Const);
  code.s32(cost);
  code.u8(op.i64Sub);
}

function subtractLength(code: CodeBuffer, length: LengthLocal): void {
  code.indexed(op.localGet, length.index);
  if (!length.isWide) code.u8(op.i64ExtendI32U);
  code.u8(op.i64Sub);
}

function add(writer: ByteWriter, amount: number): void {
  writer.u8(op.i64Const);
  writer.s32(amount);
  writer.u8(op.i64Add);
}

function isLessThan(code: CodeBuffer, limit: number): void {
  code.u8(op.i64Const);
  code.s32(limit);
  code.u8(op.i64LtS);
}

/** Counts in a local and stores it in the global where control leaves the function, as wasmtime does. */
export class CachedFuelMeter extends Meter {
  override readonly cacheType = valTypeCode.i64;
  override readonly copiesCount = true;
  override readonly hasCosts = true;
  override readonly hasChecks = true;
  override readonly entryCost = 1;
  readonly #global: number;
  readonly #slowPath: number;
  readonly #slowEntry: number;

  /** @param global - index of the global with the fuel */
  constructor(global: number, additions: Additions) {
    super();
    this.#global = global;
    this.#slowPath = additions.addFunction({ params: ["i64"], results: ["i64"] }, [], (writer) => {
      writer.u8(op.localGet);
      writer.u32(0);
      additions.callHook(writer, "outOfFuel");
    });
    // A function charges its first unit later than wasmtime's does: the host must see it charged all the same.
    this.#slowEntry = additions.addFunction({ params: [], results: ["i64"] }, [], (writer) => {
      writer.u8(op.globalGet);
      writer.u32(global);
      add(writer, -this.entryCost);
      additions.callHook(writer, "outOfFuel");
      add(writer, this.entryCost);
    });
  }

  // Loading the global twice would be shorter, but recursion would take up to twice as long.
  override enter(code: CodeBuffer, cache: number): void {
    code.indexed(op.globalGet, this.#global);
    code.indexed(op.localTee, cache);
    isLessThan(code, 1 + this.entryCost);
    code.expectNot();
    code.u8(op.if);
    code.u8(typeCode.empty);
    code.indexed(op.call, this.#slowEntry);
    code.indexed(op.localSet, cache);
    code.u8(op.end);
  }

  override test(code: CodeBuffer, cache: number): void {
    code.indexed(op.localGet, cache);
    isLessThan(code, 1);
  }

  override slowPath(code: CodeBuffer, cache: number): void {
    code.indexed(op.localGet, cache);
    code.indexed(op.call, this.#slowPath);
    code.indexed(op.localSet, cache);
  }

  override charge(code: CodeBuffer, cache: number, cost: number, isStored: boolean): void {
    this.#left(code, cache, isStored);
    subtract(code, cost);
    code.indexed(op.localSet, cache);
  }

  override save(code: CodeBuffer, cache: number, cost: number, isStored: boolean): void {
    if (isStored && cost === 0) return;
    this.#left(code, cache, isStored);
    subtract(code, cost);
    code.indexed(op.globalSet, this.#global);
  }

  override reload(code: CodeBuffer, cache: number): void {
    code.indexed(op.globalGet, this.#global);
    code.indexed(op.localSet, cache);
  }

  override chargeBulk(code: CodeBuffer, cache: number, length: LengthLocal): void {
    code.indexed(op.localGet, cache);
    subtractLength(code, length);
    code.indexed(op.localSet, cache);
  }

  /** Pushes what is left. */
  #left(code: CodeBuffer, cache: number, isStored: boolean): void {
    if (isStored) code.indexed(op.globalGet, this.#global);
    else code.indexed(op.localGet, cache);
  }
}

/**
 * Counts in a local what is still to be taken from the global, for functions that catch exceptions. Where one is thrown
 * nothing is, so the local is right in the handler, and what a callee used is charged. (wasmtime forgets that.)
 */
export class DeferringFuelMeter extends Meter {
  override readonly cacheType = valTypeCode.i64;
  override readonly hasCosts = true;
  override readonly hasChecks = true;
  override readonly entryCost = 1;
  readonly #global: number;
  readonly #slowPath: number;

  constructor(global: number, additions: Additions) {
    super();
    this.#global = global;
    // The host puts what is deferred on top of what it leaves in the global.
    this.#slowPath = additions.addFunction({ params: ["i64"], results: [] }, [], (writer) => {
      writer.u8(op.globalGet);
      writer.u32(global);
      writer.u8(op.localGet);
      writer.u32(0);
      writer.u8(op.i64Sub);
      additions.callHook(writer, "outOfFuel");
      writer.u8(op.drop);
    });
  }

  override enter(code: CodeBuffer): void {
    code.indexed(op.globalGet, this.#global);
    isLessThan(code, 1 + this.entryCost);
    code.expectNot();
    code.u8(op.if);
    code.u8(typeCode.empty);
    code.indexed(op.i64Const, this.entryCost);
    code.indexed(op.call, this.#slowPath);
    code.u8(op.end);
  }

  override test(code: CodeBuffer, cache: number): void {
    this.#left(code, cache);
    isLessThan(code, 1);
  }

  override slowPath(code: CodeBuffer, cache: number): void {
    code.indexed(op.localGet, cache);
    code.indexed(op.call, this.#slowPath);
  }

  override charge(code: CodeBuffer, cache: number, cost: number): void {
    code.indexed(op.localGet, cache);
    subtract(code, -cost);
    code.indexed(op.localSet, cache);
  }

  override save(code: CodeBuffer, cache: number, cost: number): void {
    this.#left(code, cache);
    subtract(code, cost);
    code.indexed(op.globalSet, this.#global);
    code.indexed(op.i64Const, 0);
    code.indexed(op.localSet, cache);
  }

  override chargeBulk(code: CodeBuffer, cache: number, length: LengthLocal): void {
    code.indexed(op.localGet, length.index);
    if (!length.isWide) code.u8(op.i64ExtendI32U);
    code.indexed(op.localGet, cache);
    code.u8(op.i64Add);
    code.indexed(op.localSet, cache);
  }

  /** Pushes what is left. */
  #left(code: CodeBuffer, cache: number): void {
    code.indexed(op.globalGet, this.#global);
    code.indexed(op.localGet, cache);
    code.u8(op.i64Sub);
  }
}
