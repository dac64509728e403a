/**
 * Numbers of the text format, exactly: integers with their range, floats rounded once, NaN payloads.
 *
 * Spec: https://webassembly.github.io/spec/core/text/values.html
 *
 * @packageDocumentation
 */
import { TokenKind } from "./tokens.ts";

const decimalDigits = "[0-9]+(?:_[0-9]+)*";
const hexDigits = "[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*";
const integerPattern = new RegExp(`^[+-]?(?:${decimalDigits}|0x${hexDigits})$`);
const floatPattern = new RegExp(
  `^[+-]?(?:inf|nan|nan:0x${hexDigits}|` +
    `${decimalDigits}(?:\\.(?:${decimalDigits})?)?(?:[eE][+-]?${decimalDigits})?|` +
    `0x${hexDigits}(?:\\.(?:${hexDigits})?)?(?:[pP][+-]?${decimalDigits})?)$`,
);

/** The kind of the word between two offsets of a text: `integer`, `float`, or `reserved` where it is no number. */
export function kindOfNumber(source: string, start: number, end: number): TokenKind {
  const first = source.charCodeAt(start);
  const isDigit = first >= 0x30 && first <= 0x39;
  if (isDigit && digitsEnd(source, start) === end) return TokenKind.integer;
  // What starts with neither digit nor sign can only be inf, nan, nan:0x…
  if (!isDigit && first !== 0x2b && first !== 0x2d) {
    if (first !== 0x69 && first !== 0x6e) return TokenKind.reserved;
    if (!source.startsWith("nan", start) && !source.startsWith("inf", start)) return TokenKind.reserved;
  }
  const word = source.slice(start, end);
  if (integerPattern.test(word)) return TokenKind.integer;
  return floatPattern.test(word) ? TokenKind.float : TokenKind.reserved;
}

function digitsEnd(source: string, start: number): number {
  let at = start;
  for (let code = source.charCodeAt(at); code >= 0x30 && code <= 0x39; code = source.charCodeAt(at)) at++;
  return at;
}

/**
 * The value of an integer without a sign.
 *
 * @returns undefined where the word has a sign or the value takes more than `bits` bits
 */
export function unsignedInteger(word: string, bits: number): bigint | undefined {
  if (word.startsWith("+") || word.startsWith("-")) return undefined;
  const value = BigInt(word.replaceAll("_", ""));
  return value >> BigInt(bits) === 0n ? value : undefined;
}

/**
 * The value of an integer of either signedness, as the signed number with the same bits.
 *
 * @returns undefined where the value takes more than `bits` bits
 */
export function integer(word: string, bits: number): bigint | undefined {
  const negative = word.startsWith("-");
  const digits = word.replaceAll("_", "").replace(/^[+-]/, "");
  const magnitude = BigInt(digits);
  const limit = negative ? 1n << BigInt(bits - 1) : (1n << BigInt(bits)) - 1n;
  if (magnitude > limit) return undefined;
  return BigInt.asIntN(bits, negative ? -magnitude : magnitude);
}

const view = new DataView(new ArrayBuffer(8));

/** Bits of an `f64`, or undefined where the word is out of range. */
export function f64Bits(word: string): bigint | undefined {
  const plain = word.replaceAll("_", "");
  if (isDecimal(plain)) {
    view.setFloat64(0, Number(plain));
    const bits = view.getBigUint64(0);
    return ((bits >> 52n) & 0x7ffn) === 0x7ffn ? undefined : bits;
  }
  return exactFloat(plain, 52, 11);
}

/** Bits of an `f32`, or undefined where the word is out of range. */
export function f32Bits(word: string): number | undefined {
  const plain = word.replaceAll("_", "");
  if (isDecimal(plain)) {
    const value = Number(plain);
    const magnitude = Math.abs(value);
    view.setFloat64(0, value);
    // Rounding twice, to f64 and then to f32, differs from rounding once only where the f64 lies exactly halfway
    // between two f32 values, or where the f32 is subnormal.
    const isHalfway = (view.getUint32(4) & 0x1fffffff) === 0x10000000;
    if (value === 0 || (!isHalfway && magnitude > 1.2e-38 && magnitude < 3.4e38)) {
      view.setFloat32(0, value);
      return view.getUint32(0);
    }
  }
  const bits = exactFloat(plain, 23, 8);
  return bits === undefined ? undefined : Number(bits);
}

function isDecimal(plain: string): boolean {
  return !/[xni]/.test(plain);
}

/** Rounds a float of any notation to nearest, ties to even. `plain` has no underscores. */
function exactFloat(plain: string, mantissaBits: number, exponentBits: number): bigint | undefined {
  const width = BigInt(mantissaBits);
  const infinity = ((1n << BigInt(exponentBits)) - 1n) << width;
  const sign = plain.startsWith("-") ? 1n << (width + BigInt(exponentBits)) : 0n;
  const body = plain.replace(/^[+-]/, "");
  if (body === "inf") return sign | infinity;
  if (body === "nan") return sign | infinity | (1n << (width - 1n));
  if (body.startsWith("nan:")) {
    const payload = BigInt(body.slice(4));
    return payload === 0n || payload >> width !== 0n ? undefined : sign | infinity | payload;
  }
  const isHex = body.startsWith("0x");
  const [digits = "", exponent = "0"] = isHex ? body.slice(2).split(/p/i) : body.split(/e/i);
  const [whole = "", fraction = ""] = digits.split(".");
  const mantissa = BigInt((isHex ? "0x" : "") + whole + fraction);
  if (mantissa === 0n) return sign;
  const base = isHex ? 2n : 10n;
  const scale = Number(exponent) - fraction.length * (isHex ? 4 : 1);
  // Exponents beyond these give infinity or zero whatever the digits are; they must not become powers.
  const order = scale + (whole.length + fraction.length) * (isHex ? 4 : 1);
  if (order < -2000) return sign;
  if (scale > 2000) return undefined;
  const power = base ** BigInt(Math.abs(scale));
  const magnitude =
    scale < 0 ? nearest(mantissa, power, width, infinity) : nearest(mantissa * power, 1n, width, infinity);
  return magnitude >= infinity ? undefined : sign | magnitude;
}

/** Bits of the float nearest to a positive fraction. */
function nearest(numerator: bigint, denominator: bigint, width: bigint, infinity: bigint): bigint {
  const bias = (infinity >> width) >> 1n;
  // The exponent of the leading bit: 2^exponent <= numerator / denominator < 2^(exponent + 1).
  let exponent = BigInt(bitLength(numerator) - bitLength(denominator));
  if (exponent >= 0n ? numerator < denominator << exponent : numerator << -exponent < denominator) exponent--;
  const smallest = 1n - bias;
  const unit = (exponent < smallest ? smallest : exponent) - width;
  const dividend = unit < 0n ? numerator << -unit : numerator;
  const divisor = unit < 0n ? denominator : denominator << unit;
  let mantissa = dividend / divisor;
  const twiceRest = (dividend % divisor) * 2n;
  if (twiceRest > divisor || (twiceRest === divisor && (mantissa & 1n) === 1n)) mantissa++;
  // A normal number's leading bit adds one to the exponent field, and so does a carry out of the mantissa.
  const field = exponent < smallest ? 0n : exponent + bias - 1n;
  return (field << width) + mantissa;
}

function bitLength(value: bigint): number {
  return value.toString(16).length * 4 - Math.clz32(Number.parseInt(value.toString(16).charAt(0), 16)) + 28;
}
