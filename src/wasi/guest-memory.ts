import { WasmlinkError } from "../errors.ts";
import type { WasiGuest } from "../runtime/wasi-host.ts";
import { Errno, fail } from "./errno.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const shortStringBytes = 64;

/**
 * The calling instance's memory, with every access checked.
 *
 * A pointer outside the memory, or one not aligned as its type asks, ends the call as a trap does: the guest never
 * sees an errno for it. Pointers arrive as the engine passes them, as signed 32-bit numbers.
 *
 * {@link bytes} and {@link view} are made again when the memory has grown. What is read from them must not outlive
 * a call into the host's code, which may grow the memory.
 */
export class GuestMemory {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  readonly #guest: WasiGuest;
  readonly #maxStringBytes: number;

  constructor(guest: WasiGuest, maxStringBytes: number) {
    this.#guest = guest;
    this.#maxStringBytes = maxStringBytes;
  }

  /** To be called before anything else in a call: growing detaches the old buffer, which leaves no bytes in it. */
  enter(): void {
    if (this.bytes.length === 0) this.#refresh();
  }

  /** Address of `length` bytes that lie inside the memory. No bytes lie anywhere. */
  region(pointer: number, length: number): number {
    const address = pointer >>> 0;
    if (address + length > this.bytes.length) {
      if (length === 0) return 0;
      this.#refresh();
      if (address + length > this.bytes.length) {
        throw pointerError(`Pointer out of bounds: Region { start: ${address}, len: ${length} }`);
      }
    }
    return address;
  }

  /** Address of a record of `length` bytes that lies inside the memory and is aligned. */
  record(pointer: number, length: number, alignment: 2 | 4 | 8): number {
    const address = this.region(pointer, length);
    if ((address & (alignment - 1)) !== 0) {
      throw pointerError(`Pointer not aligned to ${alignment}: Region { start: ${address}, len: ${length} }`);
    }
    return address;
  }

  setU32(pointer: number, value: number): void {
    const address = this.record(pointer, 4, 4);
    this.view.setUint32(address, value, true);
  }

  setU64(pointer: number, value: bigint): void {
    const address = this.record(pointer, 8, 8);
    this.view.setBigUint64(address, value, true);
  }

  /** Copies bytes into the memory. */
  setBytes(pointer: number, bytes: Uint8Array): void {
    const address = this.region(pointer, bytes.length);
    this.bytes.set(bytes, address);
  }

  /** Decodes a string; one that is too long fails with `nomem`, one that is not UTF-8 with `ilseq`. */
  string(pointer: number, byteLength: number): string {
    const length = byteLength >>> 0;
    if (length > this.#maxStringBytes) fail(Errno.nomem);
    const address = this.region(pointer, length);
    // A call into the decoder costs more than a short path takes here.
    if (length <= shortStringBytes) {
      let text = "";
      let index = address;
      for (; index < address + length; index++) {
        const byte = this.bytes[index]!;
        if (byte >= 0x80) break;
        text += String.fromCharCode(byte);
      }
      if (index === address + length) return text;
    }
    try {
      // Decoders refuse shared buffers: `slice` copies into an unshared one.
      return utf8.decode(this.bytes.slice(address, address + length));
    } catch {
      return fail(Errno.ilseq);
    }
  }

  #refresh(): void {
    const memory = this.#guest.memory();
    if (memory === undefined) throw new WasmlinkError("missing required memory export");
    const { buffer } = memory;
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
  }
}

function pointerError(message: string): WasmlinkError {
  return new WasmlinkError(message, { code: "ERR_WASI_POINTER" });
}
