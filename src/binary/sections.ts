/**
 * The frame of a module: preamble, sections, their order.
 *
 * Spec: https://webassembly.github.io/spec/core/binary/modules.html
 *
 * @packageDocumentation
 */
import { CompileError } from "../errors.ts";
import type { ModuleInfo, Section } from "./module-info.ts";
import { ByteReader, malformed } from "./reader.ts";

/** Ids of the sections. */
export const SectionId = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** The order sections must come in; custom sections may stand anywhere. */
export const sectionOrder: readonly number[] = [
  SectionId.type,
  SectionId.import,
  SectionId.function,
  SectionId.table,
  SectionId.memory,
  SectionId.tag,
  SectionId.global,
  SectionId.export,
  SectionId.start,
  SectionId.element,
  SectionId.dataCount,
  SectionId.code,
  SectionId.data,
];

const magic = [0x00, 0x61, 0x73, 0x6d];
const moduleVersion = 0x1;
const componentVersion = 0x1000d;

function isMagic(bytes: Uint8Array, offset: number): boolean {
  return magic.every((byte, index) => bytes[offset + index] === byte);
}

function formatBytes(bytes: Iterable<number>): string {
  return `[\n${Array.from(bytes, (byte) => `    0x${byte.toString(16)},\n`).join("")}]`;
}

function readPreamble(reader: ByteReader): void {
  const start = reader.skip(4);
  if (!isMagic(reader.bytes, start)) {
    const actual = formatBytes(reader.bytes.subarray(start, start + 4));
    reader.fail(
      `magic header not detected: bad magic number - expected=${formatBytes(magic)} actual=${actual}`,
      start,
    );
  }
  const field = reader.skip(4);
  const [a, b, c, d] = reader.bytes.subarray(field, field + 4);
  const version = (a! | (b! << 8) | (c! << 16) | (d! << 24)) >>> 0;
  if (version === moduleVersion) return;
  if (version === componentVersion) {
    throw new CompileError("expected a WebAssembly module but was given a WebAssembly component");
  }
  reader.fail(`unknown binary version: ${`0x${version.toString(16)}`.padStart(10)}`, field);
}

/**
 * The sections of a module, one after the other, so that a complaint about the content of one comes before a
 * complaint about a later one.
 *
 * @throws CompileError for a wrong preamble, id, size or order
 */
export function* readSections(bytes: Uint8Array): Generator<Section, void, void> {
  const reader = new ByteReader(bytes);
  readPreamble(reader);
  let reached = -1;
  while (!reader.done) {
    const start = reader.offset;
    if (isMagic(bytes, start)) reader.fail("expected section, got wasm magic number", start);
    const id = reader.u8();
    if (id > 0x7f) reader.fail("malformed section id", start);
    const size = reader.u32();
    const payload = reader.offset;
    if (id !== SectionId.custom) {
      const position = sectionOrder.indexOf(id);
      // An unknown section is complained about once its bytes are there.
      if (position >= 0 && position <= reached) reader.fail("section out of order", payload);
      reached = Math.max(reached, position);
    }
    reader.skip(size);
    const end = reader.offset;
    if (id === SectionId.custom) {
      const content = new ByteReader(bytes, payload, end);
      const name = content.name();
      yield { id, start, payload, end, custom: { name, content: content.offset } };
    } else if (sectionOrder.includes(id)) {
      yield { id, start, payload, end };
    } else {
      throw malformed(`malformed section id: ${id}`, payload);
    }
  }
}

/** The section with this id, of which there is at most one; not for custom sections. */
export function findSection(info: ModuleInfo, id: number): Section | undefined {
  return info.sections.find((section) => section.id === id);
}
