import fs from "node:fs";
import type { HostInput, HostOutput } from "../host/platform.ts";
import { blockingSleep } from "./blocking-sleep.ts";
import { builtin } from "./builtin.ts";

const retryNs = 1_000_000n;
const chunkBytes = 65_536;

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}

function isTerminal(fd: number): boolean {
  return builtin("node:tty").isatty(fd);
}

/**
 * Standard input, or another descriptor, read synchronously.
 *
 * JavaScript has no `poll`: on Linux, opening `/proc/self/fd/0` again gives a non-blocking description of the same
 * pipe, file or terminal without changing the one the parent process shares. Sockets refuse that; for them, and on
 * other systems, input counts as ready and a read blocks.
 */
export class StandardInput implements HostInput {
  readonly #fd: number;
  readonly #canReopen: boolean;
  #nonBlockingFd: number | undefined;
  #ahead = new Uint8Array(0);
  #atEnd = false;

  constructor(fd: number, canReopen: boolean) {
    this.#fd = fd;
    this.#canReopen = canReopen;
  }

  get isTerminal(): boolean {
    return isTerminal(this.#fd);
  }

  read(maxBytes: number): Uint8Array {
    if (this.#ahead.length > 0) return this.#takeAhead(maxBytes);
    const chunk = new Uint8Array(Math.min(maxBytes, chunkBytes));
    for (;;) {
      try {
        return chunk.subarray(0, fs.readSync(this.#fd, chunk, 0, chunk.length, null));
      } catch (error) {
        // A pipe closed at the other end is an error on Windows.
        if (codeOf(error) === "EOF") return chunk.subarray(0, 0);
        // Node makes standard input non-blocking once `process.stdin` has been touched.
        if (codeOf(error) !== "EAGAIN") throw error;
        blockingSleep(retryNs);
      }
    }
  }

  tryRead(maxBytes: number): Uint8Array | undefined {
    if (!this.isReady()) return undefined;
    return this.#atEnd ? this.#ahead : this.read(maxBytes);
  }

  isReady(): boolean {
    if (this.#ahead.length > 0 || !this.#canReopen) return true;
    const fd = this.#reopened();
    if (fd < 0) return true;
    const chunk = new Uint8Array(chunkBytes);
    try {
      this.#ahead = chunk.subarray(0, fs.readSync(fd, chunk, 0, chunkBytes, null));
      this.#atEnd = this.#ahead.length === 0;
      return true;
    } catch (error) {
      if (codeOf(error) === "EAGAIN") return false;
      throw error;
    }
  }

  #takeAhead(maxBytes: number): Uint8Array {
    const taken = this.#ahead.subarray(0, maxBytes);
    this.#ahead = this.#ahead.subarray(taken.length);
    return taken;
  }

  /** The non-blocking descriptor, or -1 where standard input cannot or need not be opened again. */
  #reopened(): number {
    this.#nonBlockingFd ??= this.#waits() ? this.#reopen() : -1;
    return this.#nonBlockingFd;
  }

  /** Files never make anyone wait, and opened again they would be read from the start. */
  #waits(): boolean {
    const stat = fs.fstatSync(this.#fd);
    return stat.isFIFO() || stat.isCharacterDevice();
  }

  #reopen(): number {
    try {
      const { O_RDONLY, O_NONBLOCK } = fs.constants;
      return fs.openSync(`/proc/self/fd/${this.#fd}`, O_RDONLY | O_NONBLOCK);
    } catch {
      return -1;
    }
  }
}

/** Standard output or standard error written synchronously. */
export class StandardOutput implements HostOutput {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  get isTerminal(): boolean {
    return isTerminal(this.#fd);
  }

  write(buffer: Uint8Array, offset: number, length: number): number {
    for (;;) {
      try {
        return fs.writeSync(this.#fd, buffer, offset, length);
      } catch (error) {
        if (codeOf(error) !== "EAGAIN") throw error;
        blockingSleep(retryNs);
      }
    }
  }
}
