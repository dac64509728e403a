import { FdFlags } from "../abi.ts";
import type { FileDescriptor } from "../descriptors.ts";
import { Errno, errnoOf, fail } from "../errno.ts";
import type { File } from "../fs/directory.ts";
import type { InputStream, OutputStream } from "../streams.ts";
import { type Binding, type Preview1Functions, toPosition } from "./binding.ts";
import { block } from "./block.ts";

const vectorBytes = 8;
const inputRetryNs = 5_000_000n;

/** Reading and writing. Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#fd_read */
export const fdIo = {
  fd_read(binding: Binding, fd: number, vectors: number, count: number, result: number) {
    const array = vectorArray(binding, vectors, count);
    const descriptor = binding.context.descriptors.get(fd);
    let total: number;
    if (descriptor.kind === "file") {
      if (!descriptor.readable) fail(Errno.badf);
      total = scatter(binding, array, count, descriptor.file, descriptor.position);
      descriptor.position += total;
    } else {
      total =
        descriptor.kind === "input" ? readInput(binding, array, count, descriptor.stream) : fail(Errno.badf);
    }
    binding.memory.setU32(result, total);
  },

  fd_pread(binding: Binding, fd: number, vectors: number, count: number, offset: bigint, result: number) {
    const array = vectorArray(binding, vectors, count);
    const descriptor = binding.context.descriptors.get(fd);
    if (descriptor.kind === "input") fail(Errno.spipe);
    if (descriptor.kind !== "file" || !descriptor.readable) return fail(Errno.badf);
    const total = scatter(binding, array, count, descriptor.file, toPosition(offset));
    binding.memory.setU32(result, total);
  },

  fd_write(binding: Binding, fd: number, vectors: number, count: number, result: number) {
    const array = vectorArray(binding, vectors, count);
    const descriptor = binding.context.descriptors.get(fd);
    let total: number;
    if (descriptor.kind === "output") {
      total = gather(binding, array, count, descriptor.stream, 0);
    } else if (descriptor.kind === "file" && descriptor.writable) {
      const position = appendsTo(descriptor) ? descriptor.file.size() : descriptor.position;
      total = gather(binding, array, count, descriptor.file, position);
      descriptor.position = position + total;
    } else {
      total = fail(Errno.badf);
    }
    binding.memory.setU32(result, total);
  },

  fd_pwrite(binding: Binding, fd: number, vectors: number, count: number, offset: bigint, result: number) {
    const array = vectorArray(binding, vectors, count);
    const descriptor = binding.context.descriptors.get(fd);
    if (descriptor.kind === "output") fail(Errno.spipe);
    if (descriptor.kind !== "file" || !descriptor.writable) return fail(Errno.badf);
    // As Linux has it, the offset counts for nothing when the file is open for appending.
    const position = appendsTo(descriptor) ? descriptor.file.size() : toPosition(offset);
    const total = gather(binding, array, count, descriptor.file, position);
    binding.memory.setU32(result, total);
  },
} satisfies Preview1Functions;

function appendsTo(descriptor: FileDescriptor): boolean {
  return (descriptor.flags & FdFlags.append) !== 0;
}

/** Address of an array of buffers in the guest's memory. */
function vectorArray({ context, memory }: Binding, vectors: number, count: number): number {
  const byteLength = (count >>> 0) * vectorBytes;
  if (byteLength > context.settings.hostcallFuel) fail(Errno.nomem);
  return count === 0 ? 0 : memory.record(vectors, byteLength, 4);
}

/** Reads from a file into the guest's buffers. */
function scatter(binding: Binding, array: number, count: number, file: File, position: number): number {
  return moveAll(binding, array, count, file, position, "read");
}

/** Writes to a file or stream from the guest's buffers. */
function gather(
  binding: Binding,
  array: number,
  count: number,
  target: File | OutputStream,
  position: number,
): number {
  return moveAll(binding, array, count, target, position, "write");
}

/**
 * Moves the guest's buffers, one after another, until one is not moved whole. What was moved before a failure counts:
 * the guest gets the failure with its next call.
 */
function moveAll(
  binding: Binding,
  array: number,
  count: number,
  target: File | OutputStream,
  position: number,
  direction: "read" | "write",
): number {
  const { memory } = binding;
  let fuel = binding.context.settings.hostcallFuel - count * vectorBytes;
  let total = 0;
  try {
    for (let element = array; element < array + count * vectorBytes; element += vectorBytes) {
      // The host's code may have grown the memory with the last buffer.
      memory.enter();
      const length = memory.view.getUint32(element + 4, true);
      if (length === 0) continue;
      fuel -= length;
      if (fuel < 0) fail(Errno.nomem);
      const address = memory.region(memory.view.getUint32(element, true), length);
      const moved =
        direction === "write"
          ? target.write(memory.bytes, address, length, position + total)
          : (target as File).read(memory.bytes, address, length, position + total);
      total += moved;
      if (moved < length) break;
    }
  } catch (error) {
    if (total === 0 || errnoOf(error) === undefined) throw error;
  }
  return total;
}

/**
 * Reads once into the first buffer that is not empty: a second read could wait although there is something to return.
 */
function readInput(binding: Binding, array: number, count: number, stream: InputStream): number {
  const { memory, context } = binding;
  for (let element = array; element < array + count * vectorBytes; element += vectorBytes) {
    const pointer = memory.view.getUint32(element, true);
    const length = memory.view.getUint32(element + 4, true);
    if (length === 0) continue;
    if (length > context.settings.hostcallFuel) fail(Errno.nomem);
    memory.region(pointer, length);
    const chunk = waitForInput(binding, stream, length);
    memory.setBytes(pointer, chunk);
    return chunk.length;
  }
  return 0;
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
