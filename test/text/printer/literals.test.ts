import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { f32Text, f64Text, idText, quoted, quotedBytes } from "../../../src/text/printer/literals.ts";
import { f32Bits, f64Bits } from "../../../src/text/syntax/numbers.ts";
import { stringBytes, stringText } from "../../../src/text/syntax/strings.ts";

describe("printed numbers", () => {
  it("are as short as possible", () => {
    expect(f32Text(0x3dcccccd)).toBe("0.1");
    expect(f32Text(0x80000000)).toBe("-0");
    expect(f32Text(1)).toBe("1e-45");
    expect(f64Text(0x3fb999999999999an)).toBe("0.1");
    expect(f64Text(0x7ff0000000000000n)).toBe("inf");
    expect(f32Text(0xffc00000)).toBe("-nan");
    expect(f32Text(0x7fa00000)).toBe("nan:0x200000");
  });

  it("read back to the same bits", () => {
    const bits32 = fc.integer({ min: 0, max: 0xffffffff });
    const bits64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    fc.assert(
      fc.property(bits32, (bits) => f32Bits(f32Text(bits)) === bits),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(bits64, (bits) => f64Bits(f64Text(bits)) === bits),
      { numRuns: 1000 },
    );
  });
});

describe("printed strings", () => {
  it("escape what cannot be seen", () => {
    expect(quoted('a "b"\\\n\u202e\u00a0é 日')).toBe(String.raw`"a \"b\"\\\n\u{202e}\u{a0}é 日"`);
    expect(quotedBytes(Uint8Array.of(0, 34, 65, 92, 127, 255))).toBe(String.raw`"\00\"A\\\7f\ff"`);
  });

  it("read back to the same text and bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const literal = quoted(text);
        return stringText(literal, 0, literal.length) === text;
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const literal = quotedBytes(bytes);
        expect([...stringBytes(literal, 0, literal.length)]).toEqual([...bytes]);
      }),
    );
  });

  it("are identifiers, quoted where they must be", () => {
    expect(idText("a.b$c")).toBe("$a.b$c");
    expect(idText("a b")).toBe('$"a b"');
    expect(idText("std::vec<u8>")).toBe("$std::vec<u8>");
    expect(idText("f(x)")).toBe('$"f(x)"');
  });
});
