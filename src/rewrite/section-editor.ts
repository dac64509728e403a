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

/** Collects the changes of one module. What was not changed keeps its bytes, whatever they are. */
export class SectionEditor {
  readonly info: ModuleInfo;
  readonly #replaced = new Map<Section, Payload>();
  readonly #inserted = new Map<number, Payload>();
  readonly #appended: Payload[] = [];

  constructor(info: ModuleInfo) {
    this.info = info;
  }

  /** Gives a section a new payload: the one there is, or one put where the order of sections wants it. */
  set(id: number, payload: Payload): void {
    const section = findSection(this.info, id);
    if (section === undefined) this.#inserted.set(id, payload);
    else this.#replaced.set(section, payload);
  }

  /** Puts entries behind those of a section that is a vector. */
  append(id: number, count: number, entries: Uint8Array): void {
    if (count === 0) return;
    const section = findSection(this.info, id);
    const reader = new ByteReader(this.info.bytes, section?.payload, section?.end);
    const before = section === undefined ? 0 : reader.u32();
    const present = section === undefined ? [] : [this.info.bytes.subarray(reader.offset, section.end)];
    this.set(id, [encode((writer) => writer.u32(before + count)), ...present, entries]);
  }

  remove(section: Section): void {
    this.#replaced.set(section, []);
  }

  /** Gives a custom section new content; its name stays. */
  setCustom(section: Section, content: Payload): void {
    const { bytes } = this.info;
    this.#replaced.set(section, [bytes.subarray(section.payload, section.custom!.content), ...content]);
  }

  /** Puts a custom section at the end of the module. */
  appendCustom(name: string, content: Payload): void {
    this.#appended.push([encode((writer) => writer.name(name)), ...content]);
  }

  get #unchanged(): boolean {
    return this.#replaced.size === 0 && this.#inserted.size === 0 && this.#appended.length === 0;
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
    const inserted = [...this.#inserted].sort(([a], [b]) => place(b) - place(a));
    const insertBefore = (limit: number): void => {
      while (inserted.length > 0 && place(inserted.at(-1)![0]) < limit) add(...inserted.pop()!);
    };

    for (const section of sections) {
      if (section.id !== SectionId.custom) insertBefore(place(section.id));
      const payload = this.#replaced.get(section);
      // No payload at all stands for a removed section: one that is there has a count or a name.
      if (payload?.length === 0) continue;
      add(section.id, payload ?? [bytes.subarray(section.payload, section.end)]);
    }
    insertBefore(sectionOrder.length);
    for (const payload of this.#appended) add(SectionId.custom, payload);
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
