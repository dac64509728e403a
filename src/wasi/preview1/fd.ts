import { allRights, FdFlags, FileType, Rights, Whence } from "../abi.ts";
import type { Descriptor } from "../descriptors.ts";
import { Errno, fail } from "../errno.ts";
import type { FileStat } from "../fs/directory.ts";
import { type Binding, checkFlags, type Preview1Functions, toPosition } from "./binding.ts";
import { newTimes, writeFilestat } from "./stat.ts";

const fdstatBytes = 24;
const prestatBytes = 8;
const changeableFlags = FdFlags.append | FdFlags.nonblock;
const lastAdvice = 5;

/** Descriptors. Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#fd_advise */
export const fd = {
  fd_advise({ context }: Binding, fd: number, offset: bigint, length: bigint, advice: number) {
    context.descriptors.file(fd);
    if (advice >>> 0 > lastAdvice || offset < 0n || length < 0n) fail(Errno.inval);
  },

  fd_allocate({ context }: Binding, fd: number, offset: bigint, length: bigint) {
    const { file, writable } = context.descriptors.file(fd);
    if (!writable) fail(Errno.badf);
    if (length === 0n) fail(Errno.inval);
    const end = toPosition(BigInt.asUintN(64, offset) + BigInt.asUintN(64, length));
    if (end > file.size()) file.truncate(end);
  },

  fd_close({ context }: Binding, fd: number) {
    context.descriptors.close(fd);
  },

  fd_datasync({ context }: Binding, fd: number) {
    context.descriptors.file(fd).file.dataSync();
  },

  fd_fdstat_get({ context, memory }: Binding, fd: number, result: number) {
    const descriptor = context.descriptors.get(fd);
    const { filetype, flags, rights, inheriting } = fdstatOf(descriptor);
    const address = memory.record(result, fdstatBytes, 8);
    memory.bytes.fill(0, address, address + fdstatBytes);
    memory.view.setUint8(address, filetype);
    memory.view.setUint16(address + 2, flags, true);
    memory.view.setBigUint64(address + 8, rights, true);
    memory.view.setBigUint64(address + 16, inheriting, true);
  },

  fd_fdstat_set_flags({ context }: Binding, fd: number, flags: number) {
    const descriptor = context.descriptors.file(fd);
    checkFlags(flags, changeableFlags);
    descriptor.flags = flags;
  },

  fd_fdstat_set_rights({ context }: Binding, fd: number) {
    context.descriptors.get(fd);
    fail(Errno.notsup);
  },

  fd_filestat_get({ context, memory }: Binding, fd: number, result: number) {
    writeFilestat(memory, result, filestatOf(context.descriptors.get(fd)));
  },

  fd_filestat_set_size({ context }: Binding, fd: number, size: bigint) {
    const { file, permissions, writable } = context.descriptors.file(fd);
    if (!permissions.writeFiles) fail(Errno.perm);
    if (!writable) fail(Errno.inval);
    file.truncate(toPosition(size));
  },

  fd_filestat_set_times(binding: Binding, fd: number, atim: bigint, mtim: bigint, flags: number) {
    const times = newTimes(binding, atim, mtim, flags);
    const descriptor = binding.context.descriptors.get(fd);
    if (descriptor.kind === "file") {
      if (!descriptor.permissions.writeFiles) fail(Errno.perm);
      descriptor.file.setTimes(...times);
    } else if (descriptor.kind === "directory") {
      if (!descriptor.permissions.writeDirectories) fail(Errno.perm);
      descriptor.directory.setTimes(...times);
    } else {
      fail(Errno.badf);
    }
  },

  fd_prestat_get({ context, memory }: Binding, fd: number, result: number) {
    const descriptor = context.descriptors.get(fd);
    const name = descriptor.kind === "directory" ? descriptor.preopenName : undefined;
    if (name === undefined) return fail(Errno.badf);
    const address = memory.record(result, prestatBytes, 4);
    memory.view.setUint32(address, 0, true);
    memory.view.setUint32(address + 4, name.length, true);
  },

  fd_prestat_dir_name({ context, memory }: Binding, fd: number, path: number, byteLength: number) {
    const descriptor = context.descriptors.get(fd);
    const name = descriptor.kind === "directory" ? descriptor.preopenName : undefined;
    if (name === undefined) return fail(Errno.notdir);
    if (name.length > byteLength >>> 0) fail(Errno.nametoolong);
    memory.setBytes(path, name);
  },

  fd_renumber({ context }: Binding, from: number, to: number) {
    context.descriptors.renumber(from, to);
  },

  fd_seek({ context, memory }: Binding, fd: number, delta: bigint, whence: number, result: number) {
    const descriptor = context.descriptors.seekable(fd);
    if (descriptor.filetype !== FileType.regularFile) fail(Errno.spipe);
    descriptor.position = toPosition(BigInt(originOf(whence, descriptor)) + delta);
    memory.setU64(result, BigInt(descriptor.position));
  },

  fd_sync({ context }: Binding, fd: number) {
    context.descriptors.file(fd).file.sync();
  },

  fd_tell({ context, memory }: Binding, fd: number, result: number) {
    memory.setU64(result, BigInt(context.descriptors.seekable(fd).position));
  },
} satisfies Preview1Functions;

