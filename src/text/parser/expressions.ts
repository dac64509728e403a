/**
 * Expressions: the bodies of functions, and constants.
 *
 * Spec: https://webassembly.github.io/spec/core/text/instructions.html#expressions
 *
 * @packageDocumentation
 */
import { operatorNamed } from "../../binary/opcodes.ts";
import type { ByteWriter } from "../../binary/writer.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { TokenKind } from "../syntax/tokens.ts";
import { BranchHints } from "./branch-hints.ts";
import { flatInstruction } from "./flat-instructions.ts";
import { closeForm, openForm } from "./folded-instructions.ts";
import { Locals } from "./locals.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import { Nesting } from "./nesting.ts";

const end = operatorNamed("end")!;

/** Instructions up to the end of the form they stand in, which is left to the caller. */
export function instructions(nesting: Nesting): void {
  const { cursor, frames, hints, writer } = nesting;
  while (frames.length > 0 || cursor.kind() !== TokenKind.rightParen) step(nesting);
  hints.checkTaken(cursor);
  writer.u8(end.code);
}

/** A constant expression up to the end of the form it stands in, which is left to the caller. */
export function constant(cursor: Cursor, module: ModuleBuilder, writer: ByteWriter): void {
  instructions(new Nesting(cursor, module, writer, new Locals(), new BranchHints(writer)));
}

/** A constant expression in a form of its own: `(word instructions…)`, or a single folded instruction. */
export function constantForm(cursor: Cursor, module: ModuleBuilder, writer: ByteWriter, word: string): void {
  if (cursor.takeForm(word)) {
    constant(cursor, module, writer);
    cursor.close();
    return;
  }
  if (cursor.kind() !== TokenKind.leftParen) cursor.fail("expected `(`");
  const nesting = new Nesting(cursor, module, writer, new Locals(), new BranchHints(writer));
  do step(nesting);
  while (nesting.frames.length > 0);
  writer.u8(end.code);
}

function step(nesting: Nesting): void {
  const { cursor } = nesting;
  switch (cursor.kind()) {
    case TokenKind.keyword:
      flatInstruction(nesting);
      break;
    case TokenKind.leftParen:
      openForm(nesting);
      break;
    case TokenKind.rightParen:
      closeForm(nesting);
      break;
    case TokenKind.end:
      cursor.fail("expected `)`");
      break;
    default:
      cursor.fail("expected an instruction");
  }
}
