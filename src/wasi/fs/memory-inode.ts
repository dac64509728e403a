import { FileType } from "../abi.ts";
import { Errno, fail } from "../errno.ts";
import type { FileStat, NewTime } from "./directory.ts";

const maxFileBytes = 2 ** 32;
const smallestCapacity = 256;
const maxNameBytes = 255;
const maxTargetLength = 4096;
const utf8 = new TextEncoder();

/** What the inodes of one file system share: its quota and its inode numbers. */
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

  /** Takes bytes from the quota, or gives them back when `count` is negative. */
  charge(count: number): void {
    if (count > 0 && this.#bytes + count > this.#maxBytes) fail(Errno.nospc);
    this.#bytes += count;
  }

  /** How large a file that has `size` bytes may get. */
  limitFor(size: number): number {
    return Math.min(maxFileBytes, size + this.#maxBytes - this.#bytes);
  }

  addEntry(): void {
    if (this.#entries >= this.#maxEntries) fail(Errno.nospc);
    this.#entries++;
  }

  removeEntry(): void {
    this.#entries--;
  }
}

/** What all inodes have: identity, links and times. */
abstract class InodeBase {
  readonly volume: Volume;
  readonly ino: bigint;
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

  /** Gives the contents back to the quota. */
  protected abstract discard(): void;

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

  write(buffer: Uint8Array, offset: number, length: number, position: number, now: bigint): number {
    if (length === 0) return 0;
    const end = position + length;
    if (end > this.#size) this.#grow(end);
    const whole = offset === 0 && length === buffer.length;
    this.#buffer.set(whole ? buffer : buffer.subarray(offset, offset + length), position);
    this.mtim = now;
    return length;
  }

  truncate(size: number, now: bigint): void {
    if (size > this.#size) {
      this.#grow(size);
    } else {
      this.volume.charge(size - this.#size);
      if (size === 0) this.#buffer = new Uint8Array(0);
      else this.#buffer.fill(0, size, this.#size);
      this.#size = size;
    }
    this.mtim = now;
  }

  protected override discard(): void {
    this.volume.charge(-this.#size);
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
    this.volume.charge(size - this.#size);
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

  protected override discard(): void {
    // Targets are short: they count as entries, not as bytes.
  }
}

/** A directory. */
export class DirectoryInode extends InodeBase {
  readonly filetype = FileType.directory;
  readonly entries = new Map<string, Inode>();
  /** Undefined for the top directory of a volume and for a removed one. */
  parent: DirectoryInode | undefined;
  #removed = false;

  override sizeInBytes(): number {
    return 0;
  }

  /** The entry of that name; fails with `noent` when there is none. */
  entry(name: string): Inode {
    return this.entries.get(name) ?? fail(Errno.noent);
  }

  /** Puts an inode under a free name. */
  add(name: string, inode: Inode, now: bigint): void {
    this.#checkFree(name);
    this.volume.addEntry();
    inode.linked();
    this.#put(name, inode, now);
  }

  /** Takes an entry out; directories have to be empty. */
  remove(name: string, now: bigint): void {
    const inode = this.entry(name);
    if (inode instanceof DirectoryInode) {
      if (inode.volume !== this.volume) fail(Errno.busy);
      if (inode.entries.size > 0) fail(Errno.notempty);
      inode.#removed = true;
      inode.parent = undefined;
    }
    this.entries.delete(name);
    this.volume.removeEntry();
    inode.unlinked();
    this.#touch(now);
  }

  /** Moves an entry, over another one where there is one of its kind. */
  move(name: string, to: DirectoryInode, newName: string, now: bigint): void {
    const inode = this.entry(name);
    const replaced = to.entries.get(newName);
    if (replaced === inode) return;
    if (to.volume !== this.volume || inode.volume !== this.volume) fail(Errno.xdev);
    if (inode instanceof DirectoryInode) {
      if (inode.contains(to)) fail(Errno.inval);
      if (replaced !== undefined && !(replaced instanceof DirectoryInode)) fail(Errno.notdir);
    } else if (replaced instanceof DirectoryInode) {
      fail(Errno.isdir);
    }
    if (replaced !== undefined) to.remove(newName, now);
    to.#checkFree(newName);
    this.entries.delete(name);
    this.#touch(now);
    to.#put(newName, inode, now);
  }

  /** Whether `directory` is this one or lies below it. */
  contains(directory: DirectoryInode): boolean {
    for (let above: DirectoryInode | undefined = directory; above !== undefined; above = above.parent) {
      if (above === this) return true;
    }
    return false;
  }

  protected override discard(): void {
    // An empty directory holds nothing that counts.
  }

  #checkFree(name: string): void {
    if (this.#removed) fail(Errno.noent);
    if (this.entries.has(name)) fail(Errno.exist);
    // A UTF-16 unit takes at most three bytes.
    if (name.length * 3 > maxNameBytes && utf8.encode(name).length > maxNameBytes) fail(Errno.nametoolong);
  }

  #put(name: string, inode: Inode, now: bigint): void {
    this.entries.set(name, inode);
    if (inode instanceof DirectoryInode && inode.volume === this.volume) inode.parent = this;
    this.#touch(now);
  }

  #touch(now: bigint): void {
    this.mtim = now;
    this.ctim = now;
  }
}

/** Anything a directory can hold. */
export type Inode = FileInode | LinkInode | DirectoryInode;

function allocate(length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch {
    return fail(Errno.nospc);
  }
}
