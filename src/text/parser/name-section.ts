/**
 * Collects names and writes the custom section `name`.
 *
 * Spec: https://webassembly.github.io/spec/core/appendix/custom.html#name-section
 *
 * @packageDocumentation
 */
import { NameSubsection } from "../../binary/names.ts";
import type { ByteWriter } from "../../binary/writer.ts";

/** Pairs of index and name. */
export type NameMap = [index: number, name: string][];

/** Name maps of the parts of items: the locals and labels of functions, the fields of types. */
export type IndirectNameMap = [index: number, names: NameMap][];

/** Subsections of items with names of their own, and of those with named parts. */
const itemSubsections = {
  func: NameSubsection.functions,
  type: NameSubsection.types,
  table: NameSubsection.tables,
  memory: NameSubsection.memories,
  global: NameSubsection.globals,
  elem: NameSubsection.elements,
  data: NameSubsection.data,
  tag: NameSubsection.tags,
} as const;
const partSubsections = {
  local: NameSubsection.locals,
  label: NameSubsection.labels,
  field: NameSubsection.fields,
} as const;

export type NamedKind = keyof typeof itemSubsections;
export type NamedPart = keyof typeof partSubsections;

export class NameSection {
  module: string | undefined;
  readonly #maps = new Map<number, NameMap | IndirectNameMap>();

  /** Records the name of an item. Items of a kind come in the order of their indices. */
  add(kind: NamedKind, index: number, name: string | undefined): void {
    if (name !== undefined) this.#map<NameMap>(itemSubsections[kind]).push([index, name]);
  }

  /** Records the names of an item's parts. */
  addParts(kind: NamedPart, index: number, names: NameMap): void {
    if (names.length > 0) this.#map<IndirectNameMap>(partSubsections[kind]).push([index, names]);
  }

  #map<T extends NameMap | IndirectNameMap>(id: number): T {
    const found = this.#maps.get(id) as T | undefined;
    const map = found ?? ([] as unknown as T);
    if (found === undefined) this.#maps.set(id, map);
    return map;
  }

  /** Writes the section, unless there is nothing to say. */
  write(writer: ByteWriter): void {
    const { module } = this;
    const maps = [...this.#maps].sort(([a], [b]) => a - b);
    if (module === undefined && maps.length === 0) return;
    writer.customSection("name", () => {
      if (module !== undefined) writer.section(NameSubsection.module, () => writer.name(module));
      for (const [id, map] of maps) writer.section(id, () => writeMap(writer, map));
    });
  }
}

function writeMap(writer: ByteWriter, map: NameMap | IndirectNameMap): void {
  writer.u32(map.length);
  for (const [index, value] of map) {
    writer.u32(index);
    if (typeof value === "string") writer.name(value);
    else writeMap(writer, value);
  }
}
