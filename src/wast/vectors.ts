/**
 * Vectors as 128-bit numbers, lane 0 lowest, and as the bytes that cross into wasm.
 *
 * @packageDocumentation
 */

/** The vector made of some lanes, each its bits. */
export function vectorOf(lanes: readonly bigint[]): bigint {
  const width = BigInt(128 / lanes.length);
  return lanes.reduceRight((vector, lane) => (vector << width) | lane, 0n);
}

/** Bits of one of `count` lanes. */
export function laneOf(vector: bigint, lane: number, count: number): bigint {
  const width = 128 / count;
  return BigInt.asUintN(width, vector >> BigInt(lane * width));
}

export function bytesOfVector(vector: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setBigUint64(0, BigInt.asUintN(64, vector), true);
  view.setBigUint64(8, vector >> 64n, true);
  return new Uint8Array(view.buffer);
}

export function vectorOfBytes(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return view.getBigUint64(0, true) | (view.getBigUint64(8, true) << 64n);
}
