/**
 * Loads and stores beyond what their memory can ever have, whatever their address is.
 *
 * wasmtime sees while it compiles that they trap, and stores the fuel before; other instructions that trap lose what was
 * charged last.
 *
 * @packageDocumentation
 */
import { readMemArg } from "../binary/immediates.ts";
import type { InstructionCursor } from "../binary/instructions.ts";
import type { ModuleInfo } from "../binary/module-info.ts";
import type { ByteReader } from "../binary/reader.ts";
import type { MemoryType } from "../binary/types.ts";

/** Most bytes that an instruction accesses. */
const mostAccessed = 16;

/** wasmtime adds larger offsets to the address, where it does not know them any more. */
const mostKnownOffset = 2 ** 32 - 1;

/** Tells such instructions of one module from others. */
export class BeyondBounds {
  /** Bytes that each memory can grow to. */
  readonly #bounds: readonly number[];
  /** An offset that is too large makes the immediates this long at least. */
  readonly #fewestBytes: number;

  constructor({ memories }: ModuleInfo) {
    this.#bounds = memories.map(boundOf);
    const least = this.#bounds.reduce((a, b) => Math.min(a, b), mostKnownOffset);
    this.#fewestBytes = 1 + lebSize(least - mostAccessed);
  }

  /** Whether a load or store is one of them. Moves the reader. */
  has(access: InstructionCursor, reader: ByteReader): boolean {
    if (access.next - access.immediates < this.#fewestBytes) return false;
    reader.offset = access.immediates;
    const { memory, offset } = readMemArg(reader);
    const known = offset > mostKnownOffset ? 0 : Number(offset);
    return known + 2 ** access.operator.naturalAlignment > this.#bounds[memory]!;
  }
}

function boundOf({ maximum, pageSize, address }: MemoryType): number {
  if (maximum !== undefined) return Number(maximum) * pageSize;
  return address === "i64" ? Number.POSITIVE_INFINITY : 2 ** 32;
}

function lebSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest /= 0x80) size++;
  return size;
}
