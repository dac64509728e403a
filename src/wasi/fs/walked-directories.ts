import type { HostStat } from "../../host/platform.ts";
import { isSameFile } from "./host-stat.ts";

const capacity = 16;

/** A directory that several users hold; the last {@link close} closes it. */
export interface SharedDirectory {
  retain(): this;
  close(): void;
}

interface Walked<D> {
  readonly directory: D;
  readonly identity: HostStat;
}

/**
 * The directories the last walks led to, by path.
 *
 * Opening one component after another costs two system calls for each. A directory that stays open need not be
 * opened again: one look along the whole path tells whether it still leads there. The look follows links, but
 * decides only whether to use a handle that a careful walk has opened before: it cannot lead to any other place, and
 * gives the guest nothing it could not have kept open itself.
 */
export class WalkedDirectories<D extends SharedDirectory> {
  readonly #walked = new Map<string, Walked<D>>();
  readonly #lookUp: (path: string) => HostStat | undefined;

  /**
   * @param lookUp - attributes of what a path leads to
   */
  constructor(lookUp: (path: string) => HostStat | undefined) {
    this.#lookUp = lookUp;
  }

  /** The directory of a path that still leads to it, retained for the caller. */
  find(path: string): D | undefined {
    const walked = this.#walked.get(path);
    if (walked === undefined) return undefined;
    this.#walked.delete(path);
    const stat = this.#lookUp(path);
    if (stat === undefined || !isSameFile(stat, walked.identity)) {
      walked.directory.close();
      return undefined;
    }
    // The map is in the order of use.
    this.#walked.set(path, walked);
    return walked.directory.retain();
  }

  /** Takes over the caller's hold on a directory. */
  add(path: string, directory: D, identity: HostStat): void {
    this.#walked.get(path)?.directory.close();
    this.#walked.delete(path);
    this.#walked.set(path, { directory, identity });
    if (this.#walked.size <= capacity) return;
    for (const [oldest, unused] of this.#walked) {
      this.#walked.delete(oldest);
      unused.directory.close();
      return;
    }
  }

  clear(): void {
    for (const { directory } of this.#walked.values()) directory.close();
    this.#walked.clear();
  }
}
