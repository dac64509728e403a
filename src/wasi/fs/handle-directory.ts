import type { HostFileSystem, HostStat } from "../../host/platform.ts";
import { FileType } from "../abi.ts";
import { Errno, errnoOf, fail } from "../errno.ts";
import type { Directory, File, FileStat, NewTime, OpenOptions } from "./directory.ts";
import { HostDirectoryBase } from "./host-directory-base.ts";
import { HostFile } from "./host-file.ts";
import { filetypeOf, HostStats, isSameFile } from "./host-stat.ts";
import { WalkedDirectories } from "./walked-directories.ts";

/**
 * A directory of Linux, held by its descriptor.
 *
 * `/proc/PID/fd/N/NAME` is to the kernel what `openat(N, "NAME")` is: the magic link leads to the directory that
 * was opened, wherever it is by now. With a single component behind it and `O_NOFOLLOW`, no link is ever
 * followed and nothing another process renames in between can lead elsewhere.
 */
export class HandleDirectory extends HostDirectoryBase {
  readonly #fd: number;
  readonly #prefix: string;
  readonly #base: string;
  readonly #walked: WalkedDirectories<HandleDirectory> | undefined;
  #users = 1;

  private constructor(
    fileSystem: HostFileSystem,
    stats: HostStats,
    prefix: string,
    fd: number,
    isPreopen: boolean,
  ) {
    super(fileSystem, stats);
    this.#fd = fd;
    this.#prefix = prefix;
    this.#base = `${prefix}${fd}/`;
    // A guest has no say in how many of these there are.
    if (isPreopen) this.#walked = new WalkedDirectories((path) => this.#lookUp(path));
  }

  /**
   * Opens a directory to preopen.
   *
   * @param prefix - what {@link descriptorPrefix} found
   */
  static preopen(fileSystem: HostFileSystem, prefix: string, path: string): HandleDirectory {
    const { RDONLY, DIRECTORY } = fileSystem.flags;
    const fd = fileSystem.open(path, RDONLY | DIRECTORY);
    return new HandleDirectory(fileSystem, new HostStats(), prefix, fd, true);
  }

  override openDirectory(name: string): Directory {
    const { PATH, DIRECTORY, NOFOLLOW } = this.fileSystem.flags;
    return this.#adopt(this.fileSystem.open(this.#base + name, PATH | DIRECTORY | NOFOLLOW));
  }

  override open(name: string, options: OpenOptions): File | Directory {
    const fd = this.fileSystem.open(this.#base + name, this.flagsFor(options), 0o666);
    try {
      const filetype = filetypeOf(this.fileSystem.mode(fd));
      if (filetype === FileType.directory) return this.#adopt(fd);
      return new HostFile(this.fileSystem, this.stats, fd, filetype);
    } catch (error) {
      this.fileSystem.close(fd);
      throw error;
    }
  }

  override stat(): FileStat {
    return this.stats.toGuest(this.fileSystem.stat(this.#fd));
  }

  override setTimes(atim: NewTime, mtim: NewTime): void {
    this.stats.setTimes(
      () => this.fileSystem.stat(this.#fd),
      // The descriptor may be one that stands for the place only, which `futimes` refuses.
      (atimeSeconds, mtimeSeconds) =>
        this.fileSystem.setTimesAt(`${this.#base}.`, atimeSeconds, mtimeSeconds),
      atim,
      mtim,
    );
  }

  override duplicate(): Directory {
    const { RDONLY, DIRECTORY } = this.fileSystem.flags;
    return this.#adopt(this.fileSystem.open(`${this.#base}.`, RDONLY | DIRECTORY));
  }

  recall(path: string): Directory | undefined {
    return this.#walked?.find(path);
  }

  remember(path: string, directory: Directory): void {
    if (this.#walked === undefined || !(directory instanceof HandleDirectory)) directory.close();
    else this.#walked.add(path, directory, this.fileSystem.stat(directory.#fd));
  }

  retain(): this {
    this.#users++;
    return this;
  }

  override close(): void {
    this.#users--;
    if (this.#users > 0) return;
    this.#walked?.clear();
    this.fileSystem.close(this.#fd);
  }

  protected override entryPath(name: string): string {
    return this.#base + name;
  }

  protected override entryPathIn(directory: Directory, name: string): string {
    return directory instanceof HandleDirectory ? directory.entryPath(name) : fail(Errno.xdev);
  }

  protected override ownPath(): string {
    return this.#base;
  }

  #adopt(fd: number): HandleDirectory {
    return new HandleDirectory(this.fileSystem, this.stats, this.#prefix, fd, false);
  }

  /** Where a path of several components leads at the moment, links followed. */
  #lookUp(path: string): HostStat | undefined {
    try {
      return this.fileSystem.lstat(this.#base + path);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return undefined;
    }
  }
}

/**
 * Finds out whether this process may use descriptors as directories, by doing it.
 *
 * A missing `/proc`, Node's permission model and Deno without all permissions forbid it; Deno then ignores `O_NOFOLLOW`
 * as well.
 *
 * @returns the path before the number of a descriptor, or undefined
 */
export function descriptorPrefix(fileSystem: HostFileSystem): string | undefined {
  if (fileSystem.family !== "linux") return undefined;
  const { RDONLY, DIRECTORY, NOFOLLOW, PATH } = fileSystem.flags;
  const opened: number[] = [];
  try {
    // Naming the process saves the kernel following `self` each time.
    const pid = new TextDecoder().decode(fileSystem.readLink("/proc/self"));
    const prefix = `/proc/${pid}/fd/`;
    const root = fileSystem.open("/", RDONLY | DIRECTORY);
    opened.push(root);
    const seen = fileSystem.lstat(`${prefix}${root}/.`);
    if (seen === undefined || !isSameFile(seen, fileSystem.stat(root))) return undefined;
    const refusesLinks =
      errnoOfOpening(fileSystem, "/proc/self", RDONLY | NOFOLLOW) === Errno.loop &&
      errnoOfOpening(fileSystem, "/proc/self", PATH | DIRECTORY | NOFOLLOW) === Errno.notdir;
    return refusesLinks ? prefix : undefined;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  } finally {
    for (const fd of opened) fileSystem.close(fd);
  }
}

function errnoOfOpening(fileSystem: HostFileSystem, path: string, flags: number): Errno | undefined {
  try {
    fileSystem.close(fileSystem.open(path, flags));
    return Errno.success;
  } catch (error) {
    return errnoOf(error);
  }
}
