import { platform } from "#platform";
import { UnsupportedError } from "../errors.ts";
import type { HostInput, HostOutput } from "../host/platform.ts";
import { show } from "../runtime/arguments.ts";
import { Errno, fail, fromHost } from "./errno.ts";

/**
 * Where a guest's standard input comes from: the process's, nothing, the given bytes or UTF-8 text, or a callback.
 *
 * The callback is asked for at most `maxBytes` bytes, of which it may give fewer; null is the end. An empty array says
 * that there is nothing at the moment: the guest's read fails with `again`.
 */
export type WasiInput = "inherit" | "null" | Uint8Array | string | ((maxBytes: number) => Uint8Array | null);

/**
 * Where a guest's output goes: the process's, nowhere, or a callback.
 *
 * The callback owns the chunk it gets. It may return how many bytes it took, and is offered the rest again; returning
 * nothing takes them all.
 */
export type WasiOutput = "inherit" | "null" | ((chunk: Uint8Array) => number) | ((chunk: Uint8Array) => void);

/** Standard input as descriptors read it. */
export interface InputStream extends HostInput {}

/** Standard output as descriptors write it. */
export interface OutputStream extends HostOutput {}

/** Opens what an option names. */
export function openInput(input: WasiInput): InputStream {
  if (input === "inherit") return inherited("stdin").input;
  if (typeof input === "function") return new CallbackInput(input);
  if (input === "null") return new BytesInput(new Uint8Array(0));
  return new BytesInput(typeof input === "string" ? new TextEncoder().encode(input) : input);
}

/** Opens what an option names. */
export function openOutput(output: WasiOutput, name: "stdout" | "stderr"): OutputStream {
  if (output === "inherit") return name === "stdout" ? inherited(name).output : inherited(name).error;
  return output === "null" ? discardingOutput : new CallbackOutput(output);
}

function inherited(name: string) {
  if (platform.stdio !== undefined) return platform.stdio;
  throw new UnsupportedError(
    "inherited standard streams",
    "host",
    `\`${name}\` cannot be inherited: there is no process here; use a callback`,
  );
}

/** An input that never waits: what it has, it has at once. */
abstract class ReadyInput implements InputStream {
  readonly isTerminal = false;

  abstract read(maxBytes: number): Uint8Array;

  tryRead(maxBytes: number): Uint8Array {
    return this.read(maxBytes);
  }

  isReady(): boolean {
    return true;
  }
}

class BytesInput extends ReadyInput {
  #rest: Uint8Array;

  constructor(bytes: Uint8Array) {
    super();
    this.#rest = bytes;
  }

  override read(maxBytes: number): Uint8Array {
    const taken = this.#rest.subarray(0, maxBytes);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }
}

class CallbackInput extends ReadyInput {
  readonly #callback: (maxBytes: number) => Uint8Array | null;
  #ended = false;

  constructor(callback: (maxBytes: number) => Uint8Array | null) {
    super();
    this.#callback = fromHost((maxBytes) => {
      const chunk: unknown = callback(maxBytes);
      if (chunk !== null && !(chunk instanceof Uint8Array)) {
        throw new TypeError(`Expected \`stdin\` to return bytes or null, got ${show(chunk)}`);
      }
      if (chunk !== null && chunk.length > maxBytes) {
        throw new RangeError(`Expected \`stdin\` to return at most ${maxBytes} bytes, got ${chunk.length}`);
      }
      return chunk;
    });
  }

  override read(maxBytes: number): Uint8Array {
    const chunk = this.#ended ? null : this.#callback(maxBytes);
    this.#ended = chunk === null;
    if (chunk?.length === 0) fail(Errno.again);
    return chunk ?? new Uint8Array(0);
  }
}

class CallbackOutput implements OutputStream {
  readonly isTerminal = false;
  readonly #callback: (chunk: Uint8Array) => number;

  constructor(callback: (chunk: Uint8Array) => unknown) {
    this.#callback = fromHost((chunk) => {
      const taken = callback(chunk) ?? chunk.length;
      if (typeof taken !== "number" || !Number.isInteger(taken) || taken < 0 || taken > chunk.length) {
        throw new RangeError(
          `Expected the output callback to return how many of ${chunk.length} bytes it took, got ${show(taken)}`,
        );
      }
      return taken;
    });
  }

  write(buffer: Uint8Array, offset: number, length: number): number {
    // The guest goes on to use its memory while the host may keep what it was given.
    const chunk = buffer.slice(offset, offset + length);
    for (let taken = 0; taken < length; ) {
      const more = this.#callback(taken === 0 ? chunk : chunk.subarray(taken));
      if (more === 0) return taken === 0 ? fail(Errno.again) : taken;
      taken += more;
    }
    return length;
  }
}

const discardingOutput: OutputStream = {
  isTerminal: false,
  write: (_buffer, _offset, length) => length,
};
