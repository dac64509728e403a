import { WasiConfig, type WasiOptions } from "../../src/index.ts";
import type { WasiFunctions } from "../../src/runtime/wasi-host.ts";
import type { WasiModule } from "../../src/runtime/wasi-signatures.ts";
import type { WasiContext } from "../../src/wasi/context.ts";
import { Errno } from "../../src/wasi/errno.ts";
import type { InputStream } from "../../src/wasi/streams.ts";
import { throwingGuest } from "./guests.ts";

const names = Object.fromEntries(Object.entries(Errno).map(([name, errno]) => [errno, name]));
const utf8 = new TextEncoder();
const text = new TextDecoder();

/** Flags and rights, as the ABI counts them. */
export const flags = {
  creat: 1,
  directory: 2,
  excl: 4,
  trunc: 8,
  append: 1,
  dsync: 2,
  nonblock: 4,
  rsync: 8,
  sync: 16,
  follow: 1,
} as const;
export const read = 2n;
export const write = 64n;

export interface Filestat {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly filetype: number;
  readonly nlink: bigint;
  readonly size: bigint;
  readonly atim: bigint;
  readonly mtim: bigint;
  readonly ctim: bigint;
}

/** What a call returned: the name of the errno, `success` for 0. */
export type Outcome = keyof typeof Errno;

/** A guest in JavaScript: it calls the functions with pointers into a memory of its own. */
export class Client implements Disposable {
  readonly memory = { buffer: new ArrayBuffer(1 << 20) };
  readonly functions: WasiFunctions;
  /** Where results go; arguments are written from `scratch` on. */
  readonly result = 1024;
  readonly scratch = 4096;
  readonly #context: WasiContext;

  constructor(
    options: WasiOptions = {},
    blockingBudgetNs?: () => bigint,
    module: WasiModule = "wasi_snapshot_preview1",
  ) {
    const host = new WasiConfig(options).createHost() as WasiContext;
    this.#context = host;
    this.functions = host.bind(
      throwingGuest(() => this.memory, blockingBudgetNs),
      module,
    );
  }

  [Symbol.dispose](): void {
    this.#context.close();
  }

  /** Puts a stream in the place of standard input. */
  replaceInput(stream: InputStream): void {
    this.#context.descriptors.close(0);
    this.#context.descriptors.add({ kind: "input", stream });
  }

