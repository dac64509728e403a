/**
 * The name section: what the producer called things. Read when asked for, and never a reason to refuse a module.
 *
 * Spec: https://webassembly.github.io/spec/core/appendix/custom.html#name-section, with the additions of the
 * extended name section proposal.
 *
 * @packageDocumentation
 */
import { CompileError } from "../errors.ts";
import type { ModuleInfo } from "./module-info.ts";
import { ByteReader } from "./reader.ts";

/** Names by index. */
export type NameMap = ReadonlyMap<number, string>;

/** Names by two indices: of locals or labels in a function, of fields in a type. */
export type IndirectNameMap = ReadonlyMap<number, NameMap>;

/** Ids of the subsections. */
export const NameSubsection = {
  module: 0,
  functions: 1,
  locals: 2,
  labels: 3,
  types: 4,
  tables: 5,
  memories: 6,
  globals: 7,
  elements: 8,
  data: 9,
  fields: 10,
  tags: 11,
} as const;

const noRange = new ByteReader(new Uint8Array(0));

/**
 * The names of a module, each kind decoded at its first use. Damage costs the names behind it in its subsection;
 * names of things that do not exist stay in the maps.
 */
export class Names {
  readonly #subsections = new Map<number, { readonly start: number; readonly end: number }>();
  readonly #bytes: Uint8Array;
  readonly #decoded = new Map<number, unknown>();

  constructor(info: ModuleInfo) {
    this.#bytes = info.bytes;
    const section = info.sections.find(({ custom }) => custom?.name === "name");
    if (section === undefined) return;
    const reader = new ByteReader(info.bytes, section.custom?.content, section.end);
    readWhatIsSound(() => {
      while (!reader.done) {
        const id = reader.u8();
        const size = reader.u32();
        const start = reader.skip(size);
        if (!this.#subsections.has(id)) this.#subsections.set(id, { start, end: reader.offset });
      }
    });
  }

  get module(): string | undefined {
    return this.#decode(NameSubsection.module, readModuleName);
  }
  get functions(): NameMap {
    return this.#decode(NameSubsection.functions, readNameMap);
  }
  get locals(): IndirectNameMap {
    return this.#decode(NameSubsection.locals, readIndirectNameMap);
  }
  get labels(): IndirectNameMap {
    return this.#decode(NameSubsection.labels, readIndirectNameMap);
  }
  get types(): NameMap {
    return this.#decode(NameSubsection.types, readNameMap);
  }
  get tables(): NameMap {
    return this.#decode(NameSubsection.tables, readNameMap);
  }
  get memories(): NameMap {
    return this.#decode(NameSubsection.memories, readNameMap);
  }
  get globals(): NameMap {
    return this.#decode(NameSubsection.globals, readNameMap);
  }
  get elements(): NameMap {
    return this.#decode(NameSubsection.elements, readNameMap);
  }
  get data(): NameMap {
    return this.#decode(NameSubsection.data, readNameMap);
  }
  get fields(): IndirectNameMap {
    return this.#decode(NameSubsection.fields, readIndirectNameMap);
  }
  get tags(): NameMap {
    return this.#decode(NameSubsection.tags, readNameMap);
  }

  #decode<T>(id: number, read: (reader: ByteReader) => T): T {
    if (!this.#decoded.has(id)) {
      const range = this.#subsections.get(id);
      const reader = range === undefined ? noRange : new ByteReader(this.#bytes, range.start, range.end);
      this.#decoded.set(id, read(reader));
    }
    return this.#decoded.get(id) as T;
  }
}

/** Runs a reader of names up to the point of damage. What it has found by then stands. */
function readWhatIsSound(read: () => void): void {
  try {
    read();
  } catch (error) {
    // The specification forbids to refuse a module for its custom sections.
    if (!(error instanceof CompileError)) throw error;
  }
}

function readModuleName(reader: ByteReader): string | undefined {
  let name: string | undefined;
  readWhatIsSound(() => {
    if (!reader.done) name = reader.name();
  });
  return name;
}

function readNameMap(reader: ByteReader): NameMap {
  const names = new Map<number, string>();
  readWhatIsSound(() => addNames(reader, names));
  return names;
}

function readIndirectNameMap(reader: ByteReader): IndirectNameMap {
  const names = new Map<number, NameMap>();
  readWhatIsSound(() => {
    if (reader.done) return;
    for (let left = reader.u32(); left > 0; left--) {
      const inner = new Map<number, string>();
      names.set(reader.u32(), inner);
      addNames(reader, inner);
    }
  });
  return names;
}

function addNames(reader: ByteReader, names: Map<number, string>): void {
  if (reader.done) return;
  for (let left = reader.u32(); left > 0; left--) names.set(reader.u32(), reader.name());
}
