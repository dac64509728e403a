/**
 * What the machine below the JavaScript engine offers. `#platform` resolves to the implementation: Node, Deno and Bun
 * share one, everything else gets the one for the web.
 *
 * @packageDocumentation
 */

/** Attributes of a file, as Node's `BigIntStats` has them. */
export interface HostStat {
  readonly dev: bigint;
  readonly ino: bigint;
  /** File type and permission bits. */
  readonly mode: bigint;
  readonly nlink: bigint;
  readonly size: bigint;
  readonly atimeNs: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** Numbers of the open flags on this host. Zero where the host has none. */
export interface OpenFlags {
  readonly RDONLY: number;
  readonly WRONLY: number;
  readonly RDWR: number;
  readonly CREAT: number;
  readonly EXCL: number;
  readonly TRUNC: number;
  readonly DIRECTORY: number;
  readonly NOFOLLOW: number;
  readonly NONBLOCK: number;
  readonly NOCTTY: number;
  readonly SYNC: number;
  readonly DSYNC: number;
  /** Opens the place of a file rather than its contents. Linux. */
  readonly PATH: number;
}

/** File system calls of the host. All block, and throw the host's error with a string `code` such as `ENOENT`. */
export interface HostFileSystem {
  readonly family: "linux" | "windows" | "posix";
  readonly flags: OpenFlags;
  open(path: string, flags: number, mode?: number): number;
  close(fd: number): void;
  /** `position` null: read where the file's own cursor is, for what has no positions. */
  read(fd: number, buffer: Uint8Array, offset: number, length: number, position: number | null): number;
  write(fd: number, buffer: Uint8Array, offset: number, length: number, position: number | null): number;
  truncate(fd: number, size: number): void;
  sync(fd: number): void;
  dataSync(fd: number): void;
  stat(fd: number): HostStat;
  /** File type and permission bits: cheaper than the whole of {@link stat}. */
  mode(fd: number): number;
  setTimes(fd: number, atimeSeconds: number, mtimeSeconds: number): void;
  /** Undefined when there is no such entry. */
  lstat(path: string): HostStat | undefined;
  /** Follows a symbolic link at the end of the path. */
  setTimesAt(path: string, atimeSeconds: number, mtimeSeconds: number): void;
  setLinkTimesAt(path: string, atimeSeconds: number, mtimeSeconds: number): void;
  readLink(path: string): Uint8Array;
  readDirectory(path: string): string[];
  /** Names as the host stores them, which need not be UTF-8. */
  readDirectoryBytes(path: string): Uint8Array[];
  makeDirectory(path: string): void;
  removeDirectory(path: string): void;
  unlink(path: string): void;
  symlink(target: string, path: string): void;
  link(existing: string, path: string): void;
  rename(from: string, to: string): void;
  realPath(path: string): string;
}

/** The process's standard input. */
export interface HostInput {
  readonly isTerminal: boolean;
  /** Blocks until there is something; no bytes at the end. */
  read(maxBytes: number): Uint8Array;
  /** Undefined when nothing is there yet. */
  tryRead(maxBytes: number): Uint8Array | undefined;
  /** Whether {@link read} would return at once. Always true where the host cannot tell. */
  isReady(): boolean;
}

/** The process's standard output or standard error. */
export interface HostOutput {
  readonly isTerminal: boolean;
  /** Returns how many bytes went out, at least one of them. */
  write(buffer: Uint8Array, offset: number, length: number): number;
}

/** A thread that moves an epoch on. */
export interface Ticker {
  /** Kept once it ticks, or is stopped before; rejected when it cannot. */
  readonly started: Promise<void>;
  stop(): void;
}

/** What `#platform` exports. */
export interface Platform {
  /** Undefined where JavaScript has no files. */
  readonly fileSystem: HostFileSystem | undefined;
  /** Undefined where a process has no standard streams. */
  readonly stdio:
    | { readonly input: HostInput; readonly output: HostOutput; readonly error: HostOutput }
    | undefined;
  /** Nanoseconds since 1970. */
  realtimeNs(): bigint;
  /** Nanoseconds since some moment; never goes back. */
  monotonicNs(): bigint;
  /** Fills the buffer, of at most 65,536 unshared bytes, with random bytes fit for keys. */
  fillRandom(buffer: Uint8Array): void;
  /** Blocks the thread for about that long. `UnsupportedError` on a thread that must not block. */
  sleep(nanoseconds: bigint): void;
  /**
   * Moves the epoch in a shared page on, every so many milliseconds, from a thread of its own. Undefined where there are
   * no such threads.
   */
  readonly startTicker: ((page: SharedArrayBuffer, intervalMs: number) => Ticker) | undefined;
}
