/**
 * What the small modules this layer generates have in common.
 *
 * @packageDocumentation
 */
import { writeExport } from "../binary/extern-writer.ts";
import { operatorNamed } from "../binary/opcodes.ts";
import { SectionId } from "../binary/sections.ts";
import { writeValType } from "../binary/type-writer.ts";
import type { ValType } from "../binary/types.ts";
import { ByteWriter } from "../binary/writer.ts";
import { noTypes, writeTypes } from "./func-types.ts";

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

/** An operator by its name, and its immediates, each an unsigned integer; constants go from 0 to 63. */
export type Instruction = readonly [name: string, ...immediates: number[]];

/** Writes an instruction. */
export function writeOperator(writer: ByteWriter, ...[name, ...immediates]: Instruction): void {
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

/**
 * Bytes of a module with one function, of no parameters and no results, exported as `""`.
 *
 * @param writeState - writes table, memory and global sections
 */
export function functionModule(
  name: string,
  code: readonly Instruction[],
  writeState: (writer: ByteWriter) => void = () => {},
): Uint8Array<ArrayBuffer> {
  return ownModule(name, (writer) => {
    writeTypes(writer, noTypes, [{ params: [], results: [] }]);
    writer.section(SectionId.function, () => writer.vec([0], (type) => writer.u32(type)));
    writeState(writer);
    writer.section(SectionId.export, () => {
      writer.vec([0], (index) => writeExport(writer, { name: "", kind: "func", index }));
    });
    writer.section(SectionId.code, () => {
      writer.u32(1);
      writeBody(writer, [], () => {
        for (const instruction of code) writeOperator(writer, ...instruction);
      });
    });
  });
}
