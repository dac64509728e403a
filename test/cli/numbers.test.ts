import fc from "fast-check";
import { expect, test } from "vitest";
import { parseFloatingPoint, parseInteger, renderF32, renderF64 } from "../../src/cli/numbers.ts";

const i64 = [-(2n ** 63n), 2n ** 63n - 1n] as const;

test("an integer is read back from decimal and hexadecimal", () => {
  fc.assert(
    fc.property(fc.bigInt(...i64), (value) => {
      expect(parseInteger(String(value), ...i64)).toBe(value);
      const magnitude = (value < 0n ? -value : value).toString(16);
      expect(parseInteger(`0x${value < 0n ? "-" : ""}${magnitude}`, ...i64)).toBe(value);
    }),
  );
});

test.each([
  ["", "cannot parse integer from empty string"],
  ["0x", "cannot parse integer from empty string"],
  ["-", "invalid digit found in string"],
  ["1.5", "invalid digit found in string"],
  [" 1", "invalid digit found in string"],
  ["-0x1", "invalid digit found in string"],
  ["9223372036854775808", "number too large to fit in target type"],
  ["-9223372036854775809", "number too small to fit in target type"],
])("%j is no i64: %s", (text, message) => {
  expect(() => parseInteger(text, ...i64)).toThrow(message);
});

test("a double is read back from its shortest decimal", () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      const text = renderF64(value);
      expect(text).toMatch(/^-?(\d+(\.\d+)?|inf)$|^NaN$/);
      expect(parseFloatingPoint(text)).toBe(value);
    }),
  );
});

test("a single is read back from its shortest decimal", () => {
  fc.assert(
    fc.property(fc.float(), (value) => {
      const text = renderF32(value);
      expect(Math.fround(parseFloatingPoint(text))).toBe(value);
      expect(text.length).toBeLessThanOrEqual(renderF64(value).length);
    }),
  );
});

test.each([
  [1e21, "1000000000000000000000"],
  [1.25e21, "1250000000000000000000"],
  [1e-7, "0.0000001"],
  [-1.5e-9, "-0.0000000015"],
  [-0, "-0"],
  [Number.NEGATIVE_INFINITY, "-inf"],
])("%d has no exponent: %s", (value, text) => {
  expect(renderF64(value)).toBe(text);
});

test.each(["", "0x10", "1_0", ".", "e5", "1e", "infinit", "--1", " 1"])("%j is no number", (text) => {
  expect(() => parseFloatingPoint(text)).toThrow();
});

test("infinity and NaN are read in any case", () => {
  expect(["inf", "+Infinity", "-INF", "NaN"].map(parseFloatingPoint)).toEqual([
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ]);
});
