import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { hostDirectory } from "../../src/index.ts";
import { portableHostDirectory } from "../../src/wasi/fs/host-directory.ts";
import { hasHandles } from "./backends.ts";
import { Client, flags, read, write } from "./client.ts";

const secret = "the secret";
const hosts = [
  ...(hasHandles ? [{ name: "directory handles", open: hostDirectory }] : []),
  { name: "portable paths", open: portableHostDirectory },
];

/** A sandbox beside things that are none of the guest's business, with links to them that the host has made. */
function makePlayground(): { base: string; sandbox: string; outside: string; remove(): void } {
  const base = mkdtempSync(join(tmpdir(), "wasmlink-sandbox-"));
  const sandbox = join(base, "sandbox");
  const outside = join(base, "outside");
  mkdirSync(join(sandbox, "dir/inner"), { recursive: true });
  mkdirSync(join(outside, "empty"), { recursive: true });
  mkdirSync(join(base, "sandbox-sibling"));
  writeFileSync(join(base, "sandbox-sibling/secret"), secret);
  writeFileSync(join(outside, "secret"), secret);
  symlinkSync("secret", join(outside, "link"));
  writeFileSync(join(sandbox, "file"), "contents");
  writeFileSync(join(sandbox, "dir/file"), "contents");
  symlinkSync("../outside/secret", join(sandbox, "to-file"));
  symlinkSync(join(outside, "secret"), join(sandbox, "to-file-absolute"));
  symlinkSync("../outside", join(sandbox, "to-dir"));
  symlinkSync(outside, join(sandbox, "to-dir-absolute"));
  symlinkSync("../outside/made", join(sandbox, "dangling"));
  symlinkSync("dir/../../outside", join(sandbox, "winding"));
  symlinkSync("to-dir", join(sandbox, "chain"));
  return { base, sandbox, outside, remove: () => rmSync(base, { recursive: true, force: true }) };
}

/** Everything below a directory that a guest could have changed. */
function snapshot(path: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(path).sort()) {
    const child = join(path, name);
    const stat = lstatSync(child);
    if (stat.isDirectory()) Object.assign(found, { [`${name}/`]: "" }, prefixed(name, snapshot(child)));
    else if (stat.isSymbolicLink()) found[name] = "link";
    else found[name] = `${stat.nlink} ${stat.mtimeMs} ${readFileSync(child, "utf8")}`;
  }
  return found;
}

function prefixed(name: string, entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).map(([path, value]) => [`${name}/${path}`, value]));
}

const lookup = flags.follow;
const creat = flags.creat;

