import { FileType } from "../abi.ts";
import type { DirectoryDescriptor } from "../descriptors.ts";
import { Errno, fail } from "../errno.ts";
import type { FileStat } from "../fs/directory.ts";
import { type Binding, type Preview1Functions, toPosition } from "./binding.ts";

const direntBytes = 24;
const utf8 = new TextEncoder();

/** Reading directories. Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#fd_readdir */
export const readdir = {
  fd_readdir(
    { context, memory }: Binding,
    fd: number,
    buffer: number,
    byteLength: number,
    cookie: bigint,
    result: number,
  ) {
    const descriptor = context.descriptors.directory(fd);
    if (!descriptor.permissions.readDirectories) fail(Errno.perm);
    const length = byteLength >>> 0;
    const start = memory.region(buffer, length);
    const names = listing(descriptor, cookie);
    let used = 0;
    // The last entry is cut off where the buffer ends: a full buffer tells the guest that there is more.
    for (let index = toPosition(cookie); index < names.length && used < length; index++) {
      const name = names[index]!;
      const stat = statOf(descriptor, name);
      if (stat === undefined) continue;
      const entry = dirent(index + 1, name, stat).subarray(0, length - used);
      memory.bytes.set(entry, start + used);
      used += entry.length;
    }
    memory.setU32(result, used);
  },
} satisfies Preview1Functions;

/** The names cookies count in: read again only by a guest that starts from the front. */
function listing(descriptor: DirectoryDescriptor, cookie: bigint): readonly string[] {
  if (cookie === 0n || descriptor.listing === undefined) {
    descriptor.listing = [".", "..", ...descriptor.directory.list()];
  }
  return descriptor.listing;
}

/** Undefined when the entry has gone meanwhile. What lies above a directory is not told: `..` looks like `.`. */
function statOf(
  { directory }: DirectoryDescriptor,
  name: string,
): Pick<FileStat, "ino" | "filetype"> | undefined {
  if (name !== "." && name !== "..") return directory.lstat(name);
  return { ino: directory.stat().ino, filetype: FileType.directory };
}

function dirent(
  next: number,
  name: string,
  { ino, filetype }: Pick<FileStat, "ino" | "filetype">,
): Uint8Array {
  const encoded = utf8.encode(name);
  const entry = new Uint8Array(direntBytes + encoded.length);
  const view = new DataView(entry.buffer);
  view.setBigUint64(0, BigInt(next), true);
  view.setBigUint64(8, ino, true);
  view.setUint32(16, encoded.length, true);
  view.setUint8(20, filetype);
  entry.set(encoded, direntBytes);
  return entry;
}