  get view(): DataView {
    return new DataView(this.memory.buffer);
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  /** Calls a function and names its errno. */
  call(name: keyof WasiFunctions, ...args: (number | bigint)[]): Outcome {
    return names[this.functions[name](...args)] as Outcome;
  }

  /** Calls a function that has to succeed. */
  must(name: keyof WasiFunctions, ...args: (number | bigint)[]): void {
    const outcome = this.call(name, ...args);
    if (outcome !== "success") throw new Error(`${name}: ${outcome}`);
  }

  /** Puts strings into the memory; pointer and length of each, to be passed as arguments. */
  strings(...values: (string | Uint8Array)[]): number[] {
    let pointer = this.scratch;
    return values.flatMap((value) => {
      const bytes = typeof value === "string" ? utf8.encode(value) : value;
      this.bytes.set(bytes, pointer);
      const argument = [pointer, bytes.length];
      pointer += bytes.length;
      return argument;
    });
  }

  u32(pointer = this.result): number {
    return this.view.getUint32(pointer, true);
  }

  u64(pointer = this.result): bigint {
    return this.view.getBigUint64(pointer, true);
  }

  textAt(pointer: number, length: number): string {
    return text.decode(this.bytes.slice(pointer, pointer + length));
  }

  /** `path_open`; the descriptor, or the errno's name. */
  open(
    path: string | Uint8Array,
    {
      dirfd = 3,
      lookup = 0,
      oflags = 0,
      rights = read,
      fdflags = 0,
    }: { dirfd?: number; lookup?: number; oflags?: number; rights?: bigint; fdflags?: number } = {},
  ): number | Outcome {
    const [pointer, length] = this.strings(path) as [number, number];
    const outcome = this.call(
      "path_open",
      dirfd,
      lookup,
      pointer,
      length,
      oflags,
      rights,
      0n,
      fdflags,
      this.result,
    );
    return outcome === "success" ? this.u32() : outcome;
  }

  /** `path_open` that has to succeed. */
  mustOpen(...args: Parameters<Client["open"]>): number {
    const fd = this.open(...args);
    if (typeof fd !== "number") throw new Error(`path_open ${String(args[0])}: ${fd}`);
    return fd;
  }

  /** Writes an array of buffers of these lengths, one behind the other from `at` on. */
  vectors(lengths: readonly number[], at = this.scratch): number {
    const array = 2048;
    let pointer = at;
    lengths.forEach((length, index) => {
      this.view.setUint32(array + index * 8, pointer, true);
      this.view.setUint32(array + index * 8 + 4, length, true);
      pointer += length;
    });
    return array;
  }

  /** `fd_write`; how many bytes went out, or the errno's name. */
  write(fd: number, data: string): number | Outcome {
    const [, length] = this.strings(data) as [number, number];
    const outcome = this.call("fd_write", fd, this.vectors([length]), 1, this.result);
    return outcome === "success" ? this.u32() : outcome;
  }

  /** `fd_read`; the text, or the errno's name in brackets. */
  read(fd: number, length = 1000): string {
    const outcome = this.call("fd_read", fd, this.vectors([length]), 1, this.result);
    return outcome === "success" ? this.textAt(this.scratch, this.u32()) : `<${outcome}>`;
  }

  pwrite(fd: number, data: string, offset: bigint): number | Outcome {
    const [, length] = this.strings(data) as [number, number];
    const outcome = this.call("fd_pwrite", fd, this.vectors([length]), 1, offset, this.result);
    return outcome === "success" ? this.u32() : outcome;
  }

  pread(fd: number, length: number, offset: bigint): string {
    const outcome = this.call("fd_pread", fd, this.vectors([length]), 1, offset, this.result);
    return outcome === "success" ? this.textAt(this.scratch, this.u32()) : `<${outcome}>`;
  }

  close(fd: number): Outcome {
    return this.call("fd_close", fd);
  }

  /** Reads a whole file by path. */
  contents(path: string, dirfd = 3): string {
    const fd = this.open(path, { dirfd });
    if (typeof fd !== "number") return `<${fd}>`;
    const contents = this.read(fd, 100_000);
    this.close(fd);
    return contents;
  }

  /** Makes a file, or writes over it. */
  create(path: string, contents = "", dirfd = 3): void {
    const fd = this.mustOpen(path, { dirfd, oflags: flags.creat | flags.trunc, rights: read | write });
    if (contents !== "") this.write(fd, contents);
    this.must("fd_close", fd);
  }

  path(
    name: "path_create_directory" | "path_remove_directory" | "path_unlink_file",
    path: string,
    dirfd = 3,
  ): Outcome {
    return this.call(name, dirfd, ...this.strings(path));
  }

  mkdir(path: string, dirfd = 3): Outcome {
    return this.path("path_create_directory", path, dirfd);
  }

  rmdir(path: string, dirfd = 3): Outcome {
    return this.path("path_remove_directory", path, dirfd);
  }

  unlink(path: string, dirfd = 3): Outcome {
    return this.path("path_unlink_file", path, dirfd);
  }

  symlink(target: string, path: string, dirfd = 3): Outcome {
    const [targetPointer, targetLength, pointer, length] = this.strings(target, path);
    return this.call("path_symlink", targetPointer!, targetLength!, dirfd, pointer!, length!);
  }

  link(from: string, to: string, { dirfd = 3, newDirfd = 3, lookup = 0 } = {}): Outcome {
    const [oldPointer, oldLength, newPointer, newLength] = this.strings(from, to);
    return this.call("path_link", dirfd, lookup, oldPointer!, oldLength!, newDirfd, newPointer!, newLength!);
  }

  rename(from: string, to: string, { dirfd = 3, newDirfd = 3 } = {}): Outcome {
    const [oldPointer, oldLength, newPointer, newLength] = this.strings(from, to);
    return this.call("path_rename", dirfd, oldPointer!, oldLength!, newDirfd, newPointer!, newLength!);
  }

  readlink(path: string, { dirfd = 3, size = 1000 } = {}): string {
    const [pointer, length] = this.strings(path);
    const buffer = this.scratch + 10_000;
    const outcome = this.call("path_readlink", dirfd, pointer!, length!, buffer, size, this.result);
    return outcome === "success" ? this.textAt(buffer, this.u32()) : `<${outcome}>`;
  }

  #filestat(pointer: number): Filestat {
    const { view } = this;
    return {
      dev: view.getBigUint64(pointer, true),
      ino: view.getBigUint64(pointer + 8, true),
      filetype: view.getUint8(pointer + 16),
      nlink: view.getBigUint64(pointer + 24, true),
      size: view.getBigUint64(pointer + 32, true),
      atim: view.getBigUint64(pointer + 40, true),
      mtim: view.getBigUint64(pointer + 48, true),
      ctim: view.getBigUint64(pointer + 56, true),
    };
  }

