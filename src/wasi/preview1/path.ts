import { FileType, LookupFlags } from "../abi.ts";
import { type DirectoryDescriptor, samePermissions } from "../descriptors.ts";
import { Errno, fail } from "../errno.ts";
import type { Directory, FileStat } from "../fs/directory.ts";
import { type FinalLink, resolve } from "../resolver.ts";
import { type Binding, checkFlags, type Preview1Functions } from "./binding.ts";
import { newTimes, writeFilestat } from "./stat.ts";

const utf8 = new TextEncoder();

/** Paths. Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#path_create_directory */
export const path = {
  path_create_directory({ context, memory }: Binding, fd: number, path: number, length: number) {
    const { directory } = writableDirectory(context.descriptors.directory(fd));
    resolve(directory, memory.string(path, length), "keep", (parent, name) => {
      if (name === undefined) return fail(Errno.exist);
      parent.makeDirectory(name);
    });
  },

  path_filestat_get(
    binding: Binding,
    fd: number,
    flags: number,
    path: number,
    length: number,
    result: number,
  ) {
    writeFilestat(binding.memory, result, filestatAt(binding, fd, flags, path, length));
  },

  path_filestat_set_times(
    binding: Binding,
    fd: number,
    flags: number,
    path: number,
    length: number,
    atim: bigint,
    mtim: bigint,
    fstFlags: number,
  ) {
    const times = newTimes(binding, atim, mtim, fstFlags);
    const { directory } = writableDirectory(binding.context.descriptors.directory(fd));
    resolve(directory, binding.memory.string(path, length), finalLink(flags), (parent, name, slash) => {
      if (name === undefined) return parent.setTimes(...times);
      entryStat(parent, name, slash, flags);
      parent.setTimesAt(name, ...times);
    });
  },

  path_link(
    binding: Binding,
    oldFd: number,
    oldFlags: number,
    oldPath: number,
    oldLength: number,
    newFd: number,
    newPath: number,
    newLength: number,
  ) {
    const { from, to, source, target } = ends(binding, oldFd, oldPath, oldLength, newFd, newPath, newLength);
    if (oldFlags !== 0) fail(Errno.inval);
    resolve(from, source, "slash", (parent, name, slash) => {
      if (name === undefined) return fail(Errno.perm);
      const { filetype } = parent.lstat(name) ?? fail(Errno.noent);
      if (filetype === FileType.directory) fail(Errno.perm);
      if (slash) fail(Errno.notdir);
      resolve(to, target, "keep", (newParent, newName, newSlash) => {
        if (newName === undefined) return fail(Errno.exist);
        if (newSlash) return fail(newParent.lstat(newName) === undefined ? Errno.noent : Errno.exist);
        parent.link(name, newParent, newName);
      });
    });
  },

  path_readlink(
    { context, memory }: Binding,
    fd: number,
    path: number,
    length: number,
    buffer: number,
    bufferLength: number,
    result: number,
  ) {
    const { directory } = readableDirectory(context.descriptors.directory(fd));
    const target = resolve(directory, memory.string(path, length), "slash", (parent, name) => {
      if (name === undefined) return fail(Errno.inval);
      return parent.readLink(name) ?? fail(parent.lstat(name) === undefined ? Errno.noent : Errno.inval);
    });
    const bytes = utf8.encode(target).subarray(0, bufferLength >>> 0);
    memory.setBytes(buffer, bytes);
    memory.setU32(result, bytes.length);
  },

  path_remove_directory({ context, memory }: Binding, fd: number, path: number, length: number) {
    const { directory } = writableDirectory(context.descriptors.directory(fd));
    resolve(directory, memory.string(path, length), "keep", (parent, name) => {
      if (name === undefined) return fail(Errno.inval);
      parent.removeDirectory(name);
    });
  },

  path_rename(
    binding: Binding,
    oldFd: number,
    oldPath: number,
    oldLength: number,
    newFd: number,
    newPath: number,
    newLength: number,
  ) {
    const { from, to, source, target } = ends(binding, oldFd, oldPath, oldLength, newFd, newPath, newLength);
    resolve(from, source, "keep", (parent, name, slash) => {
      if (name === undefined) return fail(Errno.busy);
      const { filetype } = parent.lstat(name) ?? fail(Errno.noent);
      if (slash && filetype !== FileType.directory) fail(Errno.notdir);
      resolve(to, target, "keep", (newParent, newName, newSlash) => {
        if (newName === undefined) return fail(Errno.busy);
        if (newSlash && filetype !== FileType.directory) fail(Errno.notdir);
        parent.rename(name, newParent, newName);
      });
    });
  },

  path_symlink(
    { context, memory }: Binding,
    targetPath: number,
    targetLength: number,
    fd: number,
    path: number,
    length: number,
  ) {
    const { directory } = writableDirectory(context.descriptors.directory(fd));
    const target = memory.string(targetPath, targetLength);
    if (target === "") fail(Errno.noent);
    if (target.startsWith("/")) fail(Errno.perm);
    if (target.includes("\0")) fail(Errno.inval);
    resolve(directory, memory.string(path, length), "keep", (parent, name, slash) => {
      if (name === undefined) return fail(Errno.exist);
      if (slash) {
        const there = parent.lstat(name);
        if (there === undefined) return fail(Errno.noent);
        return fail(there.filetype === FileType.directory ? Errno.exist : Errno.notdir);
      }
      parent.symlink(target, name);
    });
  },

  path_unlink_file({ context, memory }: Binding, fd: number, path: number, length: number) {
    const { directory } = writableDirectory(context.descriptors.directory(fd));
    resolve(directory, memory.string(path, length), "keep", (parent, name, slash) => {
      if (name === undefined) return fail(Errno.isdir);
      if (slash) {
        const { filetype } = parent.lstat(name) ?? fail(Errno.noent);
        fail(filetype === FileType.directory ? Errno.isdir : Errno.notdir);
      }
      parent.unlink(name);
    });
  },
} satisfies Preview1Functions;