/** Ways out. Each gives what the guest learnt, or how its last call ended. */
const attacks: Record<string, (guest: Client, outside: string) => unknown> = {
  "opening above the root": (guest) => guest.contents("../outside/secret"),
  "opening above the root from below": (guest) => guest.contents("dir/../../outside/secret"),
  "opening a sibling with the same prefix": (guest) => guest.contents("../sandbox-sibling/secret"),
  "opening an absolute path": (guest, outside) => guest.contents(join(outside, "secret")),
  "following a link to a file": (guest) => guest.open("to-file", { lookup }),
  "following an absolute link to a file": (guest) => guest.open("to-file-absolute", { lookup }),
  "opening a link without following": (guest) => guest.open("to-file"),
  "opening a link for writing without following": (guest) => guest.open("to-file", { rights: write }),
  "emptying a file through a link": (guest) =>
    guest.open("to-file", { lookup, oflags: flags.trunc, rights: read | write }),
  "emptying a link's target without following": (guest) => guest.open("to-file", { oflags: flags.trunc }),
  "attributes behind a link": (guest) => guest.stat("to-file", { lookup }),
  "setting times behind a link": (guest) =>
    guest.call("path_filestat_set_times", 3, lookup, ...guest.strings("to-file"), 1n, 1n, 5),
  "reading below a link": (guest) => guest.contents("to-dir/secret"),
  "reading below an absolute link": (guest) => guest.contents("to-dir-absolute/secret"),
  "reading below a winding link": (guest) => guest.contents("winding/secret"),
  "reading below a chain of links": (guest) => guest.contents("chain/secret"),
  "making a file below a link": (guest) => guest.open("to-dir/made", { oflags: creat }),
  "making a file below an absolute link": (guest) => guest.open("to-dir-absolute/made", { oflags: creat }),
  "writing below a link": (guest) => guest.open("to-dir/secret", { rights: write }),
  "making a directory below a link": (guest) => guest.mkdir("to-dir/made"),
  "removing a directory below a link": (guest) => guest.rmdir("to-dir/empty"),
  "unlinking below a link": (guest) => guest.unlink("to-dir/secret"),
  "renaming out below a link": (guest) => guest.rename("file", "to-dir/made"),
  "renaming in from below a link": (guest) => guest.rename("to-dir/secret", "made"),
  "renaming out above the root": (guest) => guest.rename("file", "../outside/made"),
  "hard-linking a file below a link": (guest) => guest.link("to-dir/secret", "made"),
  "hard-linking into a directory below a link": (guest) => guest.link("file", "to-dir/made"),
  "making a link below a link": (guest) => guest.symlink("secret", "to-dir/made"),
  "attributes below a link": (guest) => guest.stat("to-dir/secret"),
  "reading a link below a link": (guest) => guest.readlink("to-dir/link"),
  "setting times below a link": (guest) =>
    guest.call("path_filestat_set_times", 3, 0, ...guest.strings("to-dir/secret"), 1n, 1n, 5),
  "opening a directory through a link": (guest) => guest.open("to-dir", { lookup, oflags: flags.directory }),
  "opening a directory through a link and a slash": (guest) => guest.open("to-dir/"),
  "making a file through a dangling link": (guest) => guest.open("dangling", { lookup, oflags: creat }),
  "making a directory through a dangling link": (guest) => guest.mkdir("dangling"),
  "a link of the guest's own": (guest) => {
    guest.symlink("../outside", "own");
    return guest.contents("own/secret");
  },
  "a dangling link of the guest's own": (guest) => {
    guest.symlink("../outside/made", "own");
    return guest.open("own", { lookup, oflags: creat });
  },
  "a hard link to a link": (guest) => {
    guest.link("to-file", "dir/hard");
    return guest.open("dir/hard", { lookup });
  },
  "reading in a directory replaced by a link": (guest) => {
    const fd = guest.mustOpen("dir", { oflags: flags.directory });
    guest.rename("dir", "moved");
    guest.symlink("../outside", "dir");
    return guest.contents("secret", fd);
  },
  "making in a directory replaced by a link": (guest) => {
    const fd = guest.mustOpen("dir/inner", { oflags: flags.directory });
    guest.rename("dir", "moved");
    guest.symlink("../outside", "dir");
    guest.open("made", { dirfd: fd, oflags: creat });
    return "not seen";
  },
  "unlinking in a directory replaced by a link": (guest) => {
    const fd = guest.mustOpen("dir", { oflags: flags.directory });
    guest.rename("dir", "moved");
    guest.symlink("../outside", "dir");
    return guest.unlink("secret", fd);
  },
  "walking a known way that now leads out": (guest) => {
    guest.mkdir("dir/inner/deep");
    guest.create("dir/inner/deep/secret", "mine");
    guest.contents("dir/inner/deep/secret");
    guest.rename("dir/inner", "moved");
    guest.symlink("../../outside/..", "dir/inner");
    guest.symlink("../outside", "moved/deep2");
    return [guest.contents("dir/inner/outside/secret"), guest.contents("moved/deep2/secret")];
  },
};

