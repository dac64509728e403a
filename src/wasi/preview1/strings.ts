import type { GuestMemory } from "../guest-memory.ts";

/** Writes how many strings there are and how many bytes they take together. */
export function writeSizes(
  memory: GuestMemory,
  strings: readonly Uint8Array[],
  count: number,
  byteLength: number,
): void {
  memory.setU32(count, strings.length);
  memory.setU32(
    byteLength,
    strings.reduce((sum, string) => sum + string.length, 0),
  );
}

/** Writes the strings one after another, and where each begins into an array. */
export function writeStrings(
  memory: GuestMemory,
  strings: readonly Uint8Array[],
  array: number,
  buffer: number,
): void {
  let element = array >>> 0;
  let address = buffer >>> 0;
  for (const string of strings) {
    memory.setU32(element, address);
    memory.setBytes(address, string);
    element += 4;
    address += string.length;
  }
}
