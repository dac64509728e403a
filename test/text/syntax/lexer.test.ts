import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenize } from "../../../src/text/syntax/lexer.ts";
import { TokenKind } from "../../../src/text/syntax/tokens.ts";

const nameOf = new Map<number, string>(Object.entries(TokenKind).map(([name, kind]) => [kind, name]));

/** Kind and text of every token but the closing one. */
function tokens(source: string): string[] {
  const { kinds, starts, ends, count } = tokenize(source);
  return Array.from(
    { length: count - 1 },
    (_, at) => `${nameOf.get(kinds[at]!)} ${source.slice(starts[at], ends[at])}`,
  );
}

function failure(source: string): string | undefined {
  return tokenize(source).error?.message.split("\n")[0];
}

describe("tokenize", () => {
  it("tells the kinds of words apart", () => {
    expect(tokens('(i32.const $x -0x1_0 1.5e3 nan:0x7f inf "a b" $"a b" 0$y @a)')).toEqual([
      "leftParen (",
      "keyword i32.const",
      "id $x",
      "integer -0x1_0",
      "float 1.5e3",
      "float nan:0x7f",
      "float inf",
      'string "a b"',
      'id $"a b"',
      "reserved 0$y",
      "annotation @a",
      "rightParen )",
    ]);
  });

  it("takes what has no space in between for one word", () => {
    expect(tokens('"a""b"')).toEqual(['reserved "a""b"']);
    expect(tokens('a"b"')).toEqual(['reserved a"b"']);
    expect(tokens("1_")).toEqual(["reserved 1_"]);
    expect(tokens("1__0")).toEqual(["reserved 1__0"]);
    expect(tokens("0x")).toEqual(["reserved 0x"]);
    expect(tokens("nan:0x")).toEqual(["keyword nan:0x"]);
    expect(tokens("Abc")).toEqual(["reserved Abc"]);
  });

  it("skips comments, nested ones too", () => {
    expect(tokens("a ;; b (\n c (; d (; e ;) f ;) g")).toEqual(["keyword a", "keyword c", "keyword g"]);
    expect(tokens("a ;; b\rc")).toEqual(["keyword a", "keyword c"]);
  });

  it("skips annotations that mean nothing here, whatever is in them", () => {
    expect(tokens('a (@b c (d) "e" , ; [ @ $ (@f)) g')).toEqual(["keyword a", "keyword g"]);
    expect(tokens('(@name "x")')).toEqual(["leftParen (", "annotation @name", 'string "x"', "rightParen )"]);
    expect(tokens('(@"name" "x")')[1]).toBe('annotation @"name"');
  });

  it.each([
    ["(; ", "unterminated block comment"],
    ['"a', "unexpected end-of-file"],
    ['"\n"', "invalid character in string '\\n'"],
    ['"\\q"', "invalid string escape 'q'"],
    ['"\\0g"', "invalid hex digit 'g'"],
    ['"\\u{110000}"', "invalid unicode scalar value 0x110000"],
    ['"\\u{d800}"', "invalid unicode scalar value 0xd800"],
    ["$", "empty identifier"],
    ['$""', "empty identifier"],
    ['$"\\ff"', "malformed UTF-8 encoding of string-based id"],
    ["(@)", "empty annotation id"],
    ["(@a", "unclosed annotation"],
    ["é", "unexpected character '\\u{e9}'"],
    ["\0", "unexpected character '\\u{0}'"],
    ['"\ud800"', "malformed UTF-8 encoding"],
    [";; \udc00", "malformed UTF-8 encoding"],
  ])("reports %j", (source, message) => {
    expect(failure(source)).toBe(message);
  });

  it("leaves a mistake until the parser gets there", () => {
    expect(tokens("(module) é")).toEqual(["leftParen (", "keyword module", "rightParen )"]);
  });

  it("gives tokens in order that end with the text or a mistake, whatever the text", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "(",
        ")",
        "(;",
        ";)",
        ";;",
        "\n",
        " ",
        '"',
        "\\",
        "$",
        "@",
        "(@a",
        "(@name",
        "0x",
        "_",
        "nan:",
        "1",
        "a",
      ),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const source = pieces.join("");
        const { kinds, starts, ends, count } = tokenize(source);
        let at = 0;
        for (let token = 0; token < count - 1; token++) {
          expect(starts[token]).toBeGreaterThanOrEqual(at);
          expect(ends[token]).toBeGreaterThan(starts[token]!);
          at = ends[token]!;
        }
        expect([TokenKind.end, TokenKind.error]).toContain(kinds[count - 1]);
      }),
    );
  });
});
