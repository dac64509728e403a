/**
 * Encoders of imports and exports.
 *
 * Spec: https://webassembly.github.io/spec/core/binary/modules.html
 *
 * @packageDocumentation
 */
import type { ExportInfo, ExternDesc, ImportInfo } from "./module-info.ts";
import { exactFuncKind, externKinds } from "./type-codes.ts";
import { writeGlobalType, writeMemoryType, writeTableType } from "./type-writer.ts";
import type { ByteWriter } from "./writer.ts";

/** Kind and type of an import. */
function writeExternDesc(writer: ByteWriter, desc: ExternDesc): void {
  writer.u8(desc.kind === "func" && desc.exact ? exactFuncKind : externKinds.indexOf(desc.kind));
  switch (desc.kind) {
    case "func":
      writer.u32(desc.typeIndex);
      break;
    case "table":
      writeTableType(writer, desc);
      break;
    case "memory":
      writeMemoryType(writer, desc);
      break;
    case "global":
      writeGlobalType(writer, desc);
      break;
    case "tag":
      writer.u8(0);
      writer.u32(desc.typeIndex);
      break;
  }
}

export function writeImport(writer: ByteWriter, { module, name, desc }: ImportInfo): void {
  writer.name(module);
  writer.name(name);
  writeExternDesc(writer, desc);
}

export function writeExport(writer: ByteWriter, { name, kind, index }: ExportInfo): void {
  writer.name(name);
  writer.u8(externKinds.indexOf(kind));
  writer.u32(index);
}
