/**
 * What code alone tells of the operands of an instruction.
 *
 * @packageDocumentation
 */
import { InstructionCursor } from "./instructions.ts";
import type { Operator } from "./opcodes.ts";
import { ByteReader } from "./reader.ts";
import { type FunctionBody, readLocals } from "./segments.ts";

/** A constant, a parameter that still has the value it was called with, or undefined for everything else. */
export type Operand = { readonly constant: number | bigint } | { readonly parameter: number } | undefined;

/** An instruction with what is known of the values it takes. */
export interface Site {
  readonly operator: Operator;
  readonly bytes: Uint8Array;
  /** Offset of its immediates. */
  readonly immediates: number;
  /** The values on top of the stack as far as they are known, the topmost last. */
  readonly operands: readonly Operand[];
}

/**
 * The instruction at an offset of a function body.
 *
 * @param parameters - how many of the function's locals are parameters
 */
export function siteAt(
  bytes: Uint8Array,
  body: FunctionBody,
  parameters: number,
  offset: number,
): Site | undefined {
  const cursor = new InstructionCursor(bytes, readLocals(bytes, body).code, body.end);
  const written = new Set<number>();
  let operands: Operand[] = [];
  let site: Site | undefined;
  while (cursor.advance()) {
    const { operator, immediates } = cursor;
    const reader = new ByteReader(bytes, immediates, body.end);
    if (cursor.start === offset) site = { operator, bytes, immediates, operands };
    const { name } = operator;
    if (name === "local.set" || name === "local.tee") written.add(reader.u32());
    if (site !== undefined) continue;
    if (name === "local.get") {
      const parameter = reader.u32();
      operands.push(parameter < parameters ? { parameter } : undefined);
    } else if (name.endsWith(".const")) {
      operands.push(name === "v128.const" ? undefined : { constant: constantOf(name, reader) });
    } else {
      operands = [];
    }
  }
  // A loop may write a parameter further on and come back.
  const known = site?.operands.map((operand) =>
    operand !== undefined && "parameter" in operand && written.has(operand.parameter) ? undefined : operand,
  );
  return site && { ...site, operands: known! };
}

/** A reader of an instruction's immediates. */
export function immediatesOf({ bytes, immediates }: Site): ByteReader {
  return new ByteReader(bytes, immediates);
}

function constantOf(name: string, reader: ByteReader): number | bigint {
  if (name === "i32.const") return reader.s32();
  if (name === "i64.const") return reader.s64();
  const view = new DataView(reader.bytes.buffer, reader.bytes.byteOffset + reader.offset);
  return name === "f32.const" ? view.getFloat32(0, true) : view.getFloat64(0, true);
}
