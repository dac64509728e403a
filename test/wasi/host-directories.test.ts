import {
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
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { platform } from "#platform";
import type { HostFileSystem } from "../../src/host/platform.ts";
import { hostDirectory } from "../../src/index.ts";
import { Errno, errnoOf } from "../../src/wasi/errno.ts";
import type { Directory } from "../../src/wasi/fs/directory.ts";
import { descriptorPrefix } from "../../src/wasi/fs/handle-directory.ts";
import { HostStats } from "../../src/wasi/fs/host-stat.ts";
import { PortableDirectory } from "../../src/wasi/fs/portable-directory.ts";
import { hasHandles, hostBackends } from "./backends.ts";
import { Client, flags } from "./client.ts";

const fileSystem = platform.fileSystem!;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wasmlink-host-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Name of the errno a call fails with. */
function failure(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    const errno = errnoOf(error);
    return Object.entries(Errno).find(([, number]) => number === errno)?.[0] ?? String(error);
  }
  return "success";
}

function portable(host: Partial<HostFileSystem>): Directory {
  return new PortableDirectory(
    { ...fileSystem, ...host },
    new HostStats(),
    folder,
    fileSystem.lstat(folder)!,
  );
}

describe("a directory on Windows", () => {
  it("has no names that mean something else there", () => {
    const directory = portable({ family: "windows" });
    for (const name of [
      "a\\b",
      "c:",
      "con",
      "NUL.txt",
      "lpt1",
      "dot.",
      "space ",
      "a*",
      "a?",
      "a\x01",
      "<",
      '"',
    ]) {
      expect(failure(() => directory.makeDirectory(name))).toBe("noent");
    }
    for (const name of ["console", "a.b", ".hidden", "nul1", "ünïcode"]) directory.makeDirectory(name);
    expect(readdirSync(folder)).toHaveLength(5);
  });

  it("makes no symbolic links", () => {
    expect(failure(() => portable({ family: "windows" }).symlink("target", "link"))).toBe("notsup");
  });
});

describe("a directory where hard links follow symbolic ones", () => {
  it("hard-links no symbolic links", () => {
    const directory = portable({ family: "posix" });
    writeFileSync(join(folder, "file"), "contents");
    symlinkSync("file", join(folder, "link"));
    expect(failure(() => directory.link("link", directory, "hard"))).toBe("notsup");
    directory.link("file", directory, "hard");
    expect(readFileSync(join(folder, "hard"), "utf8")).toBe("contents");
  });
});

describe("descriptorPrefix", () => {
  const prefixWith = (host: Partial<HostFileSystem>) => descriptorPrefix({ ...fileSystem, ...host });

  it("is undefined on other systems", () => {
    expect(prefixWith({ family: "posix" })).toBeUndefined();
    expect(prefixWith({ family: "windows" })).toBeUndefined();
  });

  it.skipIf(!hasHandles)(
    "is undefined where /proc is missing, stands for others, or links are followed",
    () => {
      expect(prefixWith({})).toBe(`/proc/${process.pid}/fd/`);
      const missing = () => fileSystem.readLink("/no/such/link");
      expect(prefixWith({ readLink: missing })).toBeUndefined();
      const other = () => fileSystem.lstat(folder);
      expect(prefixWith({ lstat: other })).toBeUndefined();
      expect(prefixWith({ lstat: () => undefined })).toBeUndefined();
      const following = (path: string, set: number) =>
        fileSystem.open(path, set & ~fileSystem.flags.NOFOLLOW);
      expect(prefixWith({ open: following })).toBeUndefined();
    },
  );

  it.skipIf(!hasHandles)("hides no mistake", () => {
    const mistake = new TypeError("a mistake");
    const failing = () => {
      throw mistake;
    };
    expect(() => prefixWith({ readLink: failing })).toThrow(mistake);
  });
});

describe.each(hostBackends)("host files on $name", (backend) => {
  function withClient(run: (client: Client, path: string) => void): void {
    const scratch = backend.create();
    try {
      using client = new Client({ preopens: { "/": scratch.directory } });
      run(client, scratch.hostPath!);
    } finally {
      scratch.remove();
    }
  }

  it.skipIf(process.platform !== "linux")(
    "leaves out names that are not UTF-8, and tells such targets",
    () => {
      withClient((client, path) => {
        const invalid = Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0x66, 0xff])]);
        writeFileSync(invalid, "");
        writeFileSync(join(path, "replacement \uFFFD"), "");
        writeFileSync(join(path, "file"), "");
        symlinkSync(Buffer.from([0xff]), join(path, "link"));
        expect(client.names()).toEqual(["file", "link", "replacement \uFFFD"]);
        expect(client.readlink("link")).toBe("<ilseq>");
        expect(client.open("link", { lookup: flags.follow })).toBe("ilseq");
      });
    },
  );

  it("gives the times of the host where the guest has set none", () => {
    withClient((client, path) => {
      client.create("file");
      const before = client.mustStat("file");
      client.must("path_filestat_set_times", 3, 0, ...client.strings("file"), 123_456_789n, 987_654_321n, 5);
      expect(client.stat("file")).toMatchObject({ atim: 123_456_789n, mtim: 987_654_321n });
      writeFileSync(join(path, "file"), "changed");
      expect(client.mustStat("file").mtim).toBeGreaterThanOrEqual(before.mtim);
      expect(client.mustStat("file").atim).toBe(123_456_789n);
    });
  });

  it("passes the errors of the host on as errnos", () => {
    withClient((client, path) => {
      mkdirSync(join(path, "dir"));
      expect(client.open("x".repeat(256))).toBe("nametoolong");
      expect(client.rename("dir", "dir/x")).toBe("inval");
      expect(client.open("dir/x/y")).toBe("noent");
    });
  });
});

describe.skipIf(!hasHandles)("directories walked before", () => {
  it("hold a few descriptors, and none after the context is closed", () => {
    const openFiles = () => readdirSync("/proc/self/fd").length;
    const before = openFiles();
    for (let index = 0; index < 40; index++) {
      mkdirSync(join(folder, `d${index}/e`), { recursive: true });
      writeFileSync(join(folder, `d${index}/e/file`), String(index));
    }
    const client = new Client({ preopens: { "/": hostDirectory(folder) } });
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 40; index++) {
        expect(client.contents(`d${index}/e/file`)).toBe(String(index));
        expect(client.contents(`d${index}/e/file`)).toBe(String(index));
      }
    }
    expect(openFiles()).toBeLessThanOrEqual(before + 1 + 16);
    expect(client.rename("d39/e/file", "d38/e/moved")).toBe("success");
    expect(client.contents("d38/e/moved")).toBe("39");
    client[Symbol.dispose]();
    expect(openFiles()).toBe(before);
  });
});
