/**
 * What a file system has to offer to be preopened. Every name is a single component, never empty, `.` or `..`, without
 * a slash or NUL, and no operation follows a symbolic link of that name: following links is the resolver's business.
 *
 * Operations fail by throwing a {@link Failure} or the host's own error.
 *
 * @packageDocumentation
 */
import type { FileType } from "../abi.ts";

/** Attributes of a file, in the units of the ABI. */
export interface FileStat {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly filetype: FileType;
  readonly nlink: bigint;
  readonly size: bigint;
  /** Times in nanoseconds since 1970. */
  readonly atim: bigint;
  readonly mtim: bigint;
  readonly ctim: bigint;
}

/** How {@link Directory.open} opens. */
export interface OpenOptions {
  readonly read: boolean;
  readonly write: boolean;
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly truncate: boolean;
  /** Anything but a directory fails with `notdir`. */
  readonly directory: boolean;
  readonly sync: boolean;
  readonly dataSync: boolean;
}

/** A time to set, in nanoseconds since 1970; undefined leaves it as it is. */
export type NewTime = bigint | undefined;

/** An open file. It has no cursor: that belongs to the descriptor. */
export interface File {
  readonly kind: "file";
  readonly filetype: FileType;
  stat(): FileStat;
  /** Size in bytes. */
  size(): number;
  /** Fills part of `buffer`; returns how many bytes were read, 0 at the end. */
  read(buffer: Uint8Array, offset: number, length: number, position: number): number;
  write(buffer: Uint8Array, offset: number, length: number, position: number): number;
  truncate(size: number): void;
  sync(): void;
  dataSync(): void;
  setTimes(atim: NewTime, mtim: NewTime): void;
  close(): void;
}

/** An open directory: it stays the same one when it is renamed. */
export interface Directory {
  readonly kind: "directory";
  /** Fails with `notdir` or `loop` when the name is a symbolic link. */
  openDirectory(name: string): Directory;
  /** Fails with `loop`, or `notdir` when a directory is wanted, when the name is a symbolic link. */
  open(name: string, options: OpenOptions): File | Directory;
  /** Undefined when there is no such entry. */
  lstat(name: string): FileStat | undefined;
  /** Undefined when the entry is no symbolic link, or not there. Fails with `ilseq` when the target is not UTF-8. */
  readLink(name: string): string | undefined;
  makeDirectory(name: string): void;
  removeDirectory(name: string): void;
  /** Fails with `isdir` for a directory. */
  unlink(name: string): void;
  symlink(target: string, name: string): void;
  /** Fails with `xdev` when the directories belong to different file systems. */
  link(name: string, to: Directory, newName: string): void;
  rename(name: string, to: Directory, newName: string): void;
  setTimesAt(name: string, atim: NewTime, mtim: NewTime): void;
  /** Names of the entries without `.` and `..`; names that are not UTF-8 are left out. */
  list(): string[];
  stat(): FileStat;
  setTimes(atim: NewTime, mtim: NewTime): void;
  /** Another handle for the same directory, to be closed on its own. */
  duplicate(): Directory;
  /** A handle for the directory some components down, if it has been remembered and is still in its place. */
  recall?(path: string): Directory | undefined;
  /** Takes over the handle a walk along `path`, without links, has led to. */
  remember?(path: string, directory: Directory): void;
  close(): void;
}

/** What a directory learns of the context that opens it. */
export interface OpeningContext {
  readonly requireRaceFree: boolean;
  /** The context's clock, for the times of files the guest makes. */
  realtimeNs(): bigint;
  /** Number that stands for a file system in this context. */
  deviceOf(fileSystem: object): bigint;
}

/**
 * A directory to preopen: a {@link MemoryDirectory} or what {@link hostDirectory} returns.
 */
export interface WasiDirectory {
  readonly kind: "host" | "memory";
  /** @internal */
  open(context: OpeningContext): Directory;
}
