import { FdFlags, FileType, LookupFlags, OFlags, Rights } from "../abi.ts";
import type { DirectoryDescriptor } from "../descriptors.ts";
import { Errno, fail } from "../errno.ts";
import type { Directory, File, OpenOptions } from "../fs/directory.ts";
import { resolve } from "../resolver.ts";
import { type Binding, checkFlags, type Preview1Functions } from "./binding.ts";

const allOFlags = OFlags.creat | OFlags.directory | OFlags.excl | OFlags.trunc;
const allFdFlags = FdFlags.append | FdFlags.dsync | FdFlags.nonblock | FdFlags.rsync | FdFlags.sync;
const readRight = Number(Rights.fdRead);
const writeRight = Number(Rights.fdWrite);

/** Opening. Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#path_open */
export const pathOpen = {
  path_open(
    { context, memory }: Binding,
    fd: number,
    lookupFlags: number,
    path: number,
    length: number,
    oflags: number,
    rights: bigint,
    _inheriting: bigint,
    fdFlags: number,
    result: number,
  ) {
    const text = memory.string(path, length);
    const { descriptors } = context;
    const from = descriptors.get(fd);
    if (from.kind !== "directory") return fail(from.kind === "file" ? Errno.notdir : Errno.badf);
    checkFlags(lookupFlags, LookupFlags.symlinkFollow);
    checkFlags(oflags, allOFlags);
    checkFlags(fdFlags, allFdFlags);
    // Only the two rights decide, and both are among the low bits.
    const low = Number(BigInt.asUintN(32, rights));
    const wantsWrite = (low & writeRight) !== 0;
    const wantsRead = (low & readRight) !== 0 || !wantsWrite;
    const options = openOptions(oflags, fdFlags, wantsRead, wantsWrite);
    checkPermissions(from, options);
    descriptors.checkRoom();
    const follow = lookupFlags !== 0 && !(options.create && options.exclusive);
    const opened = resolve(from.directory, text, follow ? "follow" : "slash", (parent, name, slash) =>
      name === undefined ? openItself(parent, options) : openEntry(parent, name, slash, options),
    );
    const { permissions } = from;
    const opening =
      opened.kind === "directory"
        ? descriptors.add({ kind: "directory", directory: opened, permissions })
        : descriptors.add({
            kind: "file",
            file: opened,
            filetype: opened.filetype,
            permissions,
            readable: wantsRead && permissions.readFiles,
            writable: wantsWrite,
            position: 0,
            flags: fdFlags,
          });
    memory.setU32(result, opening);
  },
} satisfies Preview1Functions;

/** Making or emptying a file takes write access of the host, but does not give it to the guest. */
function openOptions(oflags: number, fdFlags: number, read: boolean, write: boolean): OpenOptions {
  const create = (oflags & OFlags.creat) !== 0;
  const exclusive = (oflags & OFlags.excl) !== 0;
  const truncate = (oflags & OFlags.trunc) !== 0;
  const directory = (oflags & OFlags.directory) !== 0;
  if (directory && (create || exclusive || truncate)) fail(Errno.inval);
  return {
    read,
    write: write || create || truncate,
    create,
    exclusive,
    truncate,
    directory,
    sync: (fdFlags & (FdFlags.sync | FdFlags.rsync)) !== 0,
    dataSync: (fdFlags & FdFlags.dsync) !== 0,
  };
}

function checkPermissions({ permissions }: DirectoryDescriptor, options: OpenOptions): void {
  if (!permissions.readDirectories) fail(Errno.perm);
  if (options.create && !permissions.writeDirectories) fail(Errno.perm);
  if (options.write && !permissions.writeFiles) fail(Errno.perm);
}

/** Opens the directory a path like `.` names. */
function openItself(parent: Directory, options: OpenOptions): Directory {
  if (options.create && options.exclusive) fail(Errno.exist);
  if (options.write) fail(Errno.isdir);
  return parent.duplicate();
}

function openEntry(parent: Directory, name: string, slash: boolean, options: OpenOptions): File | Directory {
  if (!slash) return parent.open(name, options);
  if (options.create) {
    const there = parent.lstat(name);
    return fail(there !== undefined && there.filetype !== FileType.directory ? Errno.notdir : Errno.isdir);
  }
  return parent.open(name, { ...options, directory: true });
}
