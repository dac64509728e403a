import type { FileType } from "../abi.ts";
import { Errno, fail } from "../errno.ts";
import type { Directory, File, FileStat, NewTime, OpeningContext, OpenOptions } from "./directory.ts";
import { DirectoryInode, FileInode, LinkInode } from "./memory-inode.ts";

/** An open file of a {@link MemoryDirectory}. */
class MemoryFileHandle implements File {
  readonly kind = "file";
  readonly #inode: FileInode;
  readonly #context: OpeningContext;

  constructor(inode: FileInode, context: OpeningContext) {
    inode.retain();
    this.#inode = inode;
    this.#context = context;
  }

  get filetype(): FileType {
    return this.#inode.filetype;
  }

  stat(): FileStat {
    return this.#inode.stat(this.#context.deviceOf(this.#inode.volume));
  }

  size(): number {
    return this.#inode.sizeInBytes();
  }

  read(buffer: Uint8Array, offset: number, length: number, position: number): number {
    return this.#inode.read(buffer, offset, length, position);
  }

  write(buffer: Uint8Array, offset: number, length: number, position: number): number {
    const written = this.#inode.write(buffer, offset, length, position);
    // Afterwards: the clock may be code of the host's that grows the guest's memory and takes the buffer away.
    this.#inode.mtim = this.#context.realtimeNs();
    return written;
  }

  truncate(size: number): void {
    this.#inode.truncate(size, this.#context.realtimeNs());
  }

  sync(): void {}

  dataSync(): void {}

  setTimes(atim: NewTime, mtim: NewTime): void {
    this.#inode.setTimes(atim, mtim, this.#context.realtimeNs());
  }

  close(): void {
    this.#inode.release();
  }
}

/** An open directory in memory. */
export class MemoryDirectoryHandle implements Directory {
  readonly kind = "directory";
  readonly #inode: DirectoryInode;
  readonly #context: OpeningContext;

  constructor(inode: DirectoryInode, context: OpeningContext) {
    this.#inode = inode;
    this.#context = context;
  }

  openDirectory(name: string): Directory {
    const inode = this.#inode.entry(name);
    if (!(inode instanceof DirectoryInode)) return fail(Errno.notdir);
    return new MemoryDirectoryHandle(inode, this.#context);
  }

  open(name: string, options: OpenOptions): File | Directory {
    const found = this.#inode.find(name);
    if (found === undefined) {
      if (!options.create) fail(Errno.noent);
      const inode = new FileInode(this.#inode.volume, this.#context.realtimeNs());
      this.#inode.add(name, inode, inode.ctim);
      return new MemoryFileHandle(inode, this.#context);
    }
    if (options.create && options.exclusive) fail(Errno.exist);
    if (found instanceof DirectoryInode) {
      if (options.write) fail(Errno.isdir);
      return new MemoryDirectoryHandle(found, this.#context);
    }
    if (options.directory) fail(Errno.notdir);
    if (found instanceof LinkInode) return fail(Errno.loop);
    if (options.truncate) found.truncate(0, this.#context.realtimeNs());
    return new MemoryFileHandle(found, this.#context);
  }

  lstat(name: string): FileStat | undefined {
    const inode = this.#inode.find(name);
    return inode?.stat(this.#device());
  }

  readLink(name: string): string | undefined {
    const inode = this.#inode.find(name);
    return inode instanceof LinkInode ? inode.target : undefined;
  }

  makeDirectory(name: string): void {
    const now = this.#context.realtimeNs();
    this.#inode.add(name, new DirectoryInode(this.#inode.volume, now), now);
  }

  removeDirectory(name: string): void {
    if (!(this.#inode.entry(name) instanceof DirectoryInode)) fail(Errno.notdir);
    this.#inode.remove(name, this.#context.realtimeNs());
  }

  unlink(name: string): void {
    if (this.#inode.entry(name) instanceof DirectoryInode) fail(Errno.isdir);
    this.#inode.remove(name, this.#context.realtimeNs());
  }

  symlink(target: string, name: string): void {
    const now = this.#context.realtimeNs();
    this.#inode.add(name, new LinkInode(this.#inode.volume, now, target), now);
  }

  link(name: string, to: Directory, newName: string): void {
    const inode = this.#inode.entry(name);
    if (inode instanceof DirectoryInode) fail(Errno.perm);
    const target = inodeOf(to);
    if (target.volume !== inode.volume) fail(Errno.xdev);
    target.add(newName, inode, this.#context.realtimeNs());
  }

  rename(name: string, to: Directory, newName: string): void {
    this.#inode.move(name, inodeOf(to), newName, this.#context.realtimeNs());
  }

  setTimesAt(name: string, atim: NewTime, mtim: NewTime): void {
    this.#inode.entry(name).setTimes(atim, mtim, this.#context.realtimeNs());
  }

  list(): string[] {
    return this.#inode.names();
  }

  stat(): FileStat {
    return this.#inode.stat(this.#device());
  }

  setTimes(atim: NewTime, mtim: NewTime): void {
    this.#inode.setTimes(atim, mtim, this.#context.realtimeNs());
  }

  duplicate(): Directory {
    return new MemoryDirectoryHandle(this.#inode, this.#context);
  }

  close(): void {}

  #device(): bigint {
    return this.#context.deviceOf(this.#inode.volume);
  }

  /** The inode behind a handle of this class; anything else lives in another file system. */
  static inodeOf(directory: Directory): DirectoryInode {
    return directory instanceof MemoryDirectoryHandle ? directory.#inode : fail(Errno.xdev);
  }
}

const { inodeOf } = MemoryDirectoryHandle;