  stat(path: string, { dirfd = 3, lookup = 0 } = {}): Filestat | Outcome {
    const outcome = this.call("path_filestat_get", dirfd, lookup, ...this.strings(path), this.result);
    return outcome === "success" ? this.#filestat(this.result) : outcome;
  }

  mustStat(path: string, options: { dirfd?: number; lookup?: number } = {}): Filestat {
    const stat = this.stat(path, options);
    if (typeof stat === "string") throw new Error(`path_filestat_get ${path}: ${stat}`);
    return stat;
  }

  fstat(fd: number): Filestat | Outcome {
    const outcome = this.call("fd_filestat_get", fd, this.result);
    return outcome === "success" ? this.#filestat(this.result) : outcome;
  }

  fdstat(fd: number): { filetype: number; flags: number; rights: bigint; inheriting: bigint } | Outcome {
    const outcome = this.call("fd_fdstat_get", fd, this.result);
    if (outcome !== "success") return outcome;
    const { view, result } = this;
    return {
      filetype: view.getUint8(result),
      flags: view.getUint16(result + 2, true),
      rights: view.getBigUint64(result + 8, true),
      inheriting: view.getBigUint64(result + 16, true),
    };
  }

  seek(fd: number, offset: bigint, whence: number): bigint | Outcome {
    const outcome = this.call("fd_seek", fd, offset, whence, this.result);
    return outcome === "success" ? this.u64() : outcome;
  }

  tell(fd: number): bigint | Outcome {
    const outcome = this.call("fd_tell", fd, this.result);
    return outcome === "success" ? this.u64() : outcome;
  }

  /** One `fd_readdir`: the entries that fit whole, and how many bytes were used. */
  readdir(fd: number, { size = 10_000, cookie = 0n } = {}) {
    const outcome = this.call("fd_readdir", fd, this.scratch, size, cookie, this.result);
    if (outcome !== "success") throw new Error(`fd_readdir: ${outcome}`);
    const used = this.u32();
    const entries: { name: string; next: bigint; ino: bigint; filetype: number }[] = [];
    for (let at = this.scratch; at + 24 <= this.scratch + used; ) {
      const length = this.u32(at + 16);
      if (at + 24 + length > this.scratch + used) break;
      entries.push({
        name: this.textAt(at + 24, length),
        next: this.u64(at),
        ino: this.u64(at + 8),
        filetype: this.view.getUint8(at + 20),
      });
      at += 24 + length;
    }
    return { entries, used };
  }

  /** Names in a directory, without `.` and `..`, sorted. */
  names(path = "."): string[] {
    const fd = this.mustOpen(path, { oflags: flags.directory });
    const names = this.readdir(fd).entries.map(({ name }) => name);
    this.must("fd_close", fd);
    return names.filter((name) => name !== "." && name !== "..").sort();
  }
}
