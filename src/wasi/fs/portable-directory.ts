import type { HostFileSystem, HostStat } from "../../host/platform.ts";
import { FileType } from "../abi.ts";
import { Errno, fail } from "../errno.ts";
import type { Directory, File, FileStat, NewTime, OpenOptions } from "./directory.ts";
import { HostDirectoryBase } from "./host-directory-base.ts";
import { HostFile } from "./host-file.ts";
import { filetypeOf, type HostStats, isSameFile } from "./host-stat.ts";

const windowsName = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[^\\:*?"<>|\p{Cc}]*[^\\:*?"<>|\p{Cc}. ]$/iu;

/**
 * A directory known by its path, where the host has nothing better.
 *
 * Before every use the path must still lead to the directory that was opened, by device and inode, and after an
 * open the file must be the one the name leads to. A guest alone cannot get past that, since its calls run one after
 * another; another process that renames in the same tree at the right moment can.
 */
export class PortableDirectory extends HostDirectoryBase {
  readonly #path: string;
  readonly #identity: HostStat;

  constructor(fileSystem: HostFileSystem, stats: HostStats, path: string, identity: HostStat) {
    super(fileSystem, stats);
    this.#path = path;
    this.#identity = identity;
  }

  override openDirectory(name: string): Directory {
    const path = this.entryPath(name);
    const stat = this.fileSystem.lstat(path) ?? fail(Errno.noent);
    if (filetypeOf(stat.mode) !== FileType.directory) fail(Errno.notdir);
    return new PortableDirectory(this.fileSystem, this.stats, path, stat);
  }

  override open(name: string, options: OpenOptions): File | Directory {
    const path = this.entryPath(name);
    const before = this.fileSystem.lstat(path);
    const found = before === undefined ? undefined : filetypeOf(before.mode);
    // Windows opens what a link leads to, and refuses to open directories.
    if (found === FileType.symbolicLink)
      fail(options.exclusive ? Errno.exist : options.directory ? Errno.notdir : Errno.loop);
    if (found !== undefined && found !== FileType.directory && options.directory) fail(Errno.notdir);
    if (found === FileType.directory && !options.create && !options.write) return this.openDirectory(name);
    // What is behind the name may be another file by then: it is emptied once that is ruled out.
    const flags = this.flagsFor(options) & ~this.fileSystem.flags.TRUNC;
    const fd = this.fileSystem.open(path, flags, 0o666);
    try {
      const stat = this.fileSystem.stat(fd);
      const after = this.fileSystem.lstat(path);
      this.#check();
      if (after === undefined || !isSameFile(stat, after)) fail(Errno.noent);
      const filetype = filetypeOf(stat.mode);
      if (options.truncate && filetype === FileType.regularFile) this.fileSystem.truncate(fd, 0);
      return new HostFile(this.fileSystem, this.stats, fd, filetype);
    } catch (error) {
      this.fileSystem.close(fd);
      throw error;
    }
  }

  override symlink(target: string, name: string): void {
    // Making one takes a privilege there, and what it does depends on what it points to.
    if (this.fileSystem.family === "windows") fail(Errno.notsup);
    super.symlink(target, name);
  }

  override link(name: string, to: Directory, newName: string): void {
    // Elsewhere than on Linux the host follows the link, to wherever it leads.
    if (this.fileSystem.family !== "linux" && this.lstat(name)?.filetype === FileType.symbolicLink) {
      fail(Errno.notsup);
    }
    super.link(name, to, newName);
  }

  override stat(): FileStat {
    return this.stats.toGuest(this.#check());
  }

  override setTimes(atim: NewTime, mtim: NewTime): void {
    this.stats.setTimes(
      () => this.#check(),
      (atimeSeconds, mtimeSeconds) => this.fileSystem.setLinkTimesAt(this.#path, atimeSeconds, mtimeSeconds),
      atim,
      mtim,
    );
  }

  override duplicate(): Directory {
    return new PortableDirectory(this.fileSystem, this.stats, this.#path, this.#identity);
  }

  override close(): void {}

  protected override entryPath(name: string): string {
    if (this.fileSystem.family === "windows" && !windowsName.test(name)) fail(Errno.noent);
    this.#check();
    return `${this.#path}/${name}`;
  }

  protected override entryPathIn(directory: Directory, name: string): string {
    return directory instanceof PortableDirectory ? directory.entryPath(name) : fail(Errno.xdev);
  }

  protected override ownPath(): string {
    this.#check();
    return this.#path;
  }

  #check(): HostStat {
    const stat = this.fileSystem.lstat(this.#path);
    if (stat === undefined || !isSameFile(stat, this.#identity)) return fail(Errno.noent);
    return stat;
  }
}
