/**
 * Changes sections of a module and copies the rest as it is.
 *
 * @packageDocumentation
 */
import type { ModuleInfo, Section } from "../binary/module-info.ts";
import { ByteReader } from "../binary/reader.ts";
import { findSection, SectionId, sectionOrder } from "../binary/sections.ts";
import { ByteWriter } from "../binary/writer.ts";

/** Content of a section, in pieces so that large ones need not be joined twice. */
export type Payload = readonly Uint8Array[];

/** What `write` writes. */
export function encode(write: (writer: ByteWriter) => void): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  write(writer);
  return writer.finish();
}

function place(id: number): number {
  return sectionOrder.indexOf(id);
}

/** Number of entries of a section, and their bytes. */
interface Vector {
  count: number;
  readonly pieces: Uint8Array[];
}

/** Collects the changes of one module. What was not changed keeps its bytes, whatever they are. */
export class SectionEditor {
  readonly info: ModuleInfo;
  readonly #vectors = new Map<number, Vector>();
  readonly #customContents = new Map<Section, Payload>();
  readonly #appendedCustoms: Payload[] = [];
  readonly #insertedCustoms = new Map<number, Payload>();
  readonly #removed = new Set<Section>();

  constructor(info: ModuleInfo) {
    this.info = info;
  }

  /** Gives a section that is a vector other entries. Without any there will be no section. */
  replace(id: number, count: number, pieces: Payload): void {
    this.#vectors.set(id, { count, pieces: [...pieces] });
  }

  /** Puts entries behind those a section has by now. */
  append(id: number, count: number, ...pieces: Payload): void {
    if (count === 0) return;
    let vector = this.#vectors.get(id);
    if (vector === undefined) {
      vector = this.#present(id);
      this.#vectors.set(id, vector);
    }
    vector.count += count;
    vector.pieces.push(...pieces);
  }

  #present(id: number): Vector {
    const { bytes } = this.info;
    const section = findSection(this.info, id);
    if (section === undefined) return { count: 0, pieces: [] };
    const reader = new ByteReader(bytes, section.payload, section.end);
    const count = reader.u32();
    return { count, pieces: [bytes.subarray(reader.offset, section.end)] };
  }

  remove(section: Section): void {
    this.#removed.add(section);
  }

  /** Gives a custom section new content; its name stays. */
  setCustom(section: Section, content: Payload): void {
    const { bytes } = this.info;
    this.#customContents.set(section, [bytes.subarray(section.payload, section.custom!.content), ...content]);
  }

  /** Puts a custom section in front of a section that is a vector and is changed. */
  insertCustom(before: number, name: string, content: Payload): void {
    this.#insertedCustoms.set(before, [encode((writer) => writer.name(name)), ...content]);
  }

  /** Puts a custom section at the end of the module. */
  appendCustom(name: string, content: Payload): void {
    this.#appendedCustoms.push([encode((writer) => writer.name(name)), ...content]);
  }

  get #unchanged(): boolean {
    const changes = [this.#vectors, this.#customContents, this.#removed];
    return this.#appendedCustoms.length === 0 && changes.every(({ size }) => size === 0);
  }

  /**
   * Puts the module together.
   *
   * @returns the module: the bytes it was made from, not a copy, when nothing was changed; and the offset of the code
   *   section's payload in it
   */
  finish(): { readonly bytes: Uint8Array<ArrayBuffer>; readonly codePayload: number | undefined } {
    const { bytes, sections } = this.info;
    if (this.#unchanged) return { bytes, codePayload: findSection(this.info, SectionId.code)?.payload };

    const pieces: Uint8Array[] = [bytes.subarray(0, preambleLength)];
    let length = preambleLength;
    let codePayload: number | undefined;
    const add = (id: number, payload: Payload): void => {
      const size = payload.reduce((sum, piece) => sum + piece.length, 0);
      const header = encode((writer) => {
        writer.u8(id);
        writer.u32(size);
      });
      pieces.push(header, ...payload);
      length += header.length + size;
      if (id === SectionId.code) codePayload = length - size;
    };
    const vectors = [...this.#vectors].sort(([a], [b]) => place(b) - place(a));
    const addVectorsUpTo = (limit: number): void => {
      while (vectors.length > 0 && place(vectors.at(-1)![0]) <= limit) {
        const [id, { count, pieces: entries }] = vectors.pop()!;
        const custom = this.#insertedCustoms.get(id);
        if (custom !== undefined) add(SectionId.custom, custom);
        if (count > 0) add(id, [encode((writer) => writer.u32(count)), ...entries]);
      }
    };

    for (const section of sections) {
      if (section.id !== SectionId.custom) addVectorsUpTo(place(section.id));
      if (this.#vectors.has(section.id) || this.#removed.has(section)) continue;
      add(section.id, this.#customContents.get(section) ?? [bytes.subarray(section.payload, section.end)]);
    }
    addVectorsUpTo(sectionOrder.length);
    for (const payload of this.#appendedCustoms) add(SectionId.custom, payload);
    return { bytes: join(pieces, length), codePayload };
  }
}

const preambleLength = 8;

function join(pieces: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
