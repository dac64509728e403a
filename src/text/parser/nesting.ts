/**
 * What is open at a place of an expression, kept apart from the call stack: text may nest as deep as it likes.
 *
 * @packageDocumentation
 */
import { type Operator, operatorNamed } from "../../binary/opcodes.ts";
import type { ByteWriter } from "../../binary/writer.ts";
import type { Cursor } from "../syntax/cursor.ts";
import type { BlockHead } from "./blocks.ts";
import type { BranchHints } from "./branch-hints.ts";
import type { InstructionContext } from "./immediates.ts";
import { Labels } from "./labels.ts";
import type { Locals } from "./locals.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import type { TypeUse } from "./type-uses.ts";

/** What may come next in something that is open. */
export type State =
  /** Flat blocks, which their `end` closes. */
  | "block"
  | "if"
  | "else"
  | "try"
  | "catch"
  | "catch_all"
  /** Folded: operands of an instruction that is written behind them, the body of a block, an arm of `if` or `try`. */
  | "operands"
  | "body"
  | "arm"
  /** Folded: between the arms, where nothing but certain forms may stand. */
  | "condition"
  | "afterThen"
  | "afterElse"
  | "beforeDo"
  | "afterDo"
  | "afterCatch"
  | "afterCatchAll";

export interface Frame {
  state: State;
  /** `operands`: the instruction, written but for its place. */
  readonly pending?: Uint8Array;
  /** `operands`: the indirect call, whose type may be defined only after those in its operands. */
  readonly call?: IndirectCall;
  /** `condition`: the head of the `if`. */
  readonly head?: BlockHead;
  /** The branch hint of what is still to be written. */
  readonly hint?: number | undefined;
}

export interface IndirectCall {
  readonly operator: Operator;
  readonly type: TypeUse;
  readonly table: number;
}

const flatStates: ReadonlySet<State> = new Set(["block", "if", "else", "try", "catch", "catch_all"]);
const formStates: ReadonlySet<State> = new Set([
  "condition",
  "afterThen",
  "afterElse",
  "beforeDo",
  "afterDo",
  "afterCatch",
  "afterCatchAll",
]);

export class Nesting implements InstructionContext {
  readonly cursor: Cursor;
  readonly module: ModuleBuilder;
  readonly writer: ByteWriter;
  readonly locals: Locals;
  readonly labels = new Labels();
  readonly hints: BranchHints;
  readonly frames: Frame[] = [];

  constructor(cursor: Cursor, module: ModuleBuilder, writer: ByteWriter, locals: Locals, hints: BranchHints) {
    this.cursor = cursor;
    this.module = module;
    this.writer = writer;
    this.locals = locals;
    this.hints = hints;
  }

  /** What was opened last. */
  get top(): Frame | undefined {
    return this.frames.at(-1);
  }

  /** Whether an `end` has to come before the next parenthesis closes. */
  get isFlat(): boolean {
    const { top } = this;
    return top !== undefined && flatStates.has(top.state);
  }

  /** Whether nothing but certain forms may stand here. */
  get takesOnlyForms(): boolean {
    const { top } = this;
    return top !== undefined && formStates.has(top.state);
  }

  /** Steps over the name of an instruction. */
  operator(): Operator {
    const operator = operatorNamed(this.cursor.text());
    // The table's second names for the nullable forms of casts are not text.
    if (operator === undefined || (operator.immediates === "refTest" && operator.name.endsWith("_null"))) {
      this.cursor.fail("unknown operator or unexpected token");
    }
    this.cursor.position++;
    return operator;
  }

  /** Complains about an instruction whose name has just been stepped over. */
  misplaced({ name }: Operator): never {
    this.cursor.fail(`unexpected token \`${name}\``, this.cursor.position - 1);
  }
}

/** Highest opcode of the structured instructions; nearly all others are above. */
const lastStructured = 0x1f;

/** The name of an instruction that may be a structured one; the shortcut past all the others. */
export function structuredName(operator: Operator): string | undefined {
  return operator.prefix === 0 && operator.code <= lastStructured ? operator.name : undefined;
}
