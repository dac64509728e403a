import { FdFlags } from "../abi.ts";
import type { FileDescriptor } from "../descriptors.ts";
import { Errno, fail } from "../errno.ts";
import type { File } from "../fs/directory.ts";
import type { GuestMemory } from "../guest-memory.ts";
import type { InputStream, OutputStream } from "../streams.ts";
import { type Binding, type Preview1Functions, toPosition } from "./binding.ts";
import { block } from "./block.ts";

const vectorBytes = 8;
const noVector = -1;
const inputRetryNs = 5_000_000n;

/** What wasmtime reads at most in one call, from standard input and from a file at an offset. */
const maxReadBytes = 65_536;

/**
 * Reading and writing. One call serves one buffer, the first that is not empty, as in wasmtime: a guest sees the same
 * counts here and there, and calls again for the rest.
 *
 * Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#fd_read
 */
export const fdIo = {
  fd_read(binding: Binding, fd: number, vectors: number, count: number, result: number) {
    const vector = firstVector(binding, vectors, count);
    const descriptor = binding.context.descriptors.get(fd);
    let total: number;
    if (descriptor.kind === "input") {
      total = readInput(binding, vector, descriptor.stream);
    } else if (descriptor.kind === "file" && descriptor.readable) {
      total = readFile(binding, vector, descriptor.file, descriptor.position, Number.POSITIVE_INFINITY);
      descriptor.position += total;
    } else {
      total = fail(Errno.badf);
    }
    binding.memory.setU32(result, total);
  },

  fd_pread(binding: Binding, fd: number, vectors: number, count: number, offset: bigint, result: number) {
    const vector = firstVector(binding, vectors, count);
    const descriptor = binding.context.descriptors.get(fd);
    if (descriptor.kind === "input") fail(Errno.spipe);
    if (descriptor.kind !== "file" || !descriptor.readable) return fail(Errno.badf);
    const total = readFile(binding, vector, descriptor.file, toPosition(offset), maxReadBytes);
    binding.memory.setU32(result, total);
  },

  fd_write(binding: Binding, fd: number, vectors: number, count: number, result: number) {
    const vector = firstVector(binding, vectors, count);
    const descriptor = binding.context.descriptors.get(fd);
    let total: number;
    if (descriptor.kind === "output") {
      total = write(binding, vector, descriptor.stream, 0);
    } else if (descriptor.kind === "file" && descriptor.writable) {
      const position = appendsTo(descriptor) ? descriptor.file.size() : descriptor.position;
      total = write(binding, vector, descriptor.file, position);
      descriptor.position = position + total;
    } else {
      total = fail(Errno.badf);
    }
    binding.memory.setU32(result, total);
  },

  fd_pwrite(binding: Binding, fd: number, vectors: number, count: number, offset: bigint, result: number) {
    const vector = firstVector(binding, vectors, count);
    const descriptor = binding.context.descriptors.get(fd);
    if (descriptor.kind === "output") fail(Errno.spipe);
    if (descriptor.kind !== "file" || !descriptor.writable) return fail(Errno.badf);
    // As Linux has it, the offset counts for nothing when the file is open for appending.
    const position = appendsTo(descriptor) ? descriptor.file.size() : toPosition(offset);
    const total = write(binding, vector, descriptor.file, position);
    binding.memory.setU32(result, total);
  },
} satisfies Preview1Functions;

function appendsTo(descriptor: FileDescriptor): boolean {
  return (descriptor.flags & FdFlags.append) !== 0;
}

/** Where in the guest's memory the first buffer that is not empty is described. */
function firstVector({ context, memory }: Binding, vectors: number, count: number): number {
  const fuel = context.settings.hostcallFuel - (count >>> 0) * vectorBytes;
  if (fuel < 0) fail(Errno.nomem);
  for (let index = 0; index < count >>> 0; index++) {
    const vector = memory.record(vectors + index * vectorBytes, vectorBytes, 4);
    const length = lengthOf(memory, vector);
    if (length > fuel) fail(Errno.nomem);
    if (length > 0) return vector;
  }
  return noVector;
}

function lengthOf(memory: GuestMemory, vector: number): number {
  return memory.view.getUint32(vector + 4, true);
}

/** Address of a buffer that lies inside the memory. */
function bufferOf(memory: GuestMemory, vector: number): number {
  return memory.region(memory.view.getUint32(vector, true), lengthOf(memory, vector));
}

function readFile(
  { memory }: Binding,
  vector: number,
  file: File,
  position: number,
  maxBytes: number,
): number {
  if (vector === noVector) return 0;
  const address = bufferOf(memory, vector);
  return file.read(memory.bytes, address, Math.min(lengthOf(memory, vector), maxBytes), position);
}

function write({ memory }: Binding, vector: number, target: File | OutputStream, position: number): number {
  if (vector === noVector) return 0;
  const address = bufferOf(memory, vector);
  return target.write(memory.bytes, address, lengthOf(memory, vector), position);
}

function readInput(binding: Binding, vector: number, stream: InputStream): number {
  if (vector === noVector) return 0;
  const { memory } = binding;
  const address = bufferOf(memory, vector);
  const chunk = waitForInput(binding, stream, Math.min(lengthOf(memory, vector), maxReadBytes));
  memory.setBytes(address, chunk);
  return chunk.length;
}

/** With a deadline, input is polled, since a blocking read could not be woken. */
function waitForInput(binding: Binding, stream: InputStream, maxBytes: number): Uint8Array {
  if (binding.guest.blockingBudgetNs === undefined) return stream.read(maxBytes);
  for (;;) {
    const chunk = stream.tryRead(maxBytes);
    if (chunk !== undefined) return chunk;
    block(binding, inputRetryNs);
  }
}
