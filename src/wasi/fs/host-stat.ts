import type { HostStat } from "../../host/platform.ts";
import { FileType } from "../abi.ts";
import { Errno, fail } from "../errno.ts";
import type { FileStat, NewTime } from "./directory.ts";

const typeMask = 0o170000;
const maxRemembered = 4096;

const filetypes = new Map<number, FileType>([
  [0o100000, FileType.regularFile],
  [0o040000, FileType.directory],
  [0o120000, FileType.symbolicLink],
  [0o020000, FileType.characterDevice],
  [0o060000, FileType.blockDevice],
  [0o140000, FileType.socketStream],
]);

/** Type of a file by its mode; a named pipe has none in preview 1. */
export function filetypeOf(mode: number | bigint): FileType {
  return filetypes.get(Number(mode) & typeMask) ?? FileType.unknown;
}

/** Whether two attributes are those of one file. */
export function isSameFile(a: HostStat, b: HostStat): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

interface SetTimes {
  readonly atim: bigint;
  readonly mtim: bigint;
  readonly hostAtim: bigint;
  readonly hostMtim: bigint;
}

/**
 * Attributes of the host's files as the guest sees them.
 *
 * JavaScript's file functions take times as seconds in a double, which is off by up to a microsecond. So the exact
 * times a guest has set are remembered, and reported for as long as the file still has the times the host made of them.
 */
export class HostStats {
  readonly #set = new Map<string, SetTimes>();

  toGuest(stat: HostStat): FileStat {
    const set = this.#set.size === 0 ? undefined : this.#set.get(keyOf(stat));
    return {
      dev: stat.dev,
      ino: stat.ino,
      filetype: filetypeOf(stat.mode),
      nlink: stat.nlink,
      size: stat.size,
      atim: set?.hostAtim === stat.atimeNs ? set.atim : sinceEpoch(stat.atimeNs),
      mtim: set?.hostMtim === stat.mtimeNs ? set.mtim : sinceEpoch(stat.mtimeNs),
      ctim: sinceEpoch(stat.ctimeNs),
    };
  }

  /**
   * Sets times through the host.
   *
   * @param read - reads the attributes of the file
   * @param write - sets both times, in seconds
   */
  setTimes(
    read: () => HostStat | undefined,
    write: (atimeSeconds: number, mtimeSeconds: number) => void,
    atim: NewTime,
    mtim: NewTime,
  ): void {
    const before = read() ?? fail(Errno.noent);
    const exact = this.toGuest(before);
    write(toSeconds(atim ?? before.atimeNs), toSeconds(mtim ?? before.mtimeNs));
    const after = read();
    if (after === undefined) return;
    this.#set.set(keyOf(after), {
      atim: atim ?? exact.atim,
      mtim: mtim ?? exact.mtim,
      hostAtim: after.atimeNs,
      hostMtim: after.mtimeNs,
    });
    if (this.#set.size > maxRemembered) {
      const [oldest] = this.#set.keys();
      this.#set.delete(oldest!);
    }
  }
}

function keyOf(stat: HostStat): string {
  return `${stat.dev}:${stat.ino}`;
}

/** Times before 1970 cannot be said in preview 1. */
function sinceEpoch(nanoseconds: bigint): bigint {
  return nanoseconds > 0n ? nanoseconds : 0n;
}

function toSeconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000_000n) + Number(nanoseconds % 1_000_000_000n) / 1e9;
}
