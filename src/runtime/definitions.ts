/**
 * Making memories, tables, globals and tags natively.
 *
 * The engine's constructors have no names for 64-bit addresses everywhere, nor for non-null and defined reference
 * types and vectors; for those a generated module defines the item and exports it.
 *
 * @packageDocumentation
 */
import { writeGlobalType, writeMemoryType, writeTableType } from "../binary/type-writer.ts";
import type { GlobalType, MemoryType, RefType, TableType, TagType, ValType } from "../binary/types.ts";
import { ByteWriter } from "../binary/writer.ts";
import {
  type NativeGlobal,
  type NativeMemory,
  type NativeTable,
  type NativeTag,
  webAssembly,
} from "../host/webassembly.ts";
import { mentionedTypes, TypeSection } from "./type-encoding.ts";
import type { TypeRegistry } from "./type-registry.ts";
import { isNumeric } from "./values.ts";

const section = { type: 1, import: 2, table: 4, memory: 5, global: 6, export: 7, tag: 13 } as const;
const externByte = { table: 1, memory: 2, global: 3, tag: 4 } as const;
/** In front of a table definition that spells its initial element out. */
const tableWithInitializer = 0x40;
const opcode = { globalGet: 0x23, end: 0x0b, v128Const: [0xfd, 0x0c] } as const;

/** The engine's name of a reference type, for the two it has had from the beginning. */
function nativeElement(type: RefType): "anyfunc" | "externref" | undefined {
  if (type === "funcref") return "anyfunc";
  return type === "externref" ? "externref" : undefined;
}

/** A global holding a converted value. */
export function defineGlobal(type: GlobalType, value: unknown, registry: TypeRegistry): NativeGlobal {
  const { content, mutable } = type;
  const simple = content === "funcref" ? "anyfunc" : content;
  if (isNumeric([content]) || simple === "anyfunc" || simple === "externref")
    return new (webAssembly().Global)({ value: simple as string, mutable }, value);
  const types = new TypeSection(registry, mentionedTypes([content]));
  const localType: GlobalType = { kind: "global", content: types.valType(content), mutable };
  const isVector = content === "v128";
  return defined("global", types, isVector ? undefined : { type: localType.content, value }, (writer) => {
    writeGlobalType(writer, localType);
    if (isVector) {
      for (const byte of opcode.v128Const) writer.u8(byte);
      writer.bytes(value as Uint8Array);
    } else {
      writer.u8(opcode.globalGet);
      writer.u32(0);
    }
    writer.u8(opcode.end);
  }) as NativeGlobal;
}

/** A table filled with a converted reference. */
export function defineTable(type: TableType, initial: unknown, registry: TypeRegistry): NativeTable {
  const element = nativeElement(type.element);
  if (element !== undefined && type.address === "i32") {
    const descriptor = { element, initial: type.minimum, ...maximumOf(type) };
    return new (webAssembly().Table)(descriptor, initial);
  }
  const types = new TypeSection(registry, mentionedTypes([type.element]));
  const localType: TableType = { ...type, element: types.valType(type.element) };
  return defined("table", types, { type: localType.element, value: initial }, (writer) => {
    writer.u8(tableWithInitializer);
    writer.u8(0);
    writeTableType(writer, localType);
    writer.u8(opcode.globalGet);
    writer.u32(0);
    writer.u8(opcode.end);
  }) as NativeTable;
}

/** A zeroed memory. */
export function defineMemory(type: MemoryType, registry: TypeRegistry): NativeMemory {
  if (type.address === "i32" && type.pageSize === 65536)
    return new (webAssembly().Memory)({ initial: type.minimum, ...maximumOf(type), shared: type.shared });
  return defined("memory", new TypeSection(registry, []), undefined, (writer) =>
    writeMemoryType(writer, type),
  ) as NativeMemory;
}

/** A tag with an identity of its own. */
export function defineTag(type: TagType, registry: TypeRegistry): NativeTag {
  const signature = registry.indexOfSignature({ params: type.params, results: [] });
  const types = new TypeSection(registry, [signature]);
  return defined("tag", types, undefined, (writer) => {
    writer.u8(0);
    writer.u32(types.indexOf(signature));
  }) as NativeTag;
}

function maximumOf({ maximum }: { readonly maximum?: number | bigint }): { maximum?: number | bigint } {
  return maximum === undefined ? {} : { maximum };
}

/** A module that defines one item, from an imported value where it needs one, and exports it. */
function defined(
  kind: "table" | "memory" | "global" | "tag",
  types: TypeSection,
  initial: { readonly type: ValType; readonly value: unknown } | undefined,
  writeDefinition: (writer: ByteWriter) => void,
): unknown {
  const writer = new ByteWriter();
  writer.preamble();
  writer.section(section.type, () => {
    writer.u32(types.groupCount);
    writer.bytes(types.encode());
  });
  if (initial !== undefined) {
    writer.section(section.import, () => {
      writer.u32(1);
      writer.name("");
      writer.name("");
      writer.u8(externByte.global);
      writeGlobalType(writer, { kind: "global", content: initial.type, mutable: false });
    });
  }
  writer.section(section[kind], () => {
    writer.u32(1);
    writeDefinition(writer);
  });
  writer.section(section.export, () => {
    writer.u32(1);
    writer.name("");
    writer.u8(externByte[kind]);
    writer.u32(kind === "global" && initial !== undefined ? 1 : 0);
  });
  const module = new (webAssembly().Module)(writer.finish());
  const imports = initial === undefined ? {} : { "": { "": initial.value } };
  return new (webAssembly().Instance)(module, imports).exports[""];
}
