import type { FileType } from "./abi.ts";
import { Errno, fail } from "./errno.ts";
import type { Directory, File } from "./fs/directory.ts";
import type { InputStream, OutputStream } from "./streams.ts";

/** What a preopen allows below it; handed down to everything opened through it. */
export interface Permissions {
  readonly readDirectories: boolean;
  readonly writeDirectories: boolean;
  readonly readFiles: boolean;
  readonly writeFiles: boolean;
}

/** Whether two descriptors allow the same. */
export function samePermissions(a: Permissions, b: Permissions): boolean {
  return (
    a.readDirectories === b.readDirectories &&
    a.writeDirectories === b.writeDirectories &&
    a.readFiles === b.readFiles &&
    a.writeFiles === b.writeFiles
  );
}

export interface InputDescriptor {
  readonly kind: "input";
  readonly stream: InputStream;
}

export interface OutputDescriptor {
  readonly kind: "output";
  readonly stream: OutputStream;
}

export interface FileDescriptor {
  readonly kind: "file";
  readonly file: File;
  readonly filetype: FileType;
  readonly permissions: Permissions;
  readonly readable: boolean;
  readonly writable: boolean;
  /** Where the next read or write begins, in bytes. */
  position: number;
  /** `FdFlags`. */
  flags: number;
}

export interface DirectoryDescriptor {
  readonly kind: "directory";
  readonly directory: Directory;
  readonly permissions: Permissions;
  /** Guest path of a preopen, in UTF-8. */
  readonly preopenName?: Uint8Array;
  /** Names as the last reading from the start found them. */
  listing?: readonly string[];
}

export type Descriptor = InputDescriptor | OutputDescriptor | FileDescriptor | DirectoryDescriptor;

/** The open descriptors of a context, by number. */
export class DescriptorTable {
  readonly #open: (Descriptor | undefined)[] = [];
  readonly #maximum: number;
  #count = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  get(fd: number): Descriptor {
    return this.#open[fd >>> 0] ?? fail(Errno.badf);
  }

  file(fd: number): FileDescriptor {
    const descriptor = this.get(fd);
    return descriptor.kind === "file" ? descriptor : fail(Errno.badf);
  }

  /** A file, or for the standard streams the error of what has no positions. */
  seekable(fd: number): FileDescriptor {
    const descriptor = this.get(fd);
    if (descriptor.kind === "input" || descriptor.kind === "output") return fail(Errno.spipe);
    return descriptor.kind === "file" ? descriptor : fail(Errno.badf);
  }

  directory(fd: number): DirectoryDescriptor {
    const descriptor = this.get(fd);
    return descriptor.kind === "directory" ? descriptor : fail(Errno.badf);
  }

  /** Fails with `mfile` when no further descriptor may be opened. */
  checkRoom(): void {
    if (this.#count >= this.#maximum) fail(Errno.mfile);
  }

  /** Gives a descriptor the lowest free number. */
  add(descriptor: Descriptor): number {
    let fd = this.#open.indexOf(undefined);
    if (fd < 0) fd = this.#open.length;
    this.#open[fd] = descriptor;
    this.#count++;
    return fd;
  }

  close(fd: number): void {
    const descriptor = this.get(fd);
    this.#open[fd >>> 0] = undefined;
    this.#count--;
    release(descriptor);
  }

  /** Gives `from` the number `to`, closing what had it. */
  renumber(from: number, to: number): void {
    const moved = this.get(from);
    const replaced = this.get(to);
    if (moved === replaced) return;
    this.#open[to >>> 0] = moved;
    this.#open[from >>> 0] = undefined;
    this.#count--;
    release(replaced);
  }

  closeAll(): void {
    for (const descriptor of this.#open.splice(0)) {
      if (descriptor !== undefined) release(descriptor);
    }
    this.#count = 0;
  }
}

/** Standard streams stay open: they are the host's. */
function release(descriptor: Descriptor): void {
  if (descriptor.kind === "file") descriptor.file.close();
  else if (descriptor.kind === "directory") descriptor.directory.close();
}
