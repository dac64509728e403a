/**
 * The blocks that are open at an instruction, for the rewriter.
 *
 * @packageDocumentation
 */

/** What is known of a block: bits of {@link ControlStack.flags}. */
export const BlockFlag = {
  /** Its start can be reached. */
  entered: 1,
  /** Something leads to its label. */
  targeted: 2,
  loop: 4,
  /** An `if`, up to its `else`. */
  if: 8,
  /** Blocks were put around it, so that its slow path lies outside. */
  wrapped: 16,
} as const;

/** Few functions nest deeper, and a stack that has to grow makes the engine compile the rewriter anew. */
const expectedDepth = 1024;

/** A {@link ControlStack.carry} that no branch has settled yet. */
export const unsettled = -1;

/**
 * Struct of arrays, indexed by depth: 0 is the function. Nothing is allocated per block: there are millions.
 *
 * Costs are not charged where a block begins or ends but carried over, as far as all ways to a label agree: `carry` is
 * what is still to be charged when control arrives there.
 */
export class ControlStack {
  /** Depth of the innermost block. */
  top = -1;
  flags = new Uint8Array(expectedDepth);
  carry = new Int32Array(expectedDepth);
  /** What is to be charged at the `else`. */
  elseCarry = new Int32Array(expectedDepth);
  /** How many blocks were put around this one and those it is in. */
  extra = new Int32Array(expectedDepth);
  /** Offset of the instruction that opened the block. */
  start = new Uint32Array(expectedDepth);
  /** Where in the written code a loop is tested; -1 where it is not. */
  test = new Int32Array(expectedDepth);
  /** How many calls there were before the block. */
  calls = new Uint32Array(expectedDepth);

  push(flags: number, carry: number, start: number, calls: number): void {
    const top = ++this.top;
    if (top === this.flags.length) this.#grow();
    this.flags[top] = flags;
    this.carry[top] = carry;
    this.extra[top] = top === 0 ? 0 : this.extra[top - 1]!;
    this.start[top] = start;
    this.test[top] = -1;
    this.calls[top] = calls;
  }

  #grow(): void {
    this.flags = doubled(this.flags, Uint8Array);
    this.carry = doubled(this.carry, Int32Array);
    this.elseCarry = doubled(this.elseCarry, Int32Array);
    this.extra = doubled(this.extra, Int32Array);
    this.start = doubled(this.start, Uint32Array);
    this.test = doubled(this.test, Int32Array);
    this.calls = doubled(this.calls, Uint32Array);
  }
}

type Column = Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

function doubled<C extends Column>(column: C, Constructor: new (length: number) => C): C {
  const copy = new Constructor(column.length * 2);
  copy.set(column);
  return copy;
}
