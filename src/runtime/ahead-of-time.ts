/**
 * Modules that are instrumented before they are deployed, for hosts that refuse to compile from bytes.
 *
 * The file is a module that any host compiles. Behind what is executed, a custom section holds the original as
 * `Module.serialize` writes it: types, names, offsets and the engine's options come from there. How the code was
 * instrumented is not written down but found out by doing it again, which also shows that nobody else has done it.
 *
 * @packageDocumentation
 */
import { customSections } from "../binary/custom-sections.ts";
import type { ModuleInfo } from "../binary/module-info.ts";
import { ByteWriter } from "../binary/writer.ts";
import { WasmlinkError } from "../errors.ts";
import { instrument } from "../rewrite/instrument.ts";
import type { Source } from "./code.ts";
import type { Engine } from "./engine.ts";
import type { Module } from "./module.ts";
import { deserializedBytes, serializedModule } from "./serialization.ts";

const sectionName = "wasmlink.original";

/**
 * The file for a module and the options of its engine.
 *
 * Growth of memories and tables is asked for in any case: a store without limits grants it. Epochs are noticed by counting
 * down, which needs nothing of the host.
 *
 * @throws {UnsupportedError} a function becomes larger than engines allow
 */
export function instrumentedFile({ engine, info }: Module): Uint8Array {
  const { bytes } = instrumentedForm(info, engine);
  const writer = new ByteWriter(bytes.length + info.bytes.length + 512);
  writer.bytes(bytes);
  writer.customSection(sectionName, () => writer.bytes(serializedModule(info.bytes, engine)));
  return writer.finish();
}

/**
 * The original in a file that {@link instrumentedFile} has made; undefined in any other module.
 *
 * @throws {WasmlinkError} the options of the engine that the file was made for do not fit this engine's
 */
export function originalIn(file: ModuleInfo, engine: Engine): Uint8Array<ArrayBuffer> | undefined {
  const container = customSections(file, sectionName).at(-1);
  return container && deserializedBytes(container, engine);
}

/**
 * What the host has compiled of a file.
 *
 * @param info - the original
 * @throws {WasmlinkError} the code in the file is not what this version makes of the original
 */
export function formIn(file: Uint8Array, info: ModuleInfo, engine: Engine): Source {
  const form = instrumentedForm(info, engine);
  if (form.bytes.some((byte, index) => byte !== file[index]))
    throw new WasmlinkError(
      "the module was instrumented by another version of wasmlink: instrument the original again",
    );
  return form;
}

function instrumentedForm(info: ModuleInfo, engine: Engine): Source {
  const stamp = `wasmlink~${fingerprint(info.bytes)}`;
  const { metering } = engine;
  const form = instrument(info, {
    ...(metering === undefined ? {} : { metering: metering === "epochFlag" ? "epochCountdown" : metering }),
    guardGrowth: true,
    uniqueImportNames: true,
    moduleName: stamp,
    nameByIndex: true,
    hooks: "imports",
  });
  return { ...form, stamp, guardsGrowth: true };
}

/** FNV-1a, 32 bits: the same in every build, and another one for each module of a store as good as always. */
function fingerprint(bytes: Uint8Array): string {
  let hash = 0x811c_9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x0100_0193);
  return `0x${(hash >>> 0).toString(16)}`;
}
