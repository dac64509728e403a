/**
 * Custom sections in text: `(@custom …)`, and `(@producers …)` and `(@dylink.0 …)` in their own words.
 *
 * Spec: https://webassembly.github.io/spec/core/appendix/custom.html
 *
 * @packageDocumentation
 */
import { ByteWriter } from "../../binary/writer.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { TokenKind } from "../syntax/tokens.ts";
import { dynamicLinking } from "./dynamic-linking.ts";

/** Sections a custom section can be placed in front of or behind, in the order of the binary format. */
const anchors = [
  "type",
  "import",
  "func",
  "table",
  "memory",
  "tag",
  "global",
  "export",
  "start",
  "elem",
  "code",
  "data",
] as const;

export type Anchor = (typeof anchors)[number];
export type Place = "before first" | `before ${Anchor}` | `after ${Anchor}` | "after last";

interface CustomSection {
  readonly name: string;
  readonly place: Place;
  readonly content: Uint8Array;
}

export class CustomSections {
  readonly #sections: CustomSection[] = [];

  /** Whether there is a section of this name. */
  has(name: string): boolean {
    return this.#sections.some((section) => section.name === name);
  }

  /** Writes the sections of one place. */
  write(writer: ByteWriter, place: Place): void {
    for (const section of this.#sections) {
      if (section.place === place) writer.customSection(section.name, () => writer.bytes(section.content));
    }
  }

  /** Parses the annotation that stands as a field of a module, up to its closing parenthesis. */
  parse(cursor: Cursor): void {
    const content = new ByteWriter(64);
    let name = cursor.nameOf(cursor.position + 1);
    let place: Place = "after last";
    cursor.position += 2;
    if (name === "custom") {
      name = cursor.name();
      if (cursor.kind() === TokenKind.leftParen) place = this.#place(cursor);
      while (!cursor.atClose) content.bytes(cursor.string());
    } else if (name === "producers") {
      producers(cursor, content);
    } else if (name === "dylink.0") {
      place = "before first";
      dynamicLinking(cursor, content);
    } else cursor.fail("expected valid module field", cursor.position - 1);
    this.#sections.push({ name, place, content: content.finish() });
  }

  #place(cursor: Cursor): Place {
    cursor.open();
    const side = cursor.oneOf(["before", "after"]);
    const anchor = anchors.find((word) => cursor.isKeyword(word));
    const end = side === "before" ? "first" : "last";
    if (anchor === undefined && !cursor.isKeyword(end)) cursor.fail("expected a valid section name");
    cursor.position++;
    cursor.close();
    return `${side} ${anchor ?? end}` as Place;
  }
}

const producerFields = ["language", "sdk", "processed-by"] as const;

function producers(cursor: Cursor, content: ByteWriter): void {
  const values = new Map<string, [name: string, version: string][]>();
  while (cursor.kind() === TokenKind.leftParen) {
    cursor.position++;
    const field = cursor.oneOf(producerFields);
    const list = values.get(field) ?? [];
    values.set(field, list);
    list.push([cursor.name(), cursor.name()]);
    cursor.close();
  }
  const used = producerFields.filter((field) => values.has(field));
  content.vec(used, (field) => {
    content.name(field);
    content.vec(values.get(field)!, ([name, version]) => {
      content.name(name);
      content.name(version);
    });
  });
}
