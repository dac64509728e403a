/**
 * The blocks that are open at an instruction, for the rewriter.
 *
 * @packageDocumentation
 */

/** Kinds of blocks. */
export const BlockKind = {
  block: 0,
  loop: 1,
  /** An `if` up to its `else`. */
  if: 2,
} as const;

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
  top = 0;
  kind = new Uint8Array(64);
  /** Whether the block's start can be reached. */
  entered = new Uint8Array(64);
  /** Whether some way leads to the block's label. */
  targeted = new Uint8Array(64);
  carry = new Int32Array(64);
  /** What is to be charged at the `else`. */
  elseCarry = new Int32Array(64);
  /** How many blocks were put around this one and those it is in. */
  extra = new Int32Array(64);
  /** Whether blocks were put around this one itself, so that its slow path lies outside. */
  wrapped = new Uint8Array(64);
  /** Offset of the instruction that opened the block. */
  start = new Uint32Array(64);

  /** Starts over with the frame of a function. */
  reset(carry: number, start: number): void {
    this.top = -1;
    this.push(BlockKind.block, true, carry, start);
    this.extra[0] = 0;
  }

  push(kind: number, entered: boolean, carry: number, start: number): void {
    const top = ++this.top;
    if (top === this.kind.length) this.#grow();
    this.kind[top] = kind;
    this.entered[top] = entered ? 1 : 0;
    this.targeted[top] = 0;
    this.carry[top] = carry;
    this.extra[top] = top === 0 ? 0 : this.extra[top - 1]!;
    this.wrapped[top] = 0;
    this.start[top] = start;
  }

  #grow(): void {
    this.kind = doubled(this.kind, Uint8Array);
    this.entered = doubled(this.entered, Uint8Array);
    this.targeted = doubled(this.targeted, Uint8Array);
    this.wrapped = doubled(this.wrapped, Uint8Array);
    this.carry = doubled(this.carry, Int32Array);
    this.elseCarry = doubled(this.elseCarry, Int32Array);
    this.extra = doubled(this.extra, Int32Array);
    this.start = doubled(this.start, Uint32Array);
  }
}

type Column = Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

function doubled<C extends Column>(column: C, Constructor: new (length: number) => C): C {
  const copy = new Constructor(column.length * 2);
  copy.set(column);
  return copy;
}
