/**
 * Which references can cross between JavaScript and WebAssembly.
 *
 * Spec: ToWebAssemblyValue (https://webassembly.github.io/spec/js-api/#towebassemblyvalue)
 *
 * @packageDocumentation
 */
import { writeExport } from "../binary/extern-writer.ts";
import { SectionId } from "../binary/sections.ts";
import type { FuncSignature, ValType } from "../binary/types.ts";
import { UnsupportedError } from "../errors.ts";
import { compileFor, featureOf } from "./externs.ts";
import { type NativeFuncType, writeTypes } from "./func-types.ts";
import { ownModule, writeBody } from "./own-modules.ts";
import { isExnRef } from "./scratch.ts";
import { type NativeFunction, webAssembly } from "./webassembly.ts";

const sinks = new WeakMap<NativeFuncType, NativeFunction>();

/** A function of wasm that does nothing with its parameters. */
function sinkOf(type: NativeFuncType): NativeFunction {
  const bytes = ownModule("sink", (writer) => {
    writeTypes(writer, type, []);
    writer.section(SectionId.function, () => writer.vec([type.typeIndex], (index) => writer.u32(index)));
    writer.section(SectionId.export, () => {
      writer.vec([0], (index) => writeExport(writer, { name: "", kind: "func", index }));
    });
    writer.section(SectionId.code, () => {
      writer.u32(1);
      writeBody(writer, [], () => {});
    });
  });
  return new (webAssembly().Instance)(compileFor(featureOf(type.params[0]!), bytes)).exports[""];
}

/**
 * Whether the engine takes a value as a reference.
 *
 * @param type - a function type with the reference as its only parameter, and no results
 * @throws UnsupportedError the engine lacks the type
 */
export function takesReference(type: NativeFuncType, value: unknown): boolean {
  const sink = sinks.get(type) ?? sinkOf(type);
  sinks.set(type, sink);
  try {
    sink(value);
    return true;
  } catch (thrown) {
    if (thrown instanceof TypeError) return false;
    throw thrown;
  }
}

/** Whether calls of a function carry references to exceptions, which the JavaScript API forbids, even null. */
export function carriesExceptions({ params, results }: FuncSignature): boolean {
  return params.some(isExnRef) || results.some(isExnRef);
}

/** The refusal of what {@link carriesExceptions}. */
export function exceptionsCannotCross(): UnsupportedError {
  return new UnsupportedError(
    "exnref",
    "host",
    "references to exceptions cannot cross between WebAssembly and JavaScript",
  );
}

/** Refuses to read or write values of a type that cannot cross. @throws UnsupportedError */
export function assertCrosses(type: ValType): void {
  if (isExnRef(type)) throw exceptionsCannotCross();
}
