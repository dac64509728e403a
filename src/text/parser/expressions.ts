/**
 * Sequences of instructions, flat and folded, without recursion: what is open is kept on a stack of its own.
 *
 * Spec: https://webassembly.github.io/spec/core/text/instructions.html#folded-instructions
 */
import { type Operator, operatorNamed } from "../../binary/opcodes.ts";
import type { ByteWriter } from "../../binary/writer.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { TokenKind } from "../syntax/tokens.ts";
import { type BlockHead, blockHead, enterBlock } from "./blocks.ts";
import { type InstructionContext, writeOpcode, writePlain } from "./immediates.ts";
import { Labels } from "./labels.ts";
import { Locals } from "./locals.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import { type TypeUse, typeIndexOf, typeUse } from "./type-uses.ts";

/** What is open, and what may come next in it. */
type State =
  // Blocks that their `end` closes.
  | "flatBlock"
  | "flatIf"
  | "flatElse"
  | "flatTry"
  | "flatCatch"
  | "flatCatchAll"
  // Folded instructions, which their parenthesis closes: operands of one that is written then, body of a block,
  // one of the arms of `if` and `try`, …
  | "operands"
  | "body"
  | "arm"
  // … and the places between these arms, where nothing but certain forms may stand.
  | "condition"
  | "afterThen"
  | "afterElse"
  | "beforeDo"
  | "afterDo"
  | "afterCatch"
  | "afterCatchAll";

interface Frame {
  state: State;
  /** The instruction that is written when its operands have been; `call` where its type comes from a signature. */
  readonly pending?: Uint8Array;
  readonly call?: PendingCall;
  readonly head?: BlockHead;
  readonly hint?: number | undefined;
}

interface PendingCall {
  readonly operator: Operator;
  readonly type: TypeUse;
  readonly table: number;
}

/** Highest opcode of the structured instructions; most others are above. */
const lastStructured = 0x1f;
const hintAnnotation = "metadata.code.branch_hint";

export class Expressions implements InstructionContext {
  readonly cursor: Cursor;
  readonly module: ModuleBuilder;
  readonly writer: ByteWriter;
  readonly labels = new Labels();
  readonly locals: Locals;
  /** Branch hints of the instructions so far. */
  readonly hints: [offset: number, likely: number][] = [];
  readonly #bodyStart: number;
  readonly #frames: Frame[] = [];
  /** The hint that the next instruction takes. */
  #hint: number | undefined;

  /** @param bodyStart - where the function body starts in the writer: hints count from there */
  constructor(
    cursor: Cursor,
    module: ModuleBuilder,
    writer: ByteWriter,
    locals = new Locals(),
    bodyStart = 0,
  ) {
    this.cursor = cursor;
    this.module = module;
    this.writer = writer;
    this.locals = locals;
    this.#bodyStart = bodyStart;
  }

  /** Instructions up to the end of the form they stand in; that end is left to the caller. */
  sequence(): void {
    while (this.#frames.length > 0 || this.cursor.kind() !== TokenKind.rightParen) this.#step();
    this.#checkHint();
    this.writer.u8(end.code);
  }

  /** A single folded instruction. */
  folded(): void {
    if (this.cursor.kind() !== TokenKind.leftParen)
      this.cursor.fail("expected to continue a folded instruction");
    do this.#step();
    while (this.#frames.length > 0);
    this.writer.u8(end.code);
  }

  #step(): void {
    const { cursor } = this;
    switch (cursor.kind()) {
      case TokenKind.keyword:
        this.#flat();
        break;
      case TokenKind.leftParen:
        this.#open();
        break;
      case TokenKind.rightParen:
        this.#close();
        break;
      case TokenKind.end:
        cursor.fail("expected `)`");
        break;
      default:
        cursor.fail("expected an instruction");
        break;
    }
  }

  #operator(): Operator {
    const operator = operatorNamed(this.cursor.text());
    // The table's second names for the nullable forms of casts are not text.
    if (operator === undefined || (operator.immediates === "refTest" && operator.name.endsWith("_null"))) {
      this.cursor.fail("unknown operator or unexpected token");
    }
    this.cursor.position++;
    return operator;
  }

