import type { HostFileSystem } from "../../host/platform.ts";
import { FileType } from "../abi.ts";
import { Errno, errnoOf, fail } from "../errno.ts";
import type { Directory, File, FileStat, NewTime, OpenOptions } from "./directory.ts";
import { filetypeOf, type HostStats } from "./host-stat.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const replacement = "\uFFFD";

/** What the two kinds of directories of the host share: everything but how an entry is named to the host. */
export abstract class HostDirectoryBase implements Directory {
  readonly kind = "directory";
  protected readonly fileSystem: HostFileSystem;
  protected readonly stats: HostStats;

  constructor(fileSystem: HostFileSystem, stats: HostStats) {
    this.fileSystem = fileSystem;
    this.stats = stats;
  }

  /** Path by which the host finds an entry of this directory. */
  protected abstract entryPath(name: string): string;
  /** The same for an entry of another directory, which has to be of the same kind. */
  protected abstract entryPathIn(directory: Directory, name: string): string;
  /** Path by which the host finds this directory. */
  protected abstract ownPath(): string;

  abstract openDirectory(name: string): Directory;
  abstract open(name: string, options: OpenOptions): File | Directory;
  abstract stat(): FileStat;
  abstract setTimes(atim: NewTime, mtim: NewTime): void;
  abstract duplicate(): Directory;
  abstract close(): void;

  lstat(name: string): FileStat | undefined {
    const stat = this.fileSystem.lstat(this.entryPath(name));
    return stat === undefined ? undefined : this.stats.toGuest(stat);
  }

  readLink(name: string): string | undefined {
    let target: Uint8Array;
    try {
      target = this.fileSystem.readLink(this.entryPath(name));
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === Errno.inval || errno === Errno.noent) return undefined;
      throw error;
    }
    return decode(target) ?? fail(Errno.ilseq);
  }

  makeDirectory(name: string): void {
    this.fileSystem.makeDirectory(this.entryPath(name));
  }

  removeDirectory(name: string): void {
    this.fileSystem.removeDirectory(this.entryPath(name));
  }

  unlink(name: string): void {
    const path = this.entryPath(name);
    const stat = this.fileSystem.lstat(path) ?? fail(Errno.noent);
    // Hosts disagree: some have another error for it, and Deno removes empty directories.
    if (filetypeOf(stat.mode) === FileType.directory) fail(Errno.isdir);
    this.fileSystem.unlink(path);
  }

  symlink(target: string, name: string): void {
    this.fileSystem.symlink(target, this.entryPath(name));
  }

  link(name: string, to: Directory, newName: string): void {
    this.fileSystem.link(this.entryPath(name), this.entryPathIn(to, newName));
  }

  rename(name: string, to: Directory, newName: string): void {
    this.fileSystem.rename(this.entryPath(name), this.entryPathIn(to, newName));
  }

  setTimesAt(name: string, atim: NewTime, mtim: NewTime): void {
    const path = this.entryPath(name);
    this.stats.setTimes(
      () => this.fileSystem.lstat(path),
      (atimeSeconds, mtimeSeconds) => this.fileSystem.setLinkTimesAt(path, atimeSeconds, mtimeSeconds),
      atim,
      mtim,
    );
  }

  list(): string[] {
    const path = this.ownPath();
    const names = this.fileSystem.readDirectory(path);
    if (!names.some((name) => name.includes(replacement))) return names;
    return this.fileSystem
      .readDirectoryBytes(path)
      .map(decode)
      .filter((name) => name !== undefined);
  }

  /** Open flags of the host. No open follows a link, waits for a pipe's other end or gains a terminal. */
  protected flagsFor(options: OpenOptions): number {
    const { flags } = this.fileSystem;
    let set = flags.NOFOLLOW | flags.NONBLOCK | flags.NOCTTY;
    if (options.write) set |= options.read ? flags.RDWR : flags.WRONLY;
    else set |= flags.RDONLY;
    if (options.create) set |= flags.CREAT;
    if (options.exclusive) set |= flags.EXCL;
    if (options.truncate) set |= flags.TRUNC;
    if (options.directory) set |= flags.DIRECTORY;
    if (options.sync) set |= flags.SYNC;
    if (options.dataSync) set |= flags.DSYNC;
    return set;
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