function originOf(
  whence: number,
  { file, position }: { file: { size(): number }; position: number },
): number {
  if (whence === Whence.set) return 0;
  if (whence === Whence.cur) return position;
  return whence === Whence.end ? file.size() : fail(Errno.inval);
}

interface Fdstat {
  readonly filetype: FileType;
  readonly flags: number;
  readonly rights: bigint;
  readonly inheriting: bigint;
}

/** What C libraries want to see on a preopen before they use it, whatever the permissions are. */
const preopenRights =
  Rights.pathCreateDirectory |
  Rights.pathCreateFile |
  Rights.pathLinkSource |
  Rights.pathLinkTarget |
  Rights.pathOpen |
  Rights.fdReaddir |
  Rights.pathReadlink |
  Rights.pathRenameSource |
  Rights.pathRenameTarget |
  Rights.pathSymlink |
  Rights.pathRemoveDirectory |
  Rights.pathUnlinkFile |
  Rights.pathFilestatGet |
  Rights.pathFilestatSetTimes |
  Rights.fdFilestatGet |
  Rights.fdFilestatSetTimes;

const preopenInheriting =
  preopenRights |
  Rights.fdDatasync |
  Rights.fdRead |
  Rights.fdSeek |
  Rights.fdFdstatSetFlags |
  Rights.fdSync |
  Rights.fdTell |
  Rights.fdWrite |
  Rights.fdAdvise |
  Rights.fdAllocate |
  Rights.fdFilestatSetSize |
  Rights.pollFdReadwrite;

const directoryRights =
  allRights & ~(Rights.fdSeek | Rights.fdWrite | Rights.fdFilestatSetSize | Rights.pathFilestatSetSize);

/** Rights are not enforced one by one, as in wasmtime: they tell what the descriptor was opened for. */
function fdstatOf(descriptor: Descriptor): Fdstat {
  switch (descriptor.kind) {
    case "input":
      return streamStat(descriptor.stream.isTerminal, Rights.fdRead);
    case "output":
      return streamStat(descriptor.stream.isTerminal, Rights.fdWrite);
    case "directory": {
      const [rights, inheriting] =
        descriptor.preopenName === undefined
          ? [directoryRights, directoryRights]
          : [preopenRights, preopenInheriting];
      return { filetype: FileType.directory, flags: 0, rights, inheriting };
    }
    case "file": {
      let rights = allRights;
      if (!descriptor.readable) rights &= ~(Rights.fdRead | Rights.fdReaddir);
      if (!descriptor.writable) rights &= ~Rights.fdWrite;
      return { filetype: descriptor.filetype, flags: descriptor.flags, rights, inheriting: rights };
    }
  }
}

function streamType(isTerminal: boolean): FileType {
  return isTerminal ? FileType.characterDevice : FileType.unknown;
}

function streamStat(isTerminal: boolean, rights: bigint): Fdstat {
  return { filetype: streamType(isTerminal), flags: 0, rights, inheriting: rights };
}

/** Attributes of what is open. The standard streams have none. */
export function filestatOf(descriptor: Descriptor): FileStat {
  if (descriptor.kind === "file") return descriptor.file.stat();
  if (descriptor.kind === "directory") return descriptor.directory.stat();
  const filetype = streamType(descriptor.stream.isTerminal);
  return { dev: 0n, ino: 0n, filetype, nlink: 0n, size: 0n, atim: 0n, mtim: 0n, ctim: 0n };
}
