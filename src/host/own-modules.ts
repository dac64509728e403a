/**
 * What the small modules this layer generates have in common.
 *
 * @packageDocumentation
 */
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
