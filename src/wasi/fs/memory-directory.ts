import { platform } from "#platform";
import { WasmlinkError } from "../../errors.ts";
import { show } from "../../runtime/arguments.ts";
import { Errno, errnoOf, fail } from "../errno.ts";
import { resolve } from "../resolver.ts";
import type { Directory, OpeningContext, WasiDirectory } from "./directory.ts";
import { MemoryDirectoryHandle } from "./memory-handles.ts";
import { DirectoryInode, FileInode, Volume } from "./memory-inode.ts";

const defaultMaxEntries = 1_000_000;
const utf8 = new TextEncoder();

/** What a {@link MemoryDirectory} starts with: contents of files, or directories, by path. */
export type MemoryDirectoryEntries = Readonly<Record<string, Uint8Array | string | MemoryDirectory>>;

/** Options of {@link MemoryDirectory}. */
export interface MemoryDirectoryOptions {
  /** Bytes that all files together may hold; a guest that wants more gets `nospc`. Default: no limit. */
  readonly maxBytes?: number | undefined;
  /** Files, directories and links there may be. Default: 1,000,000. */
  readonly maxEntries?: number | undefined;
  /** Clock for the times of what JavaScript writes, in nanoseconds since 1970. Default: the host's. */
  readonly realtimeNs?: (() => bigint) | undefined;
}

/**
 * A directory in memory, with subdirectories, hard links and symbolic links.
 *
 * It can be preopened by many stores at once, and read and written from JavaScript before, between and after runs.
 * A directory given as an entry becomes part of the new one, whose limits hold for both; it can still be read and written
 * by itself.
 *
 * @example
 * ```ts
 * const home = new MemoryDirectory({ "main.py": "print('hello')" }, { maxBytes: 1 << 20 });
 * home.writeFile("data/numbers.bin", Uint8Array.of(1, 2, 3));
 * console.log(home.list(), home.readFile("data/numbers.bin").length); // [ 'main.py', 'data' ] 3
 * ```
 */
export class MemoryDirectory implements WasiDirectory {
  readonly kind = "memory";
  readonly #root: DirectoryInode;
  readonly #handle: MemoryDirectoryHandle;
  readonly #realtimeNs: () => bigint;
  readonly #hasLimits: boolean;
  #isEntry = false;

