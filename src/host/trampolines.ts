/**
 * JavaScript functions as exported functions.
 *
 * A table, a global or another instance's import takes exported functions of the right type only. A module that
 * exports what it imports makes one of any function; calls of it cost what calls of an import cost.
 *
 * Spec: https://webassembly.github.io/spec/js-api/#exported-function-exotic-objects
 *
 * @packageDocumentation
 */
import { writeExport, writeImport } from "../binary/extern-writer.ts";
import { SectionId } from "../binary/sections.ts";
import { compileNative } from "./compile.ts";
import { type NativeFuncType, writeTypes } from "./func-types.ts";
import { ownModule } from "./own-modules.ts";
import { type NativeFunction, type NativeModule, type NativeTable, webAssembly } from "./webassembly.ts";

/** An instance costs some 5 µs whatever its size, so functions share instances of this many. */
const batchSize = 16;

const modules = new WeakMap<NativeFuncType, Map<number, NativeModule>>();

/** Imports functions `"" "0"`, `"" "1"`, …, and exports them as `"0"`, `"1"`, …. */
function trampoline(type: NativeFuncType, count: number): NativeModule {
  const known = modules.get(type) ?? new Map<number, NativeModule>();
  modules.set(type, known);
  const compiled = known.get(count) ?? compileNative(trampolineBytes(type, count));
  known.set(count, compiled);
  return compiled;
}

function trampolineBytes(type: NativeFuncType, count: number): Uint8Array<ArrayBuffer> {
  const indices = Array.from({ length: count }, (_, index) => index);
  return ownModule("trampoline", (writer) => {
    writeTypes(writer, type, []);
    writer.section(SectionId.import, () => {
      writer.vec(indices, (index) => {
        const desc = { kind: "func", typeIndex: type.typeIndex } as const;
        writeImport(writer, { module: "", name: String(index), desc });
      });
    });
    writer.section(SectionId.export, () => {
      writer.vec(indices, (index) => writeExport(writer, { name: String(index), kind: "func", index }));
    });
  });
}

/**
 * Makes exported functions of one type.
 *
 * An exported function of that type already is returned as it is. A JavaScript function gives a new one every time. On
 * JSC, JavaScript that calls the new one reaches the old one directly: neither arguments nor results are converted.
 *
 * @throws the engine's `LinkError` for an exported function of another type
 */
export function exportFunctions(
  type: NativeFuncType,
  functions: readonly NativeFunction[],
): NativeFunction[] {
  const { Instance } = webAssembly();
  const exported: NativeFunction[] = [];
  while (exported.length < functions.length) {
    const rest = functions.length - exported.length;
    const batch = functions.slice(exported.length, exported.length + (rest < batchSize ? 1 : batchSize));
    // An array has the properties "0", "1", …, as the imports are called.
    const imports = { "": batch as unknown as Record<string, NativeFunction> };
    const { exports } = new Instance(trampoline(type, batch.length), imports);
    for (let index = 0; index < batch.length; index++) exported.push(exports[index]);
  }
  return exported;
}

/** Makes one exported function: see {@link exportFunctions}. */
export function exportFunction(type: NativeFuncType, fn: NativeFunction): NativeFunction {
  return exportFunctions(type, [fn])[0]!;
}

let funcrefs: NativeTable | undefined;

/** Whether a value is an exported function. */
export function isExportedFunction(value: unknown): value is NativeFunction {
  if (typeof value !== "function") return false;
  funcrefs ??= new (webAssembly().Table)({ element: "anyfunc", initial: 1 });
  try {
    funcrefs.set(0, value);
  } catch (thrown) {
    if (thrown instanceof TypeError) return false;
    throw thrown;
  }
  funcrefs.set(0, null);
  return true;
}

/**
 * Whether an exported function can stand in for one of this type: has the type itself or a subtype of it. A function
 * has exactly the one type of those it matches that matches all the others.
 */
export function matchesType(fn: NativeFunction, type: NativeFuncType): boolean {
  // As an import a JavaScript function has any type.
  if (!isExportedFunction(fn)) return false;
  const { Instance, LinkError } = webAssembly();
  try {
    return new Instance(trampoline(type, 1), { "": { "0": fn } }) !== undefined;
  } catch (thrown) {
    if (thrown instanceof LinkError) return false;
    throw thrown;
  }
}
