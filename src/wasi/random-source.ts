import { platform } from "#platform";
import { fromHost } from "./errno.ts";
import type { GuestMemory } from "./guest-memory.ts";

const poolBytes = 4096;
const chunkBytes = 65_536;

/** Where the guest's random bytes come from. */
export interface RandomSource {
  /** Fills a region of the guest's memory. */
  fill(memory: GuestMemory, pointer: number, length: number): void;
}

/**
 * The host's generator, asked for several requests at once: guests ask for a few bytes at a time, and the call costs
 * far more than the bytes. Bytes that were handed out do not stay in the pool.
 */
export class PooledRandom implements RandomSource {
  readonly #pool = new Uint8Array(poolBytes);
  #used = poolBytes;

  fill(memory: GuestMemory, pointer: number, length: number): void {
    if (length > poolBytes / 4) {
      fillByChunks(platform.fillRandom, memory, pointer, length);
      return;
    }
    if (this.#used + length > poolBytes) {
      platform.fillRandom(this.#pool);
      this.#used = 0;
    }
    const end = this.#used + length;
    memory.setBytes(pointer, this.#pool.subarray(this.#used, end));
    this.#pool.fill(0, this.#used, end);
    this.#used = end;
  }
}

/** Random bytes of the host's choosing. */
export function callbackRandom(callback: (buffer: Uint8Array) => void): RandomSource {
  const guarded = fromHost(callback);
  return { fill: (memory, pointer, length) => fillByChunks(guarded, memory, pointer, length) };
}

/** Generators take no shared buffers and no more than 65,536 bytes, and must not hold a view of the guest's memory. */
function fillByChunks(
  generate: (buffer: Uint8Array) => void,
  memory: GuestMemory,
  pointer: number,
  length: number,
): void {
  for (let done = 0; done < length; done += chunkBytes) {
    const chunk = new Uint8Array(Math.min(chunkBytes, length - done));
    generate(chunk);
    memory.setBytes(pointer + done, chunk);
  }
}