  /** An instruction without parentheses. */
  #flat(): void {
    const { cursor, writer, labels } = this;
    const top = this.#frames.at(-1);
    if (top !== undefined && takesOnlyForms.has(top.state)) cursor.fail("expected `(`");
    const operator = this.#operator();
    this.#takeHint();
    switch (structuredName(operator)) {
      case "block":
      case "loop":
      case "try_table":
        this.#enterFlat(operator, "flatBlock");
        break;
      case "if":
        this.#enterFlat(operator, "flatIf");
        break;
      case "try":
        this.#enterFlat(operator, "flatTry");
        break;
      case "else":
        this.#continueFlat(operator, "flatElse", "flatIf");
        labels.repeat(cursor);
        break;
      case "catch":
        this.#continueFlat(operator, "flatCatch", "flatTry", "flatCatch");
        writer.u32(this.module.spaces.tag.index(cursor));
        break;
      case "catch_all":
        this.#continueFlat(operator, "flatCatchAll", "flatTry", "flatCatch");
        labels.repeat(cursor);
        break;
      case "end":
        if (!this.#isFlat()) this.#misplaced(operator);
        this.#frames.pop();
        labels.repeat(cursor);
        labels.leave();
        writer.u8(operator.code);
        break;
      case "delegate":
        if (top?.state !== "flatTry") this.#misplaced(operator);
        this.#frames.pop();
        labels.leave();
        writePlain(this, operator);
        break;
      default:
        writePlain(this, operator);
        break;
    }
  }

