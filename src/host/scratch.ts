/**
 * Values that JavaScript cannot carry, on their way in and out of wasm through a memory of our own.
 *
 * The memory is shared by all adapters of the thread, for every memory takes gigabytes of address space. Nothing has to
 * be saved around nested calls: what one side has written the other reads before any other code runs.
 *
 * @packageDocumentation
 */
import { heapTypeOf, isRefType, type ValType } from "../binary/types.ts";
import { type NativeMemory, webAssembly } from "./webassembly.ts";

/**
 * How values look to JavaScript.
 *
 * - `"values"`: a v128 is a `Uint8Array` of 16 bytes, everything else what the engine makes of it.
 * - `"bits"`: besides, an f32 is its bit pattern as a number, an f64 its bit pattern as a bigint (engines quiet signalling
 *   NaNs and may change payloads), and an exnref is `true` for null and `false` for an exception. As an argument an
 *   exnref is always null.
 */
export type Carry = "values" | "bits";

/** Bytes for each value. */
const slotSize = 16;

interface Scratch {
  readonly memory: NativeMemory;
  readonly view: DataView;
}

let scratch: Scratch | undefined;

/** One page: 4096 slots, where engines take 1000 parameters and 1000 results. */
function theScratch(): Scratch {
  if (scratch !== undefined) return scratch;
  const memory = new (webAssembly().Memory)({ initial: 1, maximum: 1 });
  scratch = { memory, view: new DataView(memory.buffer) };
  return scratch;
}

/** The memory, for adapters to import. */
export function scratchMemory(): NativeMemory {
  return theScratch().memory;
}

/** Offset of a slot in the memory, in bytes. */
export function slotOffset(slot: number): number {
  return slot * slotSize;
}

/** Whether a type is that of exceptions, which JavaScript holds as `WebAssembly.Exception` only. */
export function isExnRef(type: ValType): boolean {
  if (!isRefType(type)) return false;
  const heap = heapTypeOf(type);
  return heap === "exn" || heap === "noexn";
}

/** Whether values of a type travel through the memory. */
export function travelsInScratch(type: ValType, carry: Carry): boolean {
  return type === "v128" || (carry === "bits" && (type === "f32" || type === "f64" || isExnRef(type)));
}

/** The bytes of a v128 as JavaScript has it. */
export function v128Bytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array && value.length === 16) return value;
  const got = value instanceof Uint8Array ? `one of ${value.length}` : typeof value;
  throw new TypeError(`expected a Uint8Array of 16 bytes for a v128, got ${got}`);
}

/** Puts a value that {@link travelsInScratch} into a slot. */
export function writeSlot(slot: number, type: ValType, value: any): void {
  const { view } = theScratch();
  const offset = slotOffset(slot);
  if (type === "v128") {
    new Uint8Array(view.buffer, offset, slotSize).set(v128Bytes(value));
  } else if (type === "f32") {
    view.setUint32(offset, value, true);
  } else if (type === "f64") {
    view.setBigUint64(offset, value, true);
  }
}

/** Takes the value out of a slot. */
export function readSlot(slot: number, type: ValType): unknown {
  const { view } = theScratch();
  const offset = slotOffset(slot);
  if (type === "v128") return new Uint8Array(view.buffer.slice(offset, offset + slotSize));
  if (type === "f32") return view.getUint32(offset, true);
  if (type === "f64") return view.getBigUint64(offset, true);
  return view.getUint32(offset, true) !== 0;
}
