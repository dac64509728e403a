/**
 * The container of serialized modules: what the engine's options were, and the original bytes.
 *
 * JavaScript engines do not give compiled code away, so this saves parsing text and choosing options, not compiling.
 *
 * @packageDocumentation
 */
import { ByteReader } from "../binary/reader.ts";
import { ByteWriter } from "../binary/writer.ts";
import { WasmlinkError } from "../errors.ts";
import type { Engine, EngineOptions } from "./engine.ts";

const magic = new TextEncoder().encode("\0wasmlink\0");
const version = 1;

/** Options that change what a compiled module can do, with wasmtime's words for each. */
const compared: readonly (readonly [keyof EngineOptions, string])[] = [
  ["consumeFuel", "fuel support"],
  ["epochInterruption", "epoch interruption"],
];

function featureNames(engine: Engine): string[] {
  return [...engine.enabledFeatures].sort();
}

/** A module's bytes and its engine's options in one container. */
export function serializedModule(bytes: Uint8Array, engine: Engine): Uint8Array {
  const writer = new ByteWriter(bytes.length + 256);
  writer.bytes(magic);
  writer.u32(version);
  for (const [option] of compared) writer.u8(engine.options[option] ? 1 : 0);
  writer.vec(featureNames(engine), (name) => writer.name(name));
  writer.bytes(bytes);
  return writer.finish();
}

/**
 * The module in a container.
 *
 * @throws {WasmlinkError} it is no container, or its engine's options do not fit this engine's
 */
export function deserializedBytes(
  container: Uint8Array<ArrayBuffer>,
  engine: Engine,
): Uint8Array<ArrayBuffer> {
  if (container.length <= magic.length || magic.some((byte, index) => container[index] !== byte))
    throw new WasmlinkError("failed to parse precompiled artifact", { cause: "not a serialized module" });
  const reader = new ByteReader(container, magic.length);
  const found = reader.u32();
  if (found !== version)
    throw new WasmlinkError(
      `Module was serialized in format ${found}, but this version reads format ${version}`,
    );
  for (const [option, words] of compared) {
    const wasOn = reader.u8() === 1;
    if (wasOn !== engine.options[option])
      throw new WasmlinkError(
        wasOn
          ? `Module was compiled with ${words} but it is not enabled for the host`
          : `Module was compiled without ${words} but it is enabled for the host`,
      );
  }
  for (let count = reader.u32(); count > 0; count--) {
    const name = reader.name();
    if (!featureNames(engine).includes(name))
      throw new WasmlinkError(
        `Module was compiled with support for WebAssembly feature \`${name}\` but it is not enabled for the host`,
      );
  }
  return container.slice(reader.offset);
}
