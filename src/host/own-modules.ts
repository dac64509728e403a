/**
 * What the small modules this layer generates have in common.
 *
 * @packageDocumentation
 */
import { operatorNamed } from "../binary/opcodes.ts";
import { writeValType } from "../binary/type-writer.ts";
import type { ValType } from "../binary/types.ts";
import { ByteWriter } from "../binary/writer.ts";

/** Module names that start so belong to this library: stack traces leave their frames out. */
export const ownModulePrefix = "wasmlink:";

/**
 * Bytes of a module named `wasmlink:<name>`.
 *
 * @param write - writes the sections
 */
export function ownModule(name: string, write: (writer: ByteWriter) => void): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(256);
  writer.preamble();
  write(writer);
  writer.customSection("name", () => {
    writer.u8(0); // subsection of the module's own name
    writer.sized(() => writer.name(ownModulePrefix + name));
  });
  return writer.finish();
}

/** Writes an operator and its immediates, each an unsigned integer. */
export function writeOperator(writer: ByteWriter, name: string, ...immediates: readonly number[]): void {
  const { prefix, code } = operatorNamed(name)!;
  if (prefix === 0) {
    writer.u8(code);
  } else {
    writer.u8(prefix);
    writer.u32(code);
  }
  for (const immediate of immediates) writer.u32(immediate);
}

/** Writes a function body; the final `end` is added. */
export function writeBody(writer: ByteWriter, locals: readonly ValType[], writeCode: () => void): void {
  writer.sized(() => {
    writer.vec(locals, (type) => {
      writer.u32(1);
      writeValType(writer, type);
    });
    writeCode();
    writeOperator(writer, "end");
  });
}
