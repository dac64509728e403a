/**
 * Heads of structured instructions: label, type, catch clauses.
 *
 * Spec: https://webassembly.github.io/spec/core/text/instructions.html#control-instructions
 *
 * @packageDocumentation
 */
import type { Operator } from "../../binary/opcodes.ts";
import { nameAnnotation } from "./annotations.ts";
import type { InstructionContext } from "./immediates.ts";
import { writeOpcode } from "./immediates.ts";
import { type TypeUse, typeUse, writeBlockType } from "./type-uses.ts";

/** What stands between the name of a structured instruction and its body, catch clauses apart. */
export interface BlockHead {
  readonly operator: Operator;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly type: TypeUse;
}

/** Parses the head of a block whose keyword has been consumed. */
export function blockHead({ cursor, module }: InstructionContext, operator: Operator): BlockHead {
  const id = cursor.takeId();
  const name = nameAnnotation(cursor) ?? id;
  return { operator, id, name, type: typeUse(cursor, module.types) };
}

/** Writes a block's head, parses the catch clauses of a `try_table`, and enters the block. */
export function enterBlock(context: InstructionContext, head: BlockHead): void {
  const { module, writer, labels } = context;
  writeOpcode(writer, head.operator);
  writeBlockType(writer, head.type, module.types);
  // Clauses branch from outside of the block they belong to.
  if (head.operator.immediates === "tryTable") writeCatches(context);
  labels.enter(head.id, head.name);
}

/** Kinds of catch clauses, in the order of their binary codes. */
const catchKinds = ["catch", "catch_ref", "catch_all", "catch_all_ref"] as const;

function writeCatches({ cursor, module, writer, labels }: InstructionContext): void {
  const clauses: number[][] = [];
  for (;;) {
    const kind = catchKinds.findIndex((word) => cursor.takeForm(word));
    if (kind === -1) break;
    const tag = kind < 2 ? [module.spaces.tag.index(cursor)] : [];
    clauses.push([...tag, labels.index(cursor), kind]);
    cursor.close();
  }
  writer.vec(clauses, (clause) => {
    writer.u8(clause.pop()!);
    for (const index of clause) writer.u32(index);
  });
}
