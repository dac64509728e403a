/**
 * Folded instructions: in parentheses, with their operands in front of themselves.
 *
 * Spec: https://webassembly.github.io/spec/core/text/instructions.html#folded-instructions
 *
 * @packageDocumentation
 */
import { type Operator, operatorNamed } from "../../binary/opcodes.ts";
import { TokenKind } from "../syntax/tokens.ts";
import { blockHead, enterBlock } from "./blocks.ts";
import { writeOpcode, writePlain } from "./immediates.ts";
import { type Frame, type Nesting, type State, structuredName } from "./nesting.ts";
import { typeIndexOf, typeUse } from "./type-uses.ts";

const end = operatorNamed("end")!;
const elseOperator = operatorNamed("else")!;

/** Steps into the form that comes next: an instruction, an arm of one, or a branch hint, which is stepped over. */
export function openForm(nesting: Nesting): void {
  const { cursor, hints } = nesting;
  if (cursor.kind(1) === TokenKind.annotation) hints.parse(cursor);
  else if (!nesting.takesOnlyForms || isOperandOfIf(nesting)) openInstruction(nesting);
  else openArm(nesting, nesting.top!);
}

function isOperandOfIf({ cursor, top }: Nesting): boolean {
  return top?.state === "condition" && !cursor.isForm("then");
}

function openInstruction(nesting: Nesting): void {
  const { cursor, frames, hints } = nesting;
  cursor.position++;
  if (cursor.kind() !== TokenKind.keyword) cursor.fail("expected an instruction");
  const operator = nesting.operator();
  const hint = hints.take();
  switch (structuredName(operator)) {
    case "block":
    case "loop":
    case "try_table":
      openBlock(nesting, operator, "body", hint);
      break;
    case "try":
      openBlock(nesting, operator, "beforeDo", hint);
      break;
    case "if":
      frames.push({ state: "condition", head: blockHead(nesting, operator), hint });
      break;
    case "else":
    case "end":
    case "catch":
    case "catch_all":
    case "delegate":
      nesting.misplaced(operator);
      break;
    default:
      openOperands(nesting, operator, hint);
  }
}

function openBlock(nesting: Nesting, operator: Operator, state: State, hint: number | undefined): void {
  nesting.hints.note(hint);
  enterBlock(nesting, blockHead(nesting, operator));
  nesting.frames.push({ state });
}

function openOperands(nesting: Nesting, operator: Operator, hint: number | undefined): void {
  const { cursor, module, writer, frames } = nesting;
  if (operator.immediates === "callIndirect") {
    const table = module.spaces.table.indexOrZero(cursor);
    frames.push({ state: "operands", call: { operator, table, type: typeUse(cursor, module.types) }, hint });
    return;
  }
  const start = writer.length;
  writePlain(nesting, operator);
  if (cursor.kind() === TokenKind.rightParen) {
    cursor.position++;
    nesting.hints.note(hint, start);
  } else frames.push({ state: "operands", pending: writer.cut(start), hint });
}

/** Steps into an arm, in a place where nothing else may stand. */
function openArm(nesting: Nesting, top: Frame): void {
  const { cursor, writer, frames, hints } = nesting;
  cursor.position++;
  switch (top.state) {
    case "condition":
      hints.checkTaken(cursor);
      cursor.expectKeyword("then");
      hints.note(top.hint);
      enterBlock(nesting, top.head!);
      top.state = "afterThen";
      break;
    case "afterThen":
      cursor.expectKeyword("else");
      writer.u8(elseOperator.code);
      top.state = "afterElse";
      break;
    case "beforeDo":
      cursor.expectKeyword("do");
      top.state = "afterDo";
      break;
    case "afterDo":
    case "afterCatch":
      if (!openHandler(nesting, top)) return;
      break;
    case "afterElse":
      cursor.fail("unexpected token: too many payloads inside of `(if)`");
      break;
    default:
      cursor.fail("expected `)`", cursor.position - 1);
  }
  frames.push({ state: "arm" });
}

/** Steps into a `catch` or `catch_all`; false for a `delegate`, which ends the `try` instead. */
function openHandler(nesting: Nesting, top: Frame): boolean {
  const { cursor, module, writer, labels, frames } = nesting;
  const words = top.state === "afterDo" ? ["catch", "catch_all", "delegate"] : ["catch", "catch_all"];
  const operator = operatorNamed(cursor.oneOf(words))!;
  if (operator.name === "delegate") {
    frames.pop();
    labels.leave();
    writePlain(nesting, operator);
    cursor.close();
    cursor.close();
    return false;
  }
  writer.u8(operator.code);
  if (operator.name === "catch") writer.u32(module.spaces.tag.index(cursor));
  top.state = operator.name === "catch" ? "afterCatch" : "afterCatchAll";
  return true;
}

/** Steps out of the form that ends here, and writes what comes behind its content. */
export function closeForm(nesting: Nesting): void {
  const { cursor, writer, labels, frames, hints } = nesting;
  if (nesting.isFlat) cursor.fail("unexpected token, expected `end`");
  hints.checkTaken(cursor);
  const frame = frames.pop()!;
  switch (frame.state) {
    case "operands":
      hints.note(frame.hint);
      writePending(nesting, frame);
      break;
    case "arm":
      break;
    case "condition":
      cursor.fail("previous `if` had no `then`", cursor.position + 1);
      break;
    case "beforeDo":
      cursor.fail("previous `try` had no `do`");
      break;
    default:
      labels.leave();
      writer.u8(end.code);
  }
  cursor.position++;
}

function writePending({ module, writer }: Nesting, { pending, call }: Frame): void {
  if (pending !== undefined) writer.bytes(pending);
  if (call === undefined) return;
  writeOpcode(writer, call.operator);
  writer.u32(typeIndexOf(call.type, module.types));
  writer.u32(call.table);
}
