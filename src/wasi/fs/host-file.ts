import type { HostFileSystem } from "../../host/platform.ts";
import { FileType } from "../abi.ts";
import type { File, FileStat, NewTime } from "./directory.ts";
import type { HostStats } from "./host-stat.ts";

/** An open file of the host. */
export class HostFile implements File {
  readonly kind = "file";
  readonly filetype: FileType;
  readonly #fileSystem: HostFileSystem;
  readonly #stats: HostStats;
  readonly #fd: number;
  readonly #hasPositions: boolean;

  constructor(fileSystem: HostFileSystem, stats: HostStats, fd: number, filetype: FileType) {
    this.#fileSystem = fileSystem;
    this.#stats = stats;
    this.#fd = fd;
    this.filetype = filetype;
    this.#hasPositions = filetype === FileType.regularFile || filetype === FileType.blockDevice;
  }

  stat(): FileStat {
    return this.#stats.toGuest(this.#fileSystem.stat(this.#fd));
  }

  size(): number {
    return Number(this.#fileSystem.stat(this.#fd).size);
  }

  read(buffer: Uint8Array, offset: number, length: number, position: number): number {
    return this.#fileSystem.read(this.#fd, buffer, offset, length, this.#hasPositions ? position : null);
  }

  write(buffer: Uint8Array, offset: number, length: number, position: number): number {
    return this.#fileSystem.write(this.#fd, buffer, offset, length, this.#hasPositions ? position : null);
  }

  truncate(size: number): void {
    this.#fileSystem.truncate(this.#fd, size);
  }

  sync(): void {
    this.#fileSystem.sync(this.#fd);
  }

  dataSync(): void {
    this.#fileSystem.dataSync(this.#fd);
  }

  setTimes(atim: NewTime, mtim: NewTime): void {
    this.#stats.setTimes(
      () => this.#fileSystem.stat(this.#fd),
      (atimeSeconds, mtimeSeconds) => this.#fileSystem.setTimes(this.#fd, atimeSeconds, mtimeSeconds),
      atim,
      mtim,
    );
  }

  close(): void {
    this.#fileSystem.close(this.#fd);
  }
}
