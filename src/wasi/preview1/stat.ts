import { FstFlags } from "../abi.ts";
import { Errno, fail } from "../errno.ts";
import type { FileStat, NewTime } from "../fs/directory.ts";
import type { GuestMemory } from "../guest-memory.ts";
import { type Binding, checkFlags } from "./binding.ts";

const filestatBytes = 64;
const unstableFilestatBytes = 56;
const allFstFlags = FstFlags.atim | FstFlags.atimNow | FstFlags.mtim | FstFlags.mtimNow;

/** Writes a `filestat` record. */
export function writeFilestat(memory: GuestMemory, pointer: number, stat: FileStat): void {
  const address = memory.record(pointer, filestatBytes, 8);
  const { view } = memory;
  view.setBigUint64(address, stat.dev, true);
  view.setBigUint64(address + 8, stat.ino, true);
  view.setBigUint64(address + 16, BigInt(stat.filetype), true);
  view.setBigUint64(address + 24, stat.nlink, true);
  view.setBigUint64(address + 32, stat.size, true);
  view.setBigUint64(address + 40, stat.atim, true);
  view.setBigUint64(address + 48, stat.mtim, true);
  view.setBigUint64(address + 56, stat.ctim, true);
}

/** Writes a `filestat` record of `wasi_unstable`, which counts links in 32 bits. */
export function writeUnstableFilestat(memory: GuestMemory, pointer: number, stat: FileStat): void {
  const address = memory.record(pointer, unstableFilestatBytes, 8);
  const { view } = memory;
  view.setBigUint64(address, stat.dev, true);
  view.setBigUint64(address + 8, stat.ino, true);
  view.setUint32(address + 16, stat.filetype, true);
  view.setUint32(address + 20, Number(stat.nlink), true);
  view.setBigUint64(address + 24, stat.size, true);
  view.setBigUint64(address + 32, stat.atim, true);
  view.setBigUint64(address + 40, stat.mtim, true);
  view.setBigUint64(address + 48, stat.ctim, true);
}

/** The times `fstflags` ask for. A time that is both given and to be now is none. */
export function newTimes(
  { context }: Binding,
  atim: bigint,
  mtim: bigint,
  flags: number,
): readonly [atim: NewTime, mtim: NewTime] {
  checkFlags(flags, allFstFlags);
  const newTime = (time: bigint, given: number, now: number): NewTime => {
    if ((flags & given) !== 0 && (flags & now) !== 0) return fail(Errno.inval);
    if ((flags & given) !== 0) return BigInt.asUintN(64, time);
    return (flags & now) !== 0 ? context.settings.clock.realtimeNs() : undefined;
  };
  return [newTime(atim, FstFlags.atim, FstFlags.atimNow), newTime(mtim, FstFlags.mtim, FstFlags.mtimNow)];
}
