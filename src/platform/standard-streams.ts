import fs from "node:fs";
import tty from "node:tty";
import type { HostInput, HostOutput } from "../host/platform.ts";
import { blockingSleep } from "./blocking-sleep.ts";

const retryNs = 1_000_000n;
const chunkBytes = 65_536;

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}

/**
 * Standard input read synchronously.
 *
 * JavaScript has no `poll`: on Linux, opening `/proc/self/fd/0` again gives a non-blocking description of the same
 * pipe, file or terminal without changing the one the parent process shares. Sockets refuse that; for them, and on
 * other systems, input counts as ready and a read blocks.
 */
export class StandardInput implements HostInput {
  readonly #canReopen: boolean;
  #nonBlockingFd: number | undefined;
  #ahead = new Uint8Array(0);
  #atEnd = false;

  constructor(canReopen: boolean) {
    this.#canReopen = canReopen;
  }

  get isTerminal(): boolean {
    return tty.isatty(0);
  }

  read(buffer: Uint8Array, offset: number, length: number): number {
    if (this.#ahead.length > 0) return this.#takeAhead(buffer, offset, length);
    for (;;) {
      try {
        return fs.readSync(0, buffer, offset, length, null);
      } catch (error) {
        // A pipe closed at the other end is an error on Windows.
        if (codeOf(error) === "EOF") return 0;
        // Node makes standard input non-blocking once `process.stdin` has been touched.
        if (codeOf(error) !== "EAGAIN") throw error;
        blockingSleep(retryNs);
      }
    }
  }

  tryRead(buffer: Uint8Array, offset: number, length: number): number | undefined {
    if (!this.isReady()) return undefined;
    if (this.#ahead.length > 0) return this.#takeAhead(buffer, offset, length);
    return this.#atEnd ? 0 : this.read(buffer, offset, length);
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

  #takeAhead(buffer: Uint8Array, offset: number, length: number): number {
    const taken = this.#ahead.subarray(0, length);
    buffer.set(taken, offset);
    this.#ahead = this.#ahead.subarray(taken.length);
    return taken.length;
  }

  /** The non-blocking descriptor, or -1 where standard input cannot be opened again. */
  #reopened(): number {
    if (this.#nonBlockingFd === undefined) {
      try {
        const { O_RDONLY, O_NONBLOCK } = fs.constants;
        this.#nonBlockingFd = fs.openSync("/proc/self/fd/0", O_RDONLY | O_NONBLOCK);
      } catch {
        this.#nonBlockingFd = -1;
      }
    }
    return this.#nonBlockingFd;
  }
}

/** Standard output or standard error written synchronously. */
export class StandardOutput implements HostOutput {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  get isTerminal(): boolean {
    return tty.isatty(this.#fd);
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
