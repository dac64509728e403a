/**
 * The platform of Node, Deno and Bun.
 *
 * `process` is the global one in this folder: to import it opens the standard streams. Modules of Node that most programs
 * never need are loaded when they are.
 *
 * @packageDocumentation
 */
import fs from "node:fs";
import type { HostFileSystem, Platform } from "../host/platform.ts";
import { blockingSleep } from "./blocking-sleep.ts";
import { startNodeTicker } from "./node-ticker.ts";
import { StandardInput, StandardOutput } from "./standard-streams.ts";
import { wallClockNs } from "./wall-clock.ts";

const family = process.platform === "linux" ? "linux" : process.platform === "win32" ? "windows" : "posix";
const { constants } = fs;
const asBigInts = { bigint: true } as const;
const orUndefined = { bigint: true, throwIfNoEntry: false } as const;
const asBytes = { encoding: "buffer" } as const;

// Windows lacks several of these, whatever the type declarations say.
const flag = (name: string): number =>
  (constants as unknown as Record<string, number | undefined>)[name] ?? 0;

/** A negative number would be taken for the present. */
const time = (seconds: number): number | Date => (seconds < 0 ? new Date(seconds * 1000) : seconds);

const fileSystem: HostFileSystem = {
  family,
  flags: {
    RDONLY: constants.O_RDONLY,
    WRONLY: constants.O_WRONLY,
    RDWR: constants.O_RDWR,
    CREAT: constants.O_CREAT,
    EXCL: constants.O_EXCL,
    TRUNC: constants.O_TRUNC,
    DIRECTORY: flag("O_DIRECTORY"),
    NOFOLLOW: flag("O_NOFOLLOW"),
    NONBLOCK: flag("O_NONBLOCK"),
    NOCTTY: flag("O_NOCTTY"),
    SYNC: flag("O_SYNC"),
    DSYNC: flag("O_DSYNC"),
    // Node does not export it; the number is part of Linux's ABI.
    PATH: family === "linux" ? 0o10000000 : 0,
  },
  open: fs.openSync,
  close: fs.closeSync,
  read: fs.readSync,
  write: fs.writeSync,
  truncate: fs.ftruncateSync,
  sync: fs.fsyncSync,
  dataSync: fs.fdatasyncSync,
  stat: (fd) => fs.fstatSync(fd, asBigInts),
  mode: (fd) => fs.fstatSync(fd).mode,
  setTimes: (fd, atime, mtime) => fs.futimesSync(fd, time(atime), time(mtime)),
  lstat: (path) => fs.lstatSync(path, orUndefined),
  setTimesAt: (path, atime, mtime) => fs.utimesSync(path, time(atime), time(mtime)),
  setLinkTimesAt: (path, atime, mtime) => fs.lutimesSync(path, time(atime), time(mtime)),
  readLink: (path) => fs.readlinkSync(path, asBytes),
  readDirectory: (path) => fs.readdirSync(path),
  readDirectoryBytes: (path) => fs.readdirSync(path, asBytes),
  makeDirectory: (path) => {
    fs.mkdirSync(path);
  },
  removeDirectory: (path) => {
    fs.rmdirSync(path);
  },
  unlink: fs.unlinkSync,
  symlink: (target, path) => {
    fs.symlinkSync(target, path);
  },
  link: fs.linkSync,
  rename: fs.renameSync,
  realPath: (path) => fs.realpathSync(path),
};

export const platform: Platform = {
  fileSystem,
  stdio: {
    input: new StandardInput(0, family === "linux"),
    output: new StandardOutput(1),
    error: new StandardOutput(2),
  },
  realtimeNs: wallClockNs,
  monotonicNs: process.hrtime.bigint,
  fillRandom: (buffer) => {
    crypto.getRandomValues(buffer as Uint8Array<ArrayBuffer>);
  },
  sleep: blockingSleep,
  startTicker: startNodeTicker,
};
