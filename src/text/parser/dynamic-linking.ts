/**
 * The annotation `(@dylink.0 …)`: the custom section that describes a dynamic library.
 *
 * Spec: https://github.com/WebAssembly/tool-conventions/blob/main/DynamicLinking.md
 *
 * @packageDocumentation
 */
import { ByteWriter } from "../../binary/writer.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { TokenKind } from "../syntax/tokens.ts";

/** Words for the bits of a symbol's flags, from the lowest bit on; bit 3 has none. */
const symbolFlags = [
  "binding-weak",
  "binding-local",
  "visibility-hidden",
  "",
  "undefined",
  "exported",
  "explicit-name",
  "no-strip",
  "tls",
  "absolute",
] as const;

/** Forms of the annotation; the id of a form's subsection is its place here plus one. */
const forms = ["mem-info", "needed", "export-info", "import-info", "runtime-path"] as const;

interface Subsection {
  readonly form: (typeof forms)[number];
  /** How many entries there are; `mem-info` has none. */
  count: number;
  readonly content: ByteWriter;
}

/** Parses the rest of the annotation and writes the content of the section. */
export function dynamicLinking(cursor: Cursor, writer: ByteWriter): void {
  const subsections: Subsection[] = [];
  while (cursor.kind() === TokenKind.leftParen) {
    cursor.position++;
    const form = cursor.oneOf(forms);
    const last = subsections.at(-1);
    // Neighbouring symbols share a subsection.
    const continues = last?.form === form && (form === "export-info" || form === "import-info");
    const subsection = continues ? last : { form, count: 0, content: new ByteWriter(64) };
    if (!continues) subsections.push(subsection);
    parseForm(cursor, subsection);
    cursor.close();
  }
  for (const { form, count, content } of subsections) {
    writer.section(forms.indexOf(form) + 1, () => {
      if (form !== "mem-info") writer.u32(count);
      writer.bytes(content.finish());
    });
  }
}

function parseForm(cursor: Cursor, subsection: Subsection): void {
  const { form, content } = subsection;
  switch (form) {
    case "mem-info":
      for (const word of ["memory", "table"]) writeSize(cursor, content, word);
      break;
    case "needed":
    case "runtime-path":
      for (; !cursor.atClose; subsection.count++) content.name(cursor.name());
      break;
    case "export-info":
    case "import-info":
      subsection.count++;
      if (form === "import-info") content.name(cursor.name());
      content.name(cursor.name());
      content.u32(flags(cursor));
      break;
  }
}

/** Size and the logarithm of the alignment; zeros where they are left out. */
function writeSize(cursor: Cursor, content: ByteWriter, word: string): void {
  const given = cursor.takeForm(word);
  content.u32(given ? cursor.u32() : 0);
  content.u32(given ? cursor.u32() : 0);
  if (given) cursor.close();
}

/** Words and numbers that add up to the flags of a symbol. */
function flags(cursor: Cursor): number {
  let sum = 0;
  while (!cursor.atClose) {
    const bit = symbolFlags.findIndex((word) => cursor.takeKeyword(word));
    sum |= bit === -1 ? cursor.u32() : 1 << bit;
  }
  return sum >>> 0;
}
