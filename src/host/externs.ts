/**
 * Globals, tables, memories and tags of any type.
 *
 * The constructors of the JavaScript API know some of the types only; the others are defined and exported by a
 * generated module.
 *
 * Spec: https://webassembly.github.io/spec/js-api/#webassembly-namespace
 *
 * @packageDocumentation
 */
import { writeExport, writeImport } from "../binary/extern-writer.ts";
import { SectionId } from "../binary/sections.ts";
import { defaultPageSize } from "../binary/type-codes.ts";
import { writeGlobalType, writeHeapType, writeMemoryType, writeTableType } from "../binary/type-writer.ts";
import {
  type GlobalType,
  heapTypeOf,
  isRefType,
  type MemoryType,
  type RefType,
  type TableType,
  type ValType,
} from "../binary/types.ts";
import type { ByteWriter } from "../binary/writer.ts";
import { UnsupportedError } from "../errors.ts";
import { type EngineFeature, engineFeatures } from "./features.ts";
import { type NativeFuncType, type NativeTypes, noTypes, writeTypes } from "./func-types.ts";
import { ownModule, writeOperator } from "./own-modules.ts";
import { isExnRef, v128Bytes } from "./scratch.ts";
import {
  type NativeGlobal,
  type NativeMemory,
  type NativeModule,
  type NativeTable,
  type NativeTag,
  webAssembly,
} from "./webassembly.ts";

/** What the constructors of every engine call a type, if they know it. */
function constructorName(type: ValType): string | undefined {
  if (typeof type === "object") return undefined;
  if (type === "funcref") return "anyfunc";
  return ["i32", "i64", "f32", "f64", "externref"].includes(type) ? type : undefined;
}

/** What an engine must have for a value type beyond those of WebAssembly 2.0. */
export function featureOf(type: ValType): EngineFeature {
  if (type === "v128") return "simd";
  if (isExnRef(type)) return "exceptions";
  const heap = isRefType(type) ? heapTypeOf(type) : "extern";
  if (typeof heap === "object" || heap === "func" || heap === "extern") return "functionReferences";
  return "gc";
}

/** Compiles a module that needs a feature. @throws UnsupportedError the engine lacks it */
export function compileFor(feature: EngineFeature, bytes: Uint8Array<ArrayBuffer>): NativeModule {
  const { Module, CompileError } = webAssembly();
  try {
    return new Module(bytes);
  } catch (thrown) {
    if (!(thrown instanceof CompileError) || engineFeatures()[feature]) throw thrown;
    const message = `this JavaScript engine does not support the WebAssembly feature \`${feature}\``;
    throw new UnsupportedError(feature, "host", message);
  }
}

/** Instantiates a module that exports its only definition, imports apart, as `""`. */
function define(
  feature: EngineFeature,
  types: NativeTypes,
  kind: "global" | "table" | "memory" | "tag",
  value: { readonly type: ValType; readonly value: unknown } | undefined,
  writeDefinition: (writer: ByteWriter) => void,
): any {
  const { Instance } = webAssembly();
  const bytes = ownModule("extern", (writer) => {
    writeTypes(writer, types, []);
    if (value !== undefined) {
      const desc = { kind: "global", content: value.type, mutable: false } as const;
      writer.section(SectionId.import, () => {
        writer.vec([desc], () => writeImport(writer, { module: "", name: "v", desc }));
      });
    }
    writeDefinition(writer);
    const index = kind === "global" && value !== undefined ? 1 : 0;
    writer.section(SectionId.export, () => {
      writer.vec([index], () => writeExport(writer, { name: "", kind, index }));
    });
  });
  const imports = value === undefined ? {} : { "": { v: value.value } };
  return new Instance(compileFor(feature, bytes), imports).exports[""];
}

/**
 * Creates a global.
 *
 * @param value - as the engine takes it; of a v128 its 16 bytes, of an exnref always null
 * @param types - what type indices in the type count in
 * @throws UnsupportedError the engine lacks the type
 */
export function createGlobal(type: GlobalType, value: any, types: NativeTypes = noTypes): NativeGlobal {
  const { content, mutable } = type;
  const name = constructorName(content);
  if (name !== undefined) return new (webAssembly().Global)({ value: name, mutable }, value);
  const spelledOut = content === "v128" || isExnRef(content);
  return define(
    featureOf(content),
    types,
    "global",
    spelledOut ? undefined : { type: content, value },
    (writer) => {
      writer.section(SectionId.global, () => {
        writer.u32(1);
        writeGlobalType(writer, type);
        if (content === "v128") {
          writeOperator(writer, "v128.const");
          writer.bytes(v128Bytes(value));
        } else if (spelledOut) {
          writeOperator(writer, "ref.null");
          writeHeapType(writer, heapTypeOf(content as RefType));
        } else {
          writeOperator(writer, "global.get", 0);
        }
        writeOperator(writer, "end");
      });
    },
  );
}

/**
 * Creates a table.
 *
 * @param init - value of every element, as the engine takes it; null for exceptions
 * @param types - what type indices in the type count in
 * @throws UnsupportedError the engine lacks the type
 */
export function createTable(type: TableType, init: any, types: NativeTypes = noTypes): NativeTable {
  const { element, minimum: initial, maximum } = type;
  const name = constructorName(element);
  if (type.address === "i32" && name !== undefined) {
    const limits = maximum === undefined ? { initial } : { initial, maximum };
    return new (webAssembly().Table)({ element: name, ...limits }, init);
  }
  const isNull = init === null && element !== "externref";
  const feature = type.address === "i64" ? "table64" : featureOf(element);
  return define(feature, types, "table", isNull ? undefined : { type: element, value: init }, (writer) => {
    writer.section(SectionId.table, () => {
      writer.u32(1);
      if (!isNull) writer.bytes(Uint8Array.of(0x40, 0)); // with an initialiser
      writeTableType(writer, type);
      if (!isNull) {
        writeOperator(writer, "global.get", 0);
        writeOperator(writer, "end");
      }
    });
  });
}

/** Creates a memory. @throws UnsupportedError the engine lacks the type */
export function createMemory(type: MemoryType): NativeMemory {
  const { minimum: initial, maximum, shared } = type;
  if (type.address === "i32" && type.pageSize === defaultPageSize) {
    return new (webAssembly().Memory)({ initial, shared, ...(maximum === undefined ? {} : { maximum }) });
  }
  const feature = type.address === "i64" ? "memory64" : "customPageSizes";
  return define(feature, noTypes, "memory", undefined, (writer) => {
    writer.section(SectionId.memory, () => {
      writer.u32(1);
      writeMemoryType(writer, type);
    });
  });
}

/** Creates a tag that carries the parameters of a function type without results. */
export function createTag(type: NativeFuncType): NativeTag {
  return define("tag", type, "tag", undefined, (writer) => {
    writer.section(SectionId.tag, () => {
      writer.u32(1);
      writer.u8(0); // an exception
      writer.u32(type.typeIndex);
    });
  });
}
