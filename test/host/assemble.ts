/** The few encodings that tests of host/ need to write modules down byte by byte. */

export type Bytes = readonly (number | Bytes)[];

export const flatten = (bytes: Bytes): number[] =>
  bytes.flatMap((item) => (typeof item === "number" ? item : flatten(item)));

export function leb(value: number): Bytes {
  return value < 128 ? [value] : [(value & 127) | 128, leb(value >>> 7)];
}

export function vec(items: Bytes): Bytes {
  return [leb(items.length), items];
}

export function sized(bytes: Bytes): Bytes {
  const flat = flatten(bytes);
  return [leb(flat.length), flat];
}

export function str(text: string): Bytes {
  return sized([...new TextEncoder().encode(text)]);
}

export function nameSection(module: string | undefined, functions: Readonly<Record<number, string>>): Bytes {
  const names = Object.entries(functions).map(([index, name]) => [leb(Number(index)), str(name)]);
  return [
    str("name"),
    module === undefined ? [] : [0, sized(str(module))],
    names.length === 0 ? [] : [1, sized(vec(names))],
  ];
}

/** A function body without locals; the final `end` is added. */
export function body(...code: Bytes): Bytes {
  return sized([0, code, 0x0b]);
}

/** A module of the given sections: id and payload. */
export function assemble(
  ...sections: readonly (readonly [id: number, payload: Bytes])[]
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    flatten([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, sections.map(([id, payload]) => [id, sized(payload)])]),
  );
}

export const i32 = 0x7f;
export const v128 = 0x7b;
export const funcref = 0x70;
export const externref = 0x6f;
export const exnref = 0x69;

/** A function type. */
export function func(params: Bytes, results: Bytes): Bytes {
  return [0x60, vec(params), vec(results)];
}

/** An import of a function. */
export function importFunc(module: string, name: string, type: number): Bytes {
  return [str(module), str(name), 0, leb(type)];
}

export function exportFunc(name: string, index: number): Bytes {
  return [str(name), 0, leb(index)];
}

export function instantiate(
  bytes: Uint8Array<ArrayBuffer>,
  imports: Record<string, Record<string, unknown>> = {},
): Record<string, any> {
  const { Module, Instance } = (globalThis as any).WebAssembly;
  return new Instance(new Module(bytes), imports).exports;
}

export function isValid(bytes: Uint8Array<ArrayBuffer>): boolean {
  return (globalThis as any).WebAssembly.validate(bytes);
}