  #enterFlat(operator: Operator, state: State): void {
    enterBlock(this, blockHead(this, operator));
    this.#frames.push({ state });
  }

  #continueFlat(operator: Operator, state: State, ...after: readonly State[]): void {
    const top = this.#frames.at(-1);
    if (top === undefined || !after.includes(top.state)) this.#misplaced(operator);
    top.state = state;
    this.writer.u8(operator.code);
  }

  #isFlat(): boolean {
    return this.#frames.at(-1)?.state.startsWith("flat") === true;
  }

  #misplaced(operator: Operator): never {
    this.cursor.fail(`unexpected token \`${operator.name}\``, this.cursor.position - 1);
  }

  /** A form: a folded instruction, an arm of one, or a branch hint. */
  #open(): void {
    const { cursor } = this;
    if (cursor.kind(1) === TokenKind.annotation) {
      this.#parseHint();
      return;
    }
    const top = this.#frames.at(-1);
    if (top !== undefined && takesOnlyForms.has(top.state) && this.#openArm(top)) return;
    cursor.position++;
    if (cursor.kind() !== TokenKind.keyword) cursor.fail("expected an instruction");
    const operator = this.#operator();
    const hint = this.#hint;
    this.#hint = undefined;
    switch (structuredName(operator)) {
      case "block":
      case "loop":
      case "try_table":
        this.#record(hint);
        enterBlock(this, blockHead(this, operator));
        this.#frames.push({ state: "body" });
        return;
      case "try":
        this.#record(hint);
        enterBlock(this, blockHead(this, operator));
        this.#frames.push({ state: "beforeDo" });
        return;
      case "if":
        this.#frames.push({ state: "condition", head: blockHead(this, operator), hint });
        return;
      case "else":
      case "end":
      case "catch":
      case "catch_all":
      case "delegate":
        this.#misplaced(operator);
        break;
      default:
        this.#openOperands(operator, hint);
        break;
    }
  }

  #openOperands(operator: Operator, hint: number | undefined): void {
    const { cursor, module, writer } = this;
    if (operator.immediates === "callIndirect") {
      const table = module.spaces.table.indexOrZero(cursor);
      const call = { operator, table, type: typeUse(cursor, module.types) };
      this.#frames.push({ state: "operands", call, hint });
      return;
    }
    const start = writer.length;
    writePlain(this, operator);
    if (cursor.kind() === TokenKind.rightParen) {
      cursor.position++;
      if (hint !== undefined) this.hints.push([start - this.#bodyStart, hint]);
    } else {
      this.#frames.push({ state: "operands", pending: writer.cut(start), hint });
    }
  }

  /** Opens an arm where only arms may stand; false where it is an operand of `if` instead. */
  #openArm(top: Frame): boolean {
    const { cursor, writer } = this;
    switch (top.state) {
      case "condition":
        if (!cursor.isForm("then")) return false;
        this.#checkHint();
        cursor.position += 2;
        this.#record(top.hint);
        enterBlock(this, top.head!);
        top.state = "afterThen";
        break;
      case "afterThen":
        cursor.position++;
        cursor.expectKeyword("else");
        writer.u8(elseOperator.code);
        top.state = "afterElse";
        break;
      case "beforeDo":
        cursor.position++;
        cursor.expectKeyword("do");
        top.state = "afterDo";
        break;
      case "afterDo":
      case "afterCatch":
        return this.#openHandler(top);
      case "afterElse":
        cursor.fail("unexpected token: too many payloads inside of `(if)`", cursor.position + 1);
        break;
      default:
        cursor.fail("expected `)`");
        break;
    }
    this.#frames.push({ state: "arm" });
    return true;
  }

  /** Opens a `catch` or `catch_all`, or closes the `try` with its `delegate`. */
  #openHandler(top: Frame): true {
    const { cursor, module, writer, labels } = this;
    cursor.position++;
    if (cursor.isKeyword("delegate") && top.state === "afterDo") {
      const operator = this.#operator();
      this.#frames.pop();
      labels.leave();
      writePlain(this, operator);
      cursor.close();
      cursor.close();
      return true;
    }
    if (!cursor.isKeyword("catch") && !cursor.isKeyword("catch_all"))
      cursor.fail("expected `catch` or `catch_all`");
    const operator = this.#operator();
    writer.u8(operator.code);
    if (operator.name === "catch") writer.u32(module.spaces.tag.index(cursor));
    top.state = operator.name === "catch" ? "afterCatch" : "afterCatchAll";
    this.#frames.push({ state: "arm" });
    return true;
  }

  #close(): void {
    const { cursor, writer, labels } = this;
    if (this.#isFlat()) cursor.fail("unexpected token, expected `end`");
    this.#checkHint();
    const frame = this.#frames.pop()!;
    switch (frame.state) {
      case "operands":
        this.#record(frame.hint);
        if (frame.call !== undefined) this.#writeCall(frame.call);
        else writer.bytes(frame.pending!);
        break;
      case "condition":
        cursor.fail("previous `if` had no `then`");
        break;
      case "beforeDo":
        cursor.fail("previous `try` had no `do`");
        break;
      case "arm":
        break;
      default:
        labels.leave();
        writer.u8(end.code);
    }
    cursor.position++;
  }

  #writeCall({ operator, type, table }: PendingCall): void {
    const { module, writer } = this;
    writeOpcode(writer, operator);
    writer.u32(typeIndexOf(type, module.types));
    writer.u32(table);
  }

  /** Branch hinting proposal: `(@metadata.code.branch_hint "\00")` in front of an instruction. */
  #parseHint(): void {
    const { cursor } = this;
    if (!cursor.isAnnotation(hintAnnotation)) cursor.fail("expected an instruction", cursor.position + 1);
    cursor.position += 2;
    const [value, ...rest] = cursor.string();
    if (rest.length > 0 || (value !== 0 && value !== 1)) cursor.fail("invalid value for branch hint");
    if (this.#hint !== undefined) cursor.fail(`@${hintAnnotation} annotation: duplicate annotation`);
    cursor.close();
    this.#hint = value;
  }

  #takeHint(): void {
    this.#record(this.#hint);
    this.#hint = undefined;
  }

  #record(hint: number | undefined): void {
    if (hint !== undefined) this.hints.push([this.writer.length - this.#bodyStart, hint]);
  }

  #checkHint(): void {
    if (this.#hint !== undefined)
      this.cursor.fail(`@${hintAnnotation} annotation: must precede an instruction`);
  }
}

/** The name of an instruction that may be a structured one; a shortcut past all the others. */
function structuredName(operator: Operator): string | undefined {
  return operator.prefix === 0 && operator.code <= lastStructured ? operator.name : undefined;
}

const end = operatorNamed("end")!;
const elseOperator = operatorNamed("else")!;
const takesOnlyForms: ReadonlySet<State> = new Set([
  "condition",
  "afterThen",
  "afterElse",
  "beforeDo",
  "afterDo",
  "afterCatch",
  "afterCatchAll",
]);