/** Attributes of what a path leads to. */
export function filestatAt(
  { context, memory }: Binding,
  fd: number,
  flags: number,
  path: number,
  length: number,
): FileStat {
  const { directory } = readableDirectory(context.descriptors.directory(fd));
  return resolve(directory, memory.string(path, length), finalLink(flags), (parent, name, slash) =>
    name === undefined ? parent.stat() : entryStat(parent, name, slash, flags),
  );
}

function finalLink(flags: number): FinalLink {
  checkFlags(flags, LookupFlags.symlinkFollow);
  return flags === 0 ? "slash" : "follow";
}

/** Attributes of an entry. A link that is to be followed fails with `loop`, which makes the resolver follow it. */
function entryStat(parent: Directory, name: string, slash: boolean, flags: number): FileStat {
  const stat = parent.lstat(name) ?? fail(Errno.noent);
  if (flags !== 0 && stat.filetype === FileType.symbolicLink) fail(Errno.loop);
  if (slash && stat.filetype !== FileType.directory) fail(Errno.notdir);
  return stat;
}

function readableDirectory(descriptor: DirectoryDescriptor): DirectoryDescriptor {
  return descriptor.permissions.readDirectories ? descriptor : fail(Errno.perm);
}

function writableDirectory(descriptor: DirectoryDescriptor): DirectoryDescriptor {
  return descriptor.permissions.writeDirectories ? descriptor : fail(Errno.perm);
}

/** The two ends of a rename or link. Moving a file to where more is allowed would get around what is allowed here. */
function ends(
  { context, memory }: Binding,
  oldFd: number,
  oldPath: number,
  oldLength: number,
  newFd: number,
  newPath: number,
  newLength: number,
): { from: Directory; to: Directory; source: string; target: string } {
  const from = context.descriptors.directory(oldFd);
  const to = context.descriptors.directory(newFd);
  const source = memory.string(oldPath, oldLength);
  const target = memory.string(newPath, newLength);
  if (!samePermissions(from.permissions, to.permissions)) fail(Errno.perm);
  return { from: writableDirectory(from).directory, to: writableDirectory(to).directory, source, target };
}
