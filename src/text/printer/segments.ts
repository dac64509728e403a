/**
 * Element and data segments as text.
 *
 * Spec: https://webassembly.github.io/spec/core/text/modules.html#element-segments
 *
 * @packageDocumentation
 */
import type { DataSegment, ElementSegment } from "../../binary/segments.ts";
import { constantForm } from "./instructions.ts";
import { quotedBytes } from "./literals.ts";
import type { ModuleNames } from "./module-names.ts";
import { valTypeText } from "./types.ts";

/** Bit of the flags of an active segment that names its table, be it the first. */
const explicitTable = 2;

/** What stands behind the name of an element segment. */
export function elementText(module: ModuleNames, segment: ElementSegment): string {
  const { flags, mode, table, offset, items, type } = segment;
  const parts: string[] = [];
  if (mode === "declarative") parts.push("declare");
  if (mode === "active" && flags & explicitTable) parts.push(`(table ${module.table.reference(table!)})`);
  if (offset !== undefined) parts.push(constantForm(module, offset, "offset"));
  if (items.kind === "functions") {
    parts.push("func", ...items.indices.map((item) => module.func.reference(item)));
  } else {
    parts.push(valTypeText(type, module.type));
    parts.push(...items.expressions.map((item) => constantForm(module, item, "item")));
  }
  return parts.join(" ");
}

/** What stands behind the name of a data segment. */
export function dataText(module: ModuleNames, segment: DataSegment): string {
  const { memory, offset, content } = segment;
  const parts: string[] = [];
  if (memory !== undefined && memory !== 0) parts.push(`(memory ${module.memory.reference(memory)})`);
  if (offset !== undefined) parts.push(constantForm(module, offset, "offset"));
  parts.push(quotedBytes(module.info.bytes.subarray(content.start, content.end)));
  return parts.join(" ");
}
