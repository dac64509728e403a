import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endOfString, stringBytes, stringText } from "../../../src/text/syntax/strings.ts";

function bytes(literal: string): number[] {
  expect(endOfString(literal, 0)).toBe(literal.length);
  return [...stringBytes(literal, 0, literal.length)];
}

describe("string literals", () => {
  it("have simple, byte and character escapes", () => {
    expect(bytes(String.raw`"\t\n\r\"\'\\"`)).toEqual([9, 10, 13, 34, 39, 92]);
    expect(bytes(String.raw`"\00\fFz"`)).toEqual([0, 255, 0x7a]);
    expect(bytes(String.raw`"\u{e9}\u{1_f600}"`)).toEqual([...new TextEncoder().encode("é😀")]);
  });

  it("stand for the UTF-8 of everything else, byte order marks included", () => {
    expect(bytes('"é\ufeff"')).toEqual([0xc3, 0xa9, 0xef, 0xbb, 0xbf]);
    const literal = String.raw`"\u{feff}a"`;
    expect(stringText(literal, 0, literal.length)).toBe("\ufeffa");
  });

  it("have no text where their bytes are no UTF-8", () => {
    const literal = String.raw`"\c3\28"`;
    expect(stringText(literal, 0, literal.length)).toBeUndefined();
  });

  it("read back any bytes that are written with escapes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (content) => {
        const escapes = [...content].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`);
        expect(bytes(`"${escapes.join("")}"`)).toEqual([...content]);
      }),
    );
  });
});
