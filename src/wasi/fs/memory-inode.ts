import { FileType } from "../abi.ts";
import { Errno, fail } from "../errno.ts";
import type { FileStat, NewTime } from "./directory.ts";

const maxFileBytes = 2 ** 32;
const smallestCapacity = 256;
const maxNameBytes = 255;
const maxTargetLength = 4096;
const utf8 = new TextEncoder();

/** What the inodes of one file system share: its limits and its inode numbers. */
export class Volume {
  readonly #maxBytes: number;
  readonly #maxEntries: number;
  #bytes = 0;
  #entries = 0;
  #lastIno = 0n;

  constructor(maxBytes: number, maxEntries: number) {
    this.#maxBytes = maxBytes;
    this.#maxEntries = maxEntries;
  }

  nextIno(): bigint {
    this.#lastIno++;
    return this.#lastIno;
  }

  /** Takes bytes and entries out of what the limits leave; all of them or, failing with `nospc`, none. */
  reserve(bytes: number, entries: number): void {
    if (this.#bytes + bytes > this.#maxBytes || this.#entries + entries > this.#maxEntries) fail(Errno.nospc);
    this.#bytes += bytes;
    this.#entries += entries;
  }

  /** Gives back what was reserved. */
  release(bytes: number, entries: number): void {
    this.#bytes -= bytes;
    this.#entries -= entries;
  }

  /** How large a file that has `size` bytes may get. */
  limitFor(size: number): number {
    return Math.min(maxFileBytes, size + this.#maxBytes - this.#bytes);
  }
}

/** What all inodes have: identity, links and times. */
abstract class InodeBase {
  volume: Volume;
  ino: bigint;
  nlink = 0;
  atim: bigint;
  mtim: bigint;
  ctim: bigint;
  #handles = 0;
  abstract readonly filetype: FileType;

  constructor(volume: Volume, now: bigint) {
    this.volume = volume;
    this.ino = volume.nextIno();
    this.atim = now;
    this.mtim = now;
    this.ctim = now;
  }

  abstract sizeInBytes(): number;

  stat(dev: bigint): FileStat {
    return {
      dev,
      ino: this.ino,
      filetype: this.filetype,
      nlink: BigInt(this.nlink),
      size: BigInt(this.sizeInBytes()),
      atim: this.atim,
      mtim: this.mtim,
      ctim: this.ctim,
    };
  }

  setTimes(atim: NewTime, mtim: NewTime, now: bigint): void {
    this.atim = atim ?? this.atim;
    this.mtim = mtim ?? this.mtim;
    this.ctim = now;
  }

  /** A handle keeps the contents although the last name is gone. */
  retain(): void {
    this.#handles++;
  }

  release(): void {
    this.#handles--;
    this.#reclaim();
  }

  linked(): void {
    this.nlink++;
  }

  unlinked(): void {
    this.nlink--;
    this.#reclaim();
  }

  /** Bytes that count in the limits. Names and targets are short: they count as entries. */
  chargedBytes(): number {
    return 0;
  }

  /** Gives the contents back. */
  protected discard(): void {
    this.volume.release(this.chargedBytes(), 0);
  }

  #reclaim(): void {
    if (this.nlink === 0 && this.#handles === 0) this.discard();
  }
}

/** A regular file. Bytes of the buffer beyond the size are always zero. */
export class FileInode extends InodeBase {
  readonly filetype = FileType.regularFile;
  #buffer = new Uint8Array(0);
  #size = 0;

  override sizeInBytes(): number {
    return this.#size;
  }

  /** The contents; valid until the next write. */
  contents(): Uint8Array {
    return this.#buffer.subarray(0, this.#size);
  }

  read(buffer: Uint8Array, offset: number, length: number, position: number): number {
    const count = Math.min(length, this.#size - position);
    if (count <= 0) return 0;
    buffer.set(this.#buffer.subarray(position, position + count), offset);
    return count;
  }

  write(buffer: Uint8Array, offset: number, length: number, position: number): number {
    const end = position + length;
    if (end > this.#size) this.#grow(end);
    const whole = offset === 0 && length === buffer.length;
    this.#buffer.set(whole ? buffer : buffer.subarray(offset, offset + length), position);
    return length;
  }

  truncate(size: number, now: bigint): void {
    if (size > this.#size) {
      this.#grow(size);
    } else {
      this.volume.release(this.#size - size, 0);
      if (size === 0) this.#buffer = new Uint8Array(0);
      else this.#buffer.fill(0, size, this.#size);
      this.#size = size;
    }
    this.mtim = now;
  }

  override chargedBytes(): number {
    return this.#size;
  }

  protected override discard(): void {
    super.discard();
    this.#buffer = new Uint8Array(0);
    this.#size = 0;
  }

  #grow(size: number): void {
    if (size > maxFileBytes) fail(Errno.fbig);
    if (size > this.#buffer.length) {
      const limit = this.volume.limitFor(this.#size);
      if (size > limit) fail(Errno.nospc);
      const capacity = Math.min(limit, Math.max(size, this.#buffer.length * 2, smallestCapacity));
      const buffer = allocate(capacity);
      buffer.set(this.#buffer);
      this.#buffer = buffer;
    }
    this.volume.reserve(size - this.#size, 0);
    this.#size = size;
  }
}

/** A symbolic link. */
export class LinkInode extends InodeBase {
  readonly filetype = FileType.symbolicLink;
  readonly target: string;

  constructor(volume: Volume, now: bigint, target: string) {
    if (target.length > maxTargetLength) fail(Errno.nametoolong);
    super(volume, now);
    this.target = target;
  }

  override sizeInBytes(): number {
    return utf8.encode(this.target).length;
  }
}

/** A directory. */
export class DirectoryInode extends InodeBase {
  readonly filetype = FileType.directory;
  readonly #entries = new Map<string, Inode>();
  /** Undefined for the top directory and for a removed one. */
  #parent: DirectoryInode | undefined;
  #removed = false;

  override sizeInBytes(): number {
    return 0;
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  find(name: string): Inode | undefined {
    const inode = this.#entries.get(name);
    if (inode === undefined) checkName(name);
    return inode;
  }

  /** The entry of that name; fails with `noent` when there is none. */
  entry(name: string): Inode {
    return this.find(name) ?? fail(Errno.noent);
  }

  /** Puts an inode under a free name. */
  add(name: string, inode: Inode, now: bigint): void {
    this.#checkFree(name);
    this.volume.reserve(0, 1);
    inode.linked();
    this.#put(name, inode, now);
  }

  /** Makes the top directory of another file system, with all that is in it, an entry of this one. */
  graft(name: string, directory: DirectoryInode, now: bigint): void {
    const inodes = new Set<Inode>([directory]);
    let bytes = 0;
    let entries = 0;
    for (const inode of inodes) {
      bytes += inode.chargedBytes();
      if (!(inode instanceof DirectoryInode)) continue;
      entries += inode.#entries.size;
      for (const child of inode.#entries.values()) inodes.add(child);
    }
    this.volume.reserve(bytes, entries);
    for (const inode of inodes) {
      inode.volume = this.volume;
      inode.ino = this.volume.nextIno();
    }
    // It has counted its being the top directory as a link: that is the one it has from now on.
    directory.nlink = 0;
    this.add(name, directory, now);
  }

  /** Takes an entry out; directories have to be empty. */
  remove(name: string, now: bigint): void {
    const inode = this.entry(name);
    if (inode instanceof DirectoryInode) {
      if (inode.#entries.size > 0) fail(Errno.notempty);
      inode.#removed = true;
      inode.#parent = undefined;
    }
    this.#entries.delete(name);
    this.volume.release(0, 1);
    inode.unlinked();
    this.#touch(now);
  }

  /** Moves an entry, over another one where there is one of its kind. */
  move(name: string, to: DirectoryInode, newName: string, now: bigint): void {
    if (to.volume !== this.volume) fail(Errno.xdev);
    const inode = this.entry(name);
    const replaced = to.find(newName);
    if (replaced === inode) return;
    if (inode instanceof DirectoryInode) {
      if (inode.#contains(to)) fail(Errno.inval);
      if (replaced !== undefined && !(replaced instanceof DirectoryInode)) fail(Errno.notdir);
    } else if (replaced instanceof DirectoryInode) {
      fail(Errno.isdir);
    }
    if (replaced !== undefined) to.remove(newName, now);
    to.#checkFree(newName);
    this.#entries.delete(name);
    this.#touch(now);
    to.#put(newName, inode, now);
  }

  /** Whether `directory` is this one or lies below it. */
  #contains(directory: DirectoryInode): boolean {
    for (let above: DirectoryInode | undefined = directory; above !== undefined; above = above.#parent) {
      if (above === this) return true;
    }
    return false;
  }

  #checkFree(name: string): void {
    if (this.#removed) fail(Errno.noent);
    if (this.find(name) !== undefined) fail(Errno.exist);
  }

  #put(name: string, inode: Inode, now: bigint): void {
    this.#entries.set(name, inode);
    if (inode instanceof DirectoryInode) inode.#parent = this;
    this.#touch(now);
  }

  #touch(now: bigint): void {
    this.mtim = now;
    this.ctim = now;
  }
}

/** Anything a directory can hold. */
export type Inode = FileInode | LinkInode | DirectoryInode;

function checkName(name: string): void {
  // A UTF-16 unit takes at most three bytes.
  if (name.length * 3 > maxNameBytes && utf8.encode(name).length > maxNameBytes) fail(Errno.nametoolong);
}

function allocate(length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch {
    return fail(Errno.nospc);
  }
}
