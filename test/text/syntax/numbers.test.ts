import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  f32Bits,
  f64Bits,
  integer,
  kindOfNumber,
  unsignedInteger,
} from "../../../src/text/syntax/numbers.ts";
import { TokenKind } from "../../../src/text/syntax/tokens.ts";

const view = new DataView(new ArrayBuffer(8));

function bitsOf64(value: number): bigint {
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

function bitsOf32(value: number): number {
  view.setFloat32(0, value);
  return view.getUint32(0);
}

/** An exact hexadecimal float. */
function hexText(value: number): string {
  const bits = bitsOf64(Math.abs(value));
  const exponent = Number(bits >> 52n);
  const mantissa = (bits & ((1n << 52n) - 1n)).toString(16).padStart(13, "0");
  const sign = Object.is(value, -0) || value < 0 ? "-" : "";
  return exponent === 0 ? `${sign}0x0.${mantissa}p-1022` : `${sign}0x1.${mantissa}p${exponent - 1023}`;
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const finite32 = fc.float({ noNaN: true, noDefaultInfinity: true });

describe("kindOfNumber", () => {
  it.each(["0", "+1", "-1_000", "0x1f", "-0xF_f"])("takes %s for an integer", (word) => {
    expect(kindOfNumber(word, 0, word.length)).toBe(TokenKind.integer);
  });

  it.each(["1.", "1.5", "1e9", "-1_0.0_1E-1_0", "0x1p3", "0x1.8P-2", "inf", "-nan", "nan:0x1"])(
    "takes %s for a float",
    (word) => expect(kindOfNumber(word, 0, word.length)).toBe(TokenKind.float),
  );

  it.each(["_1", "1_", "1__2", ".5", "1e", "0x", "0x1p", "0X1", "infinity", "nan:1", "nan:0x_1", "1p3"])(
    "takes %s for none",
    (word) => expect(kindOfNumber(word, 0, word.length)).toBe(TokenKind.reserved),
  );
});

describe("integers", () => {
  it("have the range of both signs", () => {
    expect(integer("4294967295", 32)).toBe(-1n);
    expect(integer("-0x8000_0000", 32)).toBe(-0x8000_0000n);
    expect(integer("4294967296", 32)).toBeUndefined();
    expect(integer("-2147483649", 32)).toBeUndefined();
    expect(integer("255", 8)).toBe(-1n);
    expect(integer("-129", 8)).toBeUndefined();
  });

  it("have no sign where they are unsigned", () => {
    expect(unsignedInteger("0xff", 8)).toBe(255n);
    expect(unsignedInteger("256", 8)).toBeUndefined();
    expect(unsignedInteger("+1", 8)).toBeUndefined();
  });

  it("read back any i64", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n }), (value) => {
        expect(integer(String(value), 64)).toBe(BigInt.asIntN(64, value));
      }),
    );
  });
});

describe("floats", () => {
  it("are the nearest to a decimal", () => {
    fc.assert(fc.property(finite, (value) => f64Bits(String(value)) === bitsOf64(Number(String(value)))));
    fc.assert(fc.property(finite32, (value) => f32Bits(String(value)) === bitsOf32(Number(String(value)))));
  });

  it("are exact in hexadecimal", () => {
    fc.assert(fc.property(finite, (value) => f64Bits(hexText(value)) === bitsOf64(value)));
    fc.assert(fc.property(finite32, (value) => f32Bits(hexText(value)) === bitsOf32(value)));
  });

  it("are rounded once, not by way of f64", () => {
    // Just above the middle of 1 and the next f32; as an f64 it is the middle, which would be rounded to even.
    expect(f32Bits("1.00000005960464477540")).toBe(0x3f800001);
    expect(f32Bits("1.00000005960464477539")).toBe(0x3f800000);
    expect(f32Bits("0x1.000001000000000001p0")).toBe(0x3f800001);
    expect(f32Bits("0x1.000001p0")).toBe(0x3f800000);
  });

  it("may be subnormal, zero or round to the greatest", () => {
    expect(f32Bits("1e-45")).toBe(1);
    expect(f32Bits("0x1p-150")).toBe(0);
    expect(f32Bits("0x1.000001p-150")).toBe(1);
    expect(f64Bits("-4.9e-324")).toBe(0x8000_0000_0000_0001n);
    expect(f32Bits("3.4028235e38")).toBe(0x7f7fffff);
    expect(f32Bits("0x1.fffffefp127")).toBe(0x7f7fffff);
    expect(f32Bits("-0")).toBe(0x80000000);
  });

  it("are out of range where they would round to infinity", () => {
    expect(f32Bits("0x1.ffffffp127")).toBeUndefined();
    expect(f32Bits("1e39")).toBeUndefined();
    expect(f64Bits("1e309")).toBeUndefined();
    expect(f64Bits(`0x1p${"9".repeat(400)}`)).toBeUndefined();
    expect(f64Bits(`0x1p-${"9".repeat(400)}`)).toBe(0n);
    expect(f64Bits(`0e${"9".repeat(400)}`)).toBe(0n);
  });

  it("may be infinite or not a number, with any payload that fits", () => {
    expect(f32Bits("-inf")).toBe(0xff800000);
    expect(f64Bits("nan")).toBe(0x7ff8_0000_0000_0000n);
    expect(f32Bits("nan:0x200000")).toBe(0x7fa00000);
    expect(f32Bits("-nan:0x7f_ffff")).toBe(0xffffffff);
    expect(f32Bits("nan:0x0")).toBeUndefined();
    expect(f32Bits("nan:0x800000")).toBeUndefined();
    expect(f64Bits("nan:0x10000000000000")).toBeUndefined();
  });
});
