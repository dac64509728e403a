/**
 * Numbers as wasmtime's command line reads and writes them, which is Rust's way.
 *
 * @packageDocumentation
 */

/** @throws {Error} the text is no integer, or not one of the range */
export function parseInteger(text: string, minimum: bigint, maximum: bigint): bigint {
  const hexadecimal = /^0x/i.test(text);
  const digits = hexadecimal ? text.slice(2) : text;
  if (digits === "") throw new Error("cannot parse integer from empty string");
  if (!(hexadecimal ? /^[+-]?[0-9a-f]+$/i : /^[+-]?[0-9]+$/).test(digits))
    throw new Error("invalid digit found in string");
  const magnitude = BigInt(`${hexadecimal ? "0x" : ""}${digits.replace(/^[+-]/, "")}`);
  const value = digits.startsWith("-") ? -magnitude : magnitude;
  if (value > maximum) throw new Error("number too large to fit in target type");
  if (value < minimum)
    throw new Error(
      minimum === 0n ? "invalid digit found in string" : "number too small to fit in target type",
    );
  return value;
}

/** @throws {Error} the text is no decimal number, infinity or NaN */
export function parseFloatingPoint(text: string): number {
  if (text === "") throw new Error("cannot parse float from empty string");
  const [, sign, word] = /^([+-]?)(inf|infinity|nan)$/i.exec(text) ?? [];
  if (word !== undefined) {
    const magnitude = /^nan$/i.test(word) ? Number.NaN : Number.POSITIVE_INFINITY;
    return sign === "-" ? -magnitude : magnitude;
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw new Error("invalid float literal");
  return Number(text);
}

/** The shortest decimal that reads back as the same double, without an exponent. */
export function renderF64(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  return `${sign}${withoutExponent(String(Math.abs(value)))}`;
}

/** The shortest decimal that reads back as the same single, without an exponent. */
export function renderF32(value: number): string {
  if (value === 0) return renderF64(value);
  for (let precision = 1; precision < 9; precision++) {
    const shorter = Number(value.toPrecision(precision));
    if (Math.fround(shorter) === value) return renderF64(shorter);
  }
  return renderF64(Number(value.toPrecision(9)));
}

function withoutExponent(text: string): string {
  const [, whole = "", fraction = "", power] = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text) ?? [];
  if (power === undefined) return text;
  const digits = whole + fraction;
  const point = whole.length + Number(power);
  return point <= 0 ? `0.${"0".repeat(-point)}${digits}` : digits.padEnd(point, "0");
}
