// Nanoseconds per WASI call from a wasm loop: this library beside node:wasi on a host directory, and beside npm's
// @bjorn3/browser_wasi_shim in memory. Run after `npm run build`: node bench/wasi.mjs [rounds]
//
// "By hand" calls node:fs straight from the imports, with fixed arguments and without any checks, and opens files as a
// sandbox has to, relative to a descriptor.
//
// Every figure is the minimum over interleaved rounds. The package is installed into a temporary directory; without
// a registry its column stays empty.
import { execFileSync, fork } from "node:child_process";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { WASI } from "node:wasi";
import {
  Engine,
  hostDirectory,
  Linker,
  MemoryDirectory,
  Module,
  Store,
  WasiConfig,
  wat2wasm,
} from "wasmlink";

const shimVersion = "0.4.2";
const fileSize = 65_536;
const deepPath = "a/b/c/file";

// Buffers begin at 4096, the file descriptor is the preopen's until `open` has run.
const guest = `(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pread" (func $fd_pread (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pwrite" (func $fd_pwrite (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $path_filestat_get (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (memory (export "memory") 32)
  (data (i32.const 0) "${deepPath}")
  (data (i32.const 64) "\\00\\10\\00\\00\\40\\00\\00\\00")
  (data (i32.const 72) "\\00\\10\\00\\00\\00\\00\\01\\00")
  (global $fd (mut i32) (i32.const 0))
  (func $start (export "_start"))
  (func (export "open") (result i32)
    (local $errno i32)
    (local.set $errno (call $path_open (i32.const 3) (i32.const 0) (i32.const 6) (i32.const 4) (i32.const 0)
      (i64.const 0x7f) (i64.const 0) (i32.const 0) (i32.const 128)))
    (global.set $fd (i32.load (i32.const 128)))
    (local.get $errno))
  ${loop("clock_time_get", "(call $clock_time_get (i32.const 1) (i64.const 1) (i32.const 128))")}
  ${loop("fd_write 64 B stdout", "(call $fd_write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 128))")}
  ${loop("fd_pwrite 64 B", "(call $fd_pwrite (global.get $fd) (i32.const 64) (i32.const 1) (i64.const 0) (i32.const 128))")}
  ${loop("fd_pread 64 B", "(call $fd_pread (global.get $fd) (i32.const 64) (i32.const 1) (i64.const 0) (i32.const 128))")}
  ${loop("fd_pread 64 KiB", "(call $fd_pread (global.get $fd) (i32.const 72) (i32.const 1) (i64.const 0) (i32.const 128))")}
  ${loop(
    "fd_seek + fd_read 64 B",
    `(i32.or (call $fd_seek (global.get $fd) (i64.const 0) (i32.const 0) (i32.const 128))
      (call $fd_read (global.get $fd) (i32.const 64) (i32.const 1) (i32.const 128)))`,
  )}
  ${loop("path_open + fd_close", openAndClose(6, 4))}
  ${loop("the same, 3 levels down", openAndClose(0, deepPath.length))}
  ${loop("path_filestat_get", "(call $path_filestat_get (i32.const 3) (i32.const 0) (i32.const 6) (i32.const 4) (i32.const 256))")}
  ${loop("random_get 16 B", "(call $random_get (i32.const 4096) (i32.const 16))")})`;

function openAndClose(path, length) {
  return `(i32.or
    (call $path_open (i32.const 3) (i32.const 0) (i32.const ${path}) (i32.const ${length}) (i32.const 0)
      (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 128))
    (call $fd_close (i32.load (i32.const 128))))`;
}

function loop(name, call) {
  return `(func (export "${name}") (param $rounds i32) (result i32)
    (local $errno i32)
    (loop $again
      (local.set $errno (i32.or (local.get $errno) ${call}))
      (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
    (local.get $errno))`;
}

const calls = {
  clock_time_get: 50_000,
  "fd_write 64 B stdout": 20_000,
  "fd_pwrite 64 B": 10_000,
  "fd_pread 64 B": 20_000,
  "fd_pread 64 KiB": 5_000,
  "fd_seek + fd_read 64 B": 20_000,
  "path_open + fd_close": 4_000,
  "the same, 3 levels down": 3_000,
  path_filestat_get: 4_000,
  "random_get 16 B": 20_000,
};

