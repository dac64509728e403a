/**
 * Custom sections by name.
 *
 * Spec: https://webassembly.github.io/spec/core/binary/modules.html#custom-section
 *
 * @packageDocumentation
 */
import type { ModuleInfo } from "./module-info.ts";

/** Copies of the contents of all custom sections with a name, in the module's order. */
export function customSections(info: ModuleInfo, name: string): Uint8Array<ArrayBuffer>[] {
  return info.sections
    .filter(({ custom }) => custom?.name === name)
    .map(({ custom, end }) => info.bytes.slice(custom?.content, end));
}
