/**
 * Reading and writing globals whose values JavaScript cannot carry.
 *
 * @packageDocumentation
 */
import { writeExport, writeImport } from "../binary/extern-writer.ts";
import { SectionId } from "../binary/sections.ts";
import type { GlobalType } from "../binary/types.ts";
import { noTypes, writeTypes } from "./func-types.ts";
import { ownModule, writeBody, writeOperator } from "./own-modules.ts";
import { type Carry, readSlot, scratchMemory, travelsInScratch, writeSlot } from "./scratch.ts";
import { writeLoad, writeScratchImport, writeStore } from "./scratch-code.ts";
import { type NativeGlobal, type NativeModule, webAssembly } from "./webassembly.ts";

/** How a global is read and written. Writing an immutable one throws a `TypeError`. */
export interface GlobalAccess {
  get(): any;
  set(value: any): void;
}

/** Imports the memory and a global `"" "g"`; exports `get`, which fills slot 0, and for a mutable one `set`. */
function accessBytes(type: GlobalType): Uint8Array<ArrayBuffer> {
  const lane = { type: type.content, slot: 0 };
  const functions = type.mutable ? ["get", "set"] : ["get"];
  return ownModule("global", (writer) => {
    writeTypes(writer, noTypes, [{ params: [], results: [] }]);
    writer.section(SectionId.import, () => {
      writer.u32(2);
      writeScratchImport(writer);
      writeImport(writer, { module: "", name: "g", desc: type });
    });
    writer.section(SectionId.function, () => writer.vec(functions, () => writer.u32(0)));
    writer.section(SectionId.export, () => {
      writer.vec(functions, (name, index) => writeExport(writer, { name, kind: "func", index }));
    });
    writer.section(SectionId.code, () => {
      writer.vec(functions, (name) => {
        writeBody(writer, [], () => {
          if (name === "get") {
            writeStore(writer, lane, () => writeOperator(writer, "global.get", 0));
          } else {
            writeLoad(writer, lane);
            writeOperator(writer, "global.set", 0);
          }
        });
      });
    });
  });
}

const modules = new Map<string, NativeModule>();

/**
 * Access to a global whose value looks to JavaScript as `carry` says. Make it once per global.
 *
 * @param type - exactly the type of `global`
 */
export function accessGlobal(global: NativeGlobal, type: GlobalType, carry: Carry = "values"): GlobalAccess {
  const { content } = type;
  if (!travelsInScratch(content, carry)) {
    return {
      get: () => global.value,
      set: (value) => {
        global.value = value;
      },
    };
  }
  const { Module, Instance } = webAssembly();
  const key = JSON.stringify([content, type.mutable]);
  const compiled = modules.get(key) ?? new Module(accessBytes(type));
  modules.set(key, compiled);
  const { exports } = new Instance(compiled, { "": { m: scratchMemory(), g: global } });
  return {
    get: () => {
      exports.get();
      return readSlot(0, content);
    },
    set: (value) => {
      if (!type.mutable) throw new TypeError("immutable global cannot be set");
      writeSlot(0, content, value);
      exports.set();
    },
  };
}