  /**
   * @param entries - files and directories by path; directories on the way are made. Text becomes UTF-8, bytes are copied.
   * @throws {TypeError} an entry or an option has the wrong type, or when a directory given as an entry has limits of
   * its own or is an entry already
   * @throws {WasmlinkError} the entries do not fit into the limits or get into each other's way
   */
  constructor(entries: MemoryDirectoryEntries = {}, options: MemoryDirectoryOptions = {}) {
    const volume = new Volume(
      limit("maxBytes", options.maxBytes, Number.POSITIVE_INFINITY),
      limit("maxEntries", options.maxEntries, defaultMaxEntries),
    );
    this.#hasLimits = options.maxBytes !== undefined || options.maxEntries !== undefined;
    this.#realtimeNs = options.realtimeNs ?? platform.realtimeNs;
    this.#root = new DirectoryInode(volume, this.#realtimeNs());
    this.#root.linked();
    this.#handle = new MemoryDirectoryHandle(this.#root, {
      requireRaceFree: false,
      realtimeNs: this.#realtimeNs,
      deviceOf: () => 0n,
    });
    for (const [path, entry] of Object.entries(entries)) {
      if (entry instanceof MemoryDirectory) this.#include(path, entry);
      else this.writeFile(path, entry);
    }
  }

  /**
   * Contents of a file, copied. Symbolic links are followed.
   *
   * @throws {WasmlinkError} there is no such file
   */
  readFile(path: string): Uint8Array<ArrayBuffer> {
    return attempt("read", path, () =>
      resolve(this.#handle, relative(path), "follow", (parent, name, slash) => {
        const inode = inodeAt(parent, name);
        if (!(inode instanceof FileInode))
          return fail(inode instanceof DirectoryInode ? Errno.isdir : Errno.loop);
        if (slash) fail(Errno.notdir);
        return new Uint8Array(inode.contents());
      }),
    );
  }

  /**
   * Writes a whole file, over the one that is there, making the directories on the way.
   *
   * @param data - bytes, which are copied, or text, which becomes UTF-8
   * @throws {TypeError} `data` is neither bytes nor text
   * @throws {WasmlinkError} the path leads into a file, or a limit is reached
   */
  writeFile(path: string, data: Uint8Array | string): void {
    if (typeof data !== "string" && !(data instanceof Uint8Array)) {
      throw new TypeError(`Expected the contents of \`${path}\` to be bytes or text, got ${show(data)}`);
    }
    const bytes = typeof data === "string" ? utf8.encode(data) : data;
    attempt("write", path, () => {
      this.#makeParents(path);
      resolve(this.#handle, relative(path), "follow", (parent, name, slash) => {
        if (name === undefined || slash) return fail(Errno.isdir);
        const file = parent.open(name, createOrReplace);
        if (file.kind === "directory") return fail(Errno.isdir);
        try {
          file.write(bytes, 0, bytes.length, 0);
        } finally {
          file.close();
        }
      });
    });
  }

  /**
   * Names in a directory, in the order they were made.
   *
   * @param path - the directory; the top one by default
   * @throws {WasmlinkError} there is no such directory
   */
  list(path = "."): string[] {
    return attempt("list", path, () =>
      resolve(this.#handle, relative(path), "follow", (parent, name) => {
        if (name === undefined) return parent.list();
        return parent.openDirectory(name).list();
      }),
    );
  }

  /** @internal */
  open(context: OpeningContext): Directory {
    return new MemoryDirectoryHandle(this.#root, context);
  }

  #include(path: string, directory: MemoryDirectory): void {
    if (directory.#isEntry || directory.#hasLimits) {
      const reason = directory.#isEntry ? "an entry of another one" : "given limits of its own";
      throw new TypeError(`Expected the directory at \`${path}\` not to be ${reason}`);
    }
    attempt("make", path, () => {
      this.#makeParents(path);
      resolve(this.#handle, relative(path), "keep", (parent, name) => {
        if (name === undefined) return fail(Errno.exist);
        MemoryDirectoryHandle.inodeOf(parent).graft(name, directory.#root, this.#realtimeNs());
      });
    });
    directory.#isEntry = true;
  }

  #makeParents(path: string): void {
    const components = relative(path).split("/");
    for (let depth = 1; depth < components.length; depth++) {
      resolve(this.#handle, components.slice(0, depth).join("/"), "follow", (parent, name) => {
        if (name !== undefined && parent.lstat(name) === undefined) parent.makeDirectory(name);
      });
    }
  }
}

const createOrReplace = {
  read: true,
  write: true,
  create: true,
  exclusive: false,
  truncate: true,
  directory: false,
  sync: false,
  dataSync: false,
};

/** From JavaScript, `/a` and `a` are the same file. */
function relative(path: string): string {
  if (typeof path !== "string") throw new TypeError(`Expected a path, got ${show(path)}`);
  return path.replace(/^\/+/, "") || ".";
}

function limit(name: string, value: number | undefined, unlimited: number): number {
  if (value === undefined) return unlimited;
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new TypeError(`Expected \`${name}\` to be a non-negative integer, got ${show(value)}`);
  }
  return value;
}

function inodeAt(parent: Directory, name: string | undefined) {
  const directory = MemoryDirectoryHandle.inodeOf(parent);
  return name === undefined ? directory : directory.entry(name);
}

const words: { readonly [errno: number]: string } = {
  [Errno.exist]: "already exists",
  [Errno.fbig]: "file too large",
  [Errno.inval]: "invalid path",
  [Errno.isdir]: "is a directory",
  [Errno.loop]: "too many levels of symbolic links",
  [Errno.nametoolong]: "name too long",
  [Errno.noent]: "no such file or directory",
  [Errno.nospc]: "no space left",
  [Errno.notdir]: "not a directory",
  [Errno.perm]: "path leads out of the directory",
};

/** Runs an operation for JavaScript, which gets errors instead of error numbers. */
function attempt<T>(action: string, path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    throw new WasmlinkError(`failed to ${action} \`${path}\``, {
      code: "ERR_WASI_FILE",
      cause: words[errno] ?? `errno ${errno}`,
    });
  }
}
