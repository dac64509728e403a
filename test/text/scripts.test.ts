import { describe, expect, it } from "vitest";
import { WatSyntaxError } from "../../src/errors.ts";
import { type ModuleForm, moduleForm } from "../../src/text/script-modules.ts";
import { scriptValues } from "../../src/text/script-values.ts";
import { Cursor } from "../../src/text/syntax/cursor.ts";
import { tokenize } from "../../src/text/syntax/lexer.ts";
import { TokenKind } from "../../src/text/syntax/tokens.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";

const cursor = (text: string) => new Cursor(tokenize(text));

describe("values of scripts", () => {
  it("are numbers by their bits", () => {
    expect(
      scriptValues(cursor("(i32.const -1) (i64.const 0x8000000000000000) (f32.const -0) (f64.const inf)")),
    ).toEqual([
      { kind: "number", type: "i32", value: 0xffffffffn },
      { kind: "number", type: "i64", value: 0x8000000000000000n },
      { kind: "number", type: "f32", value: 0x80000000n },
      { kind: "number", type: "f64", value: 0x7ff0000000000000n },
    ]);
  });

  it("are classes of NaNs, in lanes too, and alternatives", () => {
    expect(
      scriptValues(
        cursor(
          "(f32.const nan:canonical) (either (f64.const nan:arithmetic) (v128.const f64x2 nan:canonical 1))",
        ),
      ),
    ).toEqual([
      { kind: "number", type: "f32", value: "nan:canonical" },
      {
        kind: "either",
        values: [
          { kind: "number", type: "f64", value: "nan:arithmetic" },
          { kind: "vector", lane: "f64", lanes: ["nan:canonical", 0x3ff0000000000000n] },
        ],
      },
    ]);
  });

  it("are vectors and references", () => {
    expect(
      scriptValues(
        cursor("(v128.const i16x8 -1 2 3 4 5 6 7 8) (ref.null func) (ref.null) (ref.extern 3) (ref.i31)"),
      ),
    ).toEqual([
      { kind: "vector", lane: "i16", lanes: [0xffffn, 2n, 3n, 4n, 5n, 6n, 7n, 8n] },
      { kind: "reference", what: "null", heap: "func", value: undefined },
      { kind: "reference", what: "null", heap: undefined, value: undefined },
      { kind: "reference", what: "extern", heap: undefined, value: 3 },
      { kind: "reference", what: "i31", heap: undefined, value: undefined },
    ]);
  });

  it.each(["(i32.const nan:canonical)", "(i32.add 1)", "(v128.const 1)", "i32.const", "(i32.const 1"])(
    "%s is refused",
    (text) => {
      expect(() => scriptValues(cursor(text))).toThrow(WatSyntaxError);
    },
  );
});

describe("modules of scripts", () => {
  function form(text: string): ModuleForm {
    const at = cursor(`${text} (next)`);
    const found = moduleForm(at);
    expect(at.isForm("next")).toBe(true);
    return found;
  }

  function bytes(text: string): Uint8Array | undefined {
    const found = form(text);
    return found.kind === "instance" ? undefined : found.assemble();
  }

  it("are text, quoted text or bytes", () => {
    const expected = wat2wasm("(func)");
    expect(bytes("(module (func))")).toEqual(expected);
    expect(bytes('(module quote "(func" ")")')).toEqual(expected);
    expect(bytes('(module quote "(module (func))")')).toEqual(expected);
    const escapes = [...expected].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
    expect(bytes(`(module binary "${escapes}")`)).toEqual(expected);
  });

  it("may be definitions, which instances name", () => {
    expect(form("(module definition $m (func))")).toMatchObject({ kind: "text", id: "m", definition: true });
    expect(form("(module $m quote)")).toMatchObject({ kind: "quote", id: "m", definition: false });
    expect(form("(module instance $i $m)")).toEqual({ kind: "instance", id: "i", module: "m" });
    expect(form("(module instance)")).toEqual({ kind: "instance", id: undefined, module: undefined });
  });

  it("are parsed when they are assembled: a mistake does not end the script", () => {
    expect(() => bytes("(module (func foo))")).toThrow("unknown operator");
    expect(() => bytes('(module quote "(func foo)")')).toThrow("unknown operator");
    expect(() => bytes('(module quote "\\ff")')).toThrow("malformed UTF-8 encoding");
    expect(form("(module (func foo))").kind).toBe("text");
  });

  it("that do not end are passed over to the end of the text", () => {
    const at = cursor("(module (func");
    const found = moduleForm(at);
    expect(at.kind()).toBe(TokenKind.end);
    expect(() => found.kind === "text" && found.assemble()).toThrow("expected `)`");
  });
});