async function importShim() {
  const folder = mkdtempSync(join(tmpdir(), "wasmlink-bench-"));
  try {
    execFileSync("npm", [
      "install",
      "--silent",
      "--prefix",
      folder,
      `@bjorn3/browser_wasi_shim@${shimVersion}`,
    ]);
    return await import(
      pathToFileURL(join(folder, "node_modules/@bjorn3/browser_wasi_shim/dist/index.js")).href
    );
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function instantiate(module, imports) {
  return new WebAssembly.Instance(new WebAssembly.Module(module), { wasi_snapshot_preview1: imports });
}

function ours(module, directory, stdout) {
  const engine = new Engine();
  const store = new Store(engine);
  store.setWasi(new WasiConfig({ stdout, preopens: { "/": directory } }));
  // The bare instance: calls into the guest are not what is measured.
  return new Linker(engine).defineWasi().instantiate(store, new Module(engine, module)).native;
}

/** What Node's file functions cost when they do just what the guest asks for: nothing built on them can be faster. */
function byHand(module, path) {
  const folder = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  const file = openSync(join(path, "file"), "r+");
  const within = `/proc/${process.pid}/fd/${folder}/`;
  const { O_RDONLY, O_NOFOLLOW } = constants;
  let bytes;
  let cursor = 0;
  const instance = instantiate(module, {
    clock_time_get: () => {
      process.hrtime.bigint();
      return 0;
    },
    fd_close: () => 0,
    fd_pread: (_fd, vectors) => {
      readSync(file, bytes, 4096, vectors === 64 ? 64 : fileSize, 0);
      return 0;
    },
    fd_pwrite: () => {
      writeSync(file, bytes, 4096, 64, 0);
      return 0;
    },
    fd_read: () => {
      cursor += readSync(file, bytes, 4096, 64, cursor);
      return 0;
    },
    fd_seek: () => {
      cursor = 0;
      return 0;
    },
    fd_write: () => {
      writeSync(1, bytes, 4096, 64);
      return 0;
    },
    path_filestat_get: () => {
      lstatSync(`${within}file`, { bigint: true });
      return 0;
    },
    path_open: (_fd, _flags, path) => {
      let parent = within;
      const opened = path === 0 ? deepPath.split("/").slice(0, -1) : [];
      const fds = opened.map((name) => {
        const fd = openSync(parent + name, O_RDONLY | O_NOFOLLOW | constants.O_DIRECTORY);
        parent = `/proc/${process.pid}/fd/${fd}/`;
        return fd;
      });
      const fd = openSync(`${parent}file`, O_RDONLY | O_NOFOLLOW);
      fstatSync(fd);
      closeSync(fd);
      fds.forEach(closeSync);
      return 0;
    },
    random_get: () => {
      crypto.getRandomValues(new Uint8Array(16));
      return 0;
    },
  });
  bytes = new Uint8Array(instance.exports.memory.buffer);
  return instance;
}

function nodes(module, path) {
  const wasi = new WASI({ version: "preview1", preopens: { "/": path }, returnOnExit: true });
  const instance = instantiate(module, wasi.wasiImport);
  wasi.start(instance);
  return instance;
}

function shims(module, { WASI, Fd, File, OpenFile, Directory, PreopenDirectory }, contents) {
  class Discarding extends Fd {
    fd_write(data) {
      return { ret: 0, nwritten: data.byteLength };
    }
  }
  const file = () => new File(contents.slice());
  const tree = (entries) => new Map(Object.entries(entries));
  const deep = new Directory(tree({ b: new Directory(tree({ c: new Directory(tree({ file: file() })) })) }));
  const wasi = new WASI(
    [],
    [],
    [
      new OpenFile(file()),
      new Discarding(),
      new Discarding(),
      new PreopenDirectory("/", tree({ file: file(), a: deep })),
    ],
    { debug: false },
  );
  const instance = instantiate(module, wasi.wasiImport);
  wasi.start(instance);
  return instance;
}

async function measure(rounds) {
  const contents = new Uint8Array(fileSize).fill(7);
  const path = mkdtempSync(join(tmpdir(), "wasmlink-bench-"));
  mkdirSync(join(path, "a/b/c"), { recursive: true });
  writeFileSync(join(path, "file"), contents);
  writeFileSync(join(path, deepPath), contents);
  const module = wat2wasm(guest);
  const shim = await importShim();
  const instances = {
    "node:wasi": nodes(module, path),
    "by hand": byHand(module, path),
    "wasmlink, host": ours(module, hostDirectory(path), "inherit"),
    "wasi_shim, memory": shim && shims(module, shim, contents),
    "wasmlink, memory": ours(module, new MemoryDirectory({ file: contents, [deepPath]: contents }), () => {}),
  };
  const best = {};
  for (const instance of Object.values(instances)) {
    const errno = instance?.exports.open();
    if (errno) throw new Error(`open failed with errno ${errno}`);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [call, count] of Object.entries(calls)) {
      for (const [name, instance] of Object.entries(instances)) {
        if (instance === undefined) continue;
        const start = process.hrtime.bigint();
        const errno = instance.exports[call](count);
        const nanoseconds = Number(process.hrtime.bigint() - start) / count;
        if (errno !== 0) throw new Error(`${call} failed with errno ${errno} on ${name}`);
        best[call] ??= {};
        best[call][name] = Math.min(best[call][name] ?? Number.POSITIVE_INFINITY, nanoseconds);
      }
    }
  }
  rmSync(path, { recursive: true, force: true });
  return best;
}

/** Columns with the one each is compared with. */
const columns = [
  ["node:wasi"],
  ["by hand", "node:wasi"],
  ["wasmlink, host", "node:wasi"],
  ["wasi_shim, memory"],
  ["wasmlink, memory", "wasi_shim, memory"],
];

function print(best) {
  const row = (cells) =>
    console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(25) : cell.padStart(19))).join(""));
  console.log(`Node ${process.version}, nanoseconds per call\n`);
  row(["", ...columns.map(([name]) => name)]);
  for (const [call, times] of Object.entries(best)) {
    const cells = columns.map(([name, rival]) => {
      if (times[name] === undefined) return "-";
      const ratio = times[rival] === undefined ? "" : ` (${(times[name] / times[rival]).toFixed(2)}x)`;
      return times[name].toFixed(0) + ratio;
    });
    row([call, ...cells]);
  }
}

if (process.send === undefined) {
  // The guests write to standard output, so they run in a process whose output goes nowhere.
  const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
    stdio: ["ignore", openSync("/dev/null", "w"), "inherit", "ipc"],
  });
  child.once("message", print);
} else {
  process.send(await measure(Number(process.argv[2] ?? 7)));
}