describe.for(hosts)("sandbox with $name", ({ open }) => {
  it.for(Object.entries(attacks))("keeps the guest inside against %s", ([, attack]) => {
    const { sandbox, outside, remove } = makePlayground();
    try {
      const before = snapshot(outside);
      using guest = new Client({ preopens: { "/": open(sandbox) } });
      const learnt = attack(guest, outside);
      expect(snapshot(outside)).toEqual(before);
      expect(typeof learnt === "string" || Array.isArray(learnt)).toBe(true);
      expect(String(learnt)).not.toContain(secret);
      expect(["success", "link", "secret"]).not.toContain(learnt);
    } finally {
      remove();
    }
  });

  it("keeps the guest away from where process links lead", () => {
    using guest = new Client({ preopens: { "/proc": open("/proc/self") } });
    for (const path of [
      "root/etc/passwd",
      "cwd/package.json",
      "exe",
      "fd/0",
      "root/",
      "cwd/",
      "task/../root/",
    ]) {
      expect(guest.open(path, { lookup })).toBeTypeOf("string");
      expect(guest.stat(path, { lookup })).toBeTypeOf("string");
    }
  });

  it("lets read-only preopens be read and nothing else", () => {
    const { sandbox, remove } = makePlayground();
    try {
      const before = snapshot(sandbox);
      const directory = open(sandbox);
      using guest = new Client({
        preopens: { "/": { directory, dirPerms: "read", filePerms: "read" }, "/rw": directory },
      });
      expect(guest.contents("file")).toBe("contents");
      expect(guest.names("dir")).toEqual(["file", "inner"]);
      const denied = [
        guest.open("file", { rights: read | write }),
        guest.open("new", { oflags: creat }),
        guest.open("file", { oflags: flags.trunc }),
        guest.mkdir("new"),
        guest.rmdir("dir/inner"),
        guest.unlink("file"),
        guest.symlink("file", "new"),
        guest.link("file", "new"),
        guest.link("file", "new", { newDirfd: 4 }),
        guest.link("file", "new", { dirfd: 4 }),
        guest.rename("file", "new"),
        guest.rename("file", "new", { newDirfd: 4 }),
        guest.rename("file", "new", { dirfd: 4 }),
        guest.call("path_filestat_set_times", 3, 0, ...guest.strings("file"), 1n, 1n, 5),
        guest.call("fd_filestat_set_times", 3, 1n, 1n, 5),
        guest.call("fd_filestat_set_times", guest.mustOpen("file"), 1n, 1n, 5),
        guest.call("fd_filestat_set_size", guest.mustOpen("file"), 0n),
        guest.mkdir("new", guest.mustOpen("dir", { oflags: flags.directory })),
      ];
      expect(denied).toEqual(denied.map(() => "perm"));
      expect(snapshot(sandbox)).toEqual(before);
    } finally {
      remove();
    }
  });

  it("lets write-only preopens be written and nothing else", () => {
    const { sandbox, remove } = makePlayground();
    try {
      using guest = new Client({
        preopens: { "/": { directory: open(sandbox), dirPerms: "write", filePerms: "write" } },
      });
      expect(guest.mkdir("made")).toBe("success");
      expect(guest.open("file")).toBe("perm");
      expect(guest.stat("file")).toBe("perm");
      expect(guest.readlink("to-file")).toBe("<perm>");
      expect(guest.call("fd_readdir", 3, guest.scratch, 100, 0n, guest.result)).toBe("perm");
    } finally {
      remove();
    }
  });

  it.skipIf(process.platform === "win32")("does not wait for the other end of a pipe", () => {
    const { sandbox, remove } = makePlayground();
    try {
      execFileSync("mkfifo", [join(sandbox, "pipe")]);
      using guest = new Client({ preopens: { "/": open(sandbox) } });
      const fd = guest.mustOpen("pipe");
      expect(guest.read(fd)).toBe("");
      expect(guest.seek(fd, 0n, 0)).toBe("spipe");
      expect(guest.fdstat(fd)).toMatchObject({ filetype: 0 });
      guest.must("fd_close", fd);
      expect(guest.open("pipe", { rights: write })).toBe("nxio");
    } finally {
      remove();
    }
  });
});

const swapper = `
  const { renameSync } = require("node:fs");
  const { workerData, parentPort } = require("node:worker_threads");
  const { stop, sandbox } = workerData;
  parentPort.postMessage("ready");
  while (Atomics.load(stop, 0) === 0) {
    renameSync(sandbox + "/d", sandbox + "/real");
    renameSync(sandbox + "/link", sandbox + "/d");
    renameSync(sandbox + "/d", sandbox + "/link");
    renameSync(sandbox + "/real", sandbox + "/d");
  }`;

describe.skipIf(!hasHandles)("a race with a process that renames, on directory handles", () => {
  it("leads nowhere else", async () => {
    const { sandbox, outside, remove } = makePlayground();
    mkdirSync(join(sandbox, "d/e/f"), { recursive: true });
    mkdirSync(join(outside, "e/f"), { recursive: true });
    writeFileSync(join(sandbox, "d/secret"), "mine");
    writeFileSync(join(sandbox, "d/e/f/secret"), "mine");
    writeFileSync(join(outside, "e/f/secret"), secret);
    symlinkSync("../outside", join(sandbox, "link"));
    const before = snapshot(outside);
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(swapper, { eval: true, workerData: { stop, sandbox } });
    try {
      await new Promise((resolve) => worker.once("message", resolve));
      using guest = new Client({ preopens: { "/": hostDirectory(sandbox) }, maxOpenFiles: 16 });
      let mine = 0;
      for (let round = 0; round < 1000; round++) {
        for (const path of ["d/secret", "d/e/f/secret"]) {
          const contents = guest.contents(path);
          expect(contents).not.toBe(secret);
          if (contents === "mine") mine++;
        }
        guest.mkdir(`d/made-${round}`);
        guest.unlink("d/e/f/link");
        guest.symlink("secret", "d/e/f/link");
      }
      expect(mine).toBeGreaterThan(0);
    } finally {
      Atomics.store(stop, 0, 1);
      await worker.terminate();
      expect(snapshot(outside)).toEqual(before);
      remove();
    }
  });
});
