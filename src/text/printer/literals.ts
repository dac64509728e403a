/**
 * Numbers and strings as text that reads back to the same bits.
 *
 * Spec: https://webassembly.github.io/spec/core/text/values.html
 */

const view = new DataView(new ArrayBuffer(8));

/** The `f32` with these bits, in as few decimal digits as tell it apart. */
export function f32Text(bits: number): string {
  view.setUint32(0, bits);
  const value = view.getFloat32(0);
  if (!Number.isFinite(value)) return notFinite(BigInt(bits), 23n, 8n);
  let digits = 1;
  while (Math.fround(Number(value.toPrecision(digits))) !== value) digits++;
  return finite(value === 0 ? value : Number(value.toPrecision(digits)));
}

/** The `f64` with these bits, in as few decimal digits as tell it apart. */
export function f64Text(bits: bigint): string {
  view.setBigUint64(0, bits);
  const value = view.getFloat64(0);
  return Number.isFinite(value) ? finite(value) : notFinite(bits, 52n, 11n);
}

function finite(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function notFinite(bits: bigint, mantissaBits: bigint, exponentBits: bigint): string {
  const sign = bits >> (mantissaBits + exponentBits) === 0n ? "" : "-";
  const payload = bits & ((1n << mantissaBits) - 1n);
  if (payload === 0n) return `${sign}inf`;
  return payload === 1n << (mantissaBits - 1n) ? `${sign}nan` : `${sign}nan:0x${payload.toString(16)}`;
}

const escapes: { readonly [character: string]: string } = {
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

/** What must not stand in a string as it is, or would not be seen there: controls, formats, odd spaces. */
const unprintable = /["\\\p{C}\p{Z}]/gu;

/** A string literal for a name. */
export function quoted(name: string): string {
  const text = name.replaceAll(unprintable, (character) => {
    if (character === " ") return character;
    return escapes[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
  return `"${text}"`;
}

const byteTexts = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  const plain = byte >= 0x20 && byte < 0x7f ? character : `\\${byte.toString(16).padStart(2, "0")}`;
  return escapes[character] ?? plain;
});

/** A string literal for bytes. */
export function quotedBytes(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 4096) {
    text += Array.from(bytes.subarray(start, start + 4096), (byte) => byteTexts[byte]).join("");
  }
  return `"${text}"`;
}

const idCharacters = /^[0-9A-Za-z!#$%&'*+\-./:<=>?@\\^_`|~]+$/;

/** The identifier of a name; quoted where it has other characters than identifiers may have. */
export function idText(name: string): string {
  return `$${idCharacters.test(name) ? name : quoted(name)}`;
}
