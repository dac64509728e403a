/**
 * Instructions without parentheses around them.
 *
 * Spec: https://webassembly.github.io/spec/core/text/instructions.html#control-instructions
 *
 * @packageDocumentation
 */
import type { Operator } from "../../binary/opcodes.ts";
import { blockHead, enterBlock } from "./blocks.ts";
import { writePlain } from "./immediates.ts";
import { type Nesting, type State, structuredName } from "./nesting.ts";

/** Parses the instruction that starts with the keyword that comes next. */
export function flatInstruction(nesting: Nesting): void {
  const { cursor, writer, labels, hints } = nesting;
  if (nesting.takesOnlyForms) cursor.fail("expected `(`");
  const operator = nesting.operator();
  hints.note(hints.take());
  switch (structuredName(operator)) {
    case "block":
    case "loop":
    case "try_table":
      enter(nesting, operator, "block");
      break;
    case "if":
      enter(nesting, operator, "if");
      break;
    case "try":
      enter(nesting, operator, "try");
      break;
    case "else":
      resume(nesting, operator, "else", "if");
      labels.repeat(cursor);
      break;
    case "catch":
      resume(nesting, operator, "catch", "try", "catch");
      writer.u32(nesting.module.spaces.tag.index(cursor));
      break;
    case "catch_all":
      resume(nesting, operator, "catch_all", "try", "catch");
      labels.repeat(cursor);
      break;
    case "end":
      if (!nesting.isFlat) nesting.misplaced(operator);
      nesting.frames.pop();
      labels.repeat(cursor);
      labels.leave();
      writer.u8(operator.code);
      break;
    case "delegate":
      if (nesting.top?.state !== "try") nesting.misplaced(operator);
      nesting.frames.pop();
      labels.leave();
      writePlain(nesting, operator);
      break;
    default:
      writePlain(nesting, operator);
  }
}

function enter(nesting: Nesting, operator: Operator, state: State): void {
  enterBlock(nesting, blockHead(nesting, operator));
  nesting.frames.push({ state });
}

/** Goes on to the next part of a block. */
function resume(nesting: Nesting, operator: Operator, state: State, ...after: readonly State[]): void {
  const { top } = nesting;
  if (top === undefined || !after.includes(top.state)) nesting.misplaced(operator);
  top.state = state;
  nesting.writer.u8(operator.code);
}
