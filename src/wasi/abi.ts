/**
 * Numbers of the preview 1 ABI: types, flags and rights.
 *
 * Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#types
 *
 * @packageDocumentation
 */

export const ClockId = { realtime: 0, monotonic: 1, processCputime: 2, threadCputime: 3 } as const;

export const FileType = {
  unknown: 0,
  blockDevice: 1,
  characterDevice: 2,
  directory: 3,
  regularFile: 4,
  socketDgram: 5,
  socketStream: 6,
  symbolicLink: 7,
} as const;
export type FileType = (typeof FileType)[keyof typeof FileType];

export const FdFlags = { append: 1, dsync: 2, nonblock: 4, rsync: 8, sync: 16 } as const;
export const LookupFlags = { symlinkFollow: 1 } as const;
export const OFlags = { creat: 1, directory: 2, excl: 4, trunc: 8 } as const;
export const FstFlags = { atim: 1, atimNow: 2, mtim: 4, mtimNow: 8 } as const;
export const Whence = { set: 0, cur: 1, end: 2 } as const;
export const EventType = { clock: 0, fdRead: 1, fdWrite: 2 } as const;
export const SubclockFlags = { abstime: 1 } as const;
export const EventRwFlags = { hangup: 1 } as const;

/** Rights, as the 64-bit set the ABI passes. */
export const Rights = {
  fdDatasync: 1n << 0n,
  fdRead: 1n << 1n,
  fdSeek: 1n << 2n,
  fdFdstatSetFlags: 1n << 3n,
  fdSync: 1n << 4n,
  fdTell: 1n << 5n,
  fdWrite: 1n << 6n,
  fdAdvise: 1n << 7n,
  fdAllocate: 1n << 8n,
  pathCreateDirectory: 1n << 9n,
  pathCreateFile: 1n << 10n,
  pathLinkSource: 1n << 11n,
  pathLinkTarget: 1n << 12n,
  pathOpen: 1n << 13n,
  fdReaddir: 1n << 14n,
  pathReadlink: 1n << 15n,
  pathRenameSource: 1n << 16n,
  pathRenameTarget: 1n << 17n,
  pathFilestatGet: 1n << 18n,
  pathFilestatSetSize: 1n << 19n,
  pathFilestatSetTimes: 1n << 20n,
  fdFilestatGet: 1n << 21n,
  fdFilestatSetSize: 1n << 22n,
  fdFilestatSetTimes: 1n << 23n,
  pathSymlink: 1n << 24n,
  pathRemoveDirectory: 1n << 25n,
  pathUnlinkFile: 1n << 26n,
  pollFdReadwrite: 1n << 27n,
  sockShutdown: 1n << 28n,
  sockAccept: 1n << 29n,
} as const;

/** Every right there is. */
export const allRights: bigint = (1n << 30n) - 1n;
