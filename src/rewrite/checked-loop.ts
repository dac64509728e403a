/**
 * A loop that is left when it is time to call the host, and entered again.
 *
 * A call in a loop costs the optimisations of the whole loop, taken or not. With nothing on the stack where it starts, a
 * loop can be left and entered again as if nothing had happened, so the call goes outside:
 *
 * ```text
 * block $exit
 *   loop $again
 *     block $slow
 *       loop            ;; the loop there was
 *         br_if $slow   ;; it is time
 *         …
 *       end
 *       br $exit
 *     end
 *     …                 ;; the slow path
 *     br $again
 *   end
 * end
 * ```
 *
 * @packageDocumentation
 */
import { typeCode } from "../binary/type-codes.ts";
import type { BodyCopier } from "./body-copier.ts";
import type { Meter } from "./meter.ts";
import { op } from "./mnemonics.ts";

/** How many blocks are put around. */
export const blocksAroundLoop = 3;

/**
 * Writes the start of the loop in place of the current instruction, a `loop` without parameters.
 * @returns where its test starts
 */
export function openCheckedLoop(copier: BodyCopier, meter: Meter, cache: number): number {
  const { code, cursor, source } = copier;
  const { immediates, next } = cursor;
  copier.copyBefore();
  code.u8(op.block);
  code.copy(source, immediates, next);
  code.u8(op.loop);
  code.copy(source, immediates, next);
  code.u8(op.block);
  code.u8(typeCode.empty);
  code.u8(op.loop);
  code.copy(source, immediates, next);
  copier.skip();
  const test = code.length;
  meter.testLoop(code, cache, 1);
  return test;
}

/**
 * Writes the end of the loop behind the current instruction, its `end`.
 *
 * @param start - offset of the loop
 * @param test - where its test starts
 */
export function closeCheckedLoop(
  copier: BodyCopier,
  meter: Meter,
  cache: number,
  start: number,
  test: number,
  hasCalls: boolean,
): void {
  const { code, cursor } = copier;
  const size = cursor.next - start;
  if (hasCalls) meter.weighCalling(code, test, cache, size);
  else meter.weigh(code, test, size);
  copier.copyThrough();
  copier.mark(start);
  code.indexed(op.br, 2);
  code.u8(op.end);
  meter.slowPathOfLoop(code, cache, size, hasCalls);
  code.indexed(op.br, 0);
  code.u8(op.end);
  code.u8(op.end);
}
