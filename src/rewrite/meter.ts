/**
 * What a meter puts into code: instructions that count work and leave for the host when it is time.
 *
 * @packageDocumentation
 */
import { typeCode } from "../binary/type-codes.ts";
import type { CodeBuffer } from "./code-buffer.ts";
import { op } from "./mnemonics.ts";

/** Which local holds the length of a bulk operation, and whether it is an i64. */
export interface LengthLocal {
  readonly index: number;
  readonly isWide: boolean;
}

/**
 * Writes the instructions of one way of metering. This one has nothing to count: the others override what they need.
 *
 * `cache` is the index of the local a function has for the meter, if {@link Meter.cacheType} says so.
 */
export class Meter {
  /** Type code of that local. */
  readonly cacheType: number | undefined = undefined;
  /** Whether instructions cost something. What they cost is collected while code is written, and charged in sums. */
  readonly hasCosts: boolean = false;
  /** Whether loops are checked, and functions on entry. */
  readonly hasChecks: boolean = false;
  /** Whether the local has a copy of the count, which is out of date after a call. */
  readonly copiesCount: boolean = false;
  /** Whether what happens in a call may make it time for the slow path, so that loops behind it reload. */
  readonly reloadsForLoops: boolean = false;
  /** What a function costs before its first instruction. */
  readonly entryCost: number = 0;

  /** At the start of a function whose body has so many bytes. */
  enter(_code: CodeBuffer, _cache: number, _bodySize: number): void {}

  /** Pushes an i32 that is not zero when it is time for {@link slowPath}. */
  test(_code: CodeBuffer, _cache: number): void {}

  /** The same as a branch to a label, behind which the slow path and then this test come once more. */
  testLoop(code: CodeBuffer, cache: number, label: number): void {
    this.test(code, cache);
    // No hint that it is not taken: V8 places the loops of interpreters worse with one, by half.
    code.indexed(op.brIf, label);
  }

  /** Once a loop of so many bytes is written, whose {@link test} starts at an offset. */
  weigh(_code: CodeBuffer, _testAt: number, _loopSize: number): void {}

  /** The same if the loop was opened with {@link testLoop} and there are calls in it. */
  weighCalling(code: CodeBuffer, testAt: number, _cache: number, loopSize: number): void {
    this.weigh(code, testAt, loopSize);
  }

  /** Calls the host. */
  slowPath(_code: CodeBuffer, _cache: number): void {}

  /** Calls the host before a loop of so many bytes is entered again, and tested. */
  slowPathOfLoop(code: CodeBuffer, cache: number, _loopSize: number, _hasCalls: boolean): void {
    this.slowPath(code, cache);
  }

  /**
   * Charges the sum of some instructions. It may be negative: they were charged too much before.
   *
   * @param _isStored - whether the count is still where other functions find it, and not yet in the local
   */
  charge(_code: CodeBuffer, _cache: number, _cost: number, _isStored: boolean): void {}

  /** Charges, and stores the count where other functions find it. */
  save(_code: CodeBuffer, _cache: number, _cost: number, _isStored: boolean): void {}

  /** Loads the count, or what has become of it in a call. */
  reload(_code: CodeBuffer, _cache: number): void {}

  /** Charges the work of a bulk operation. */
  chargeBulk(_code: CodeBuffer, _cache: number, _length: LengthLocal): void {}

  /** Test and slow path in one, for places that are not loops. */
  check(code: CodeBuffer, cache: number): void {
    this.test(code, cache);
    code.expectNot();
    code.u8(op.if);
    code.u8(typeCode.empty);
    this.slowPath(code, cache);
    code.u8(op.end);
  }
}
