import { statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isatty } from "node:tty";
import { describe, expect, it } from "vitest";
import type { WasiOptions } from "../../src/index.ts";
import { backends, hostBackends } from "./backends.ts";
import { Client, flags, read, write } from "./client.ts";

// What wasmtime tests of preview 1 beyond the common suite, under the names of its tests.

const contents = "read only test file\n";

describe.for(backends)("wasmtime's cases on $name", (backend) => {
  function withClient(run: (client: Client) => void, options: WasiOptions = {}): void {
    const scratch = backend.create();
    const readOnly = backend.create({ "test.txt": contents });
    try {
      using client = new Client({
        ...options,
        preopens: {
          ".": scratch.directory,
          readonly: { directory: readOnly.directory, dirPerms: "read", filePerms: "read" },
        },
      });
      run(client);
    } finally {
      scratch.remove();
      readOnly.remove();
    }
  }

  it("file_hardlink_across_perms", () => {
    withClient((client) => {
      expect(client.link("test.txt", "alias.txt", { dirfd: 4, newDirfd: 3 })).toBe("perm");
      expect(client.contents("test.txt", 4)).toBe(contents);
    });
  });

  it("file_rename_across_perms", () => {
    withClient((client) => {
      expect(client.rename("test.txt", "test.txt", { dirfd: 4, newDirfd: 3 })).toBe("perm");
      expect(client.contents("test.txt", 4)).toBe(contents);
    });
  });

  it("file_truncation_readonly", () => {
    withClient((client) => {
      for (const fdflags of [0, flags.nonblock]) {
        expect(client.open("test.txt", { dirfd: 4, oflags: flags.trunc, fdflags })).toBe("perm");
        expect(client.contents("test.txt", 4)).toBe(contents);
      }
    });
  });

  it("path_open_lots", () => {
    withClient((client) => {
      client.create("file");
      for (let round = 0; round < 2000; round++) {
        const fd = client.mustOpen("file", { rights: read | write });
        expect(fd).toBe(5);
        expect(client.write(fd, "x")).toBe(1);
        client.must("fd_close", fd);
      }
      expect(client.contents("file")).toBe("x");
    });
  });

  it("poll_oneoff_files", () => {
    withClient((client) => {
      client.create("readable", "x");
      const readable = client.mustOpen("readable");
      const writable = client.mustOpen("writable", { oflags: flags.creat, rights: write });
      const subscribe = (fds: readonly [number, number]) => {
        client.bytes.fill(0, 8192, 8192 + 96);
        fds.forEach((fd, index) => {
          client.view.setUint8(8192 + index * 48 + 8, index + 1);
          client.view.setUint32(8192 + index * 48 + 16, fd, true);
        });
        return client.call("poll_oneoff", 8192, 16_384, 2, client.result);
      };
      expect(subscribe([readable, writable])).toBe("success");
      expect(client.u32()).toBe(2);
      expect([client.bytes[16_384 + 10], client.bytes[16_384 + 32 + 10]]).toEqual([1, 2]);
      expect(subscribe([-1, -1])).toBe("badf");
    });
  });

  it("sleep_quickly_but_lots", () => {
    withClient((client) => {
      const fd = client.mustOpen("hello.txt", { oflags: flags.creat, rights: read | write });
      client.bytes.fill(0, 8192, 8192 + 192);
      for (const [index, type] of [0, 0, 1, 2].entries()) {
        client.view.setUint8(8192 + index * 48 + 8, type);
        client.view.setUint32(8192 + index * 48 + 16, type === 0 ? 1 : fd, true);
      }
      for (const count of [1, 2, 4]) {
        for (let round = 0; round < 1000; round++) {
          client.must("poll_oneoff", 8192, 16_384, count, client.result);
        }
      }
    });
  });

  it("regular_file_isatty", () => {
    withClient((client) => {
      const fd = client.mustOpen("file", { oflags: flags.creat, rights: 0n });
      expect(client.fdstat(fd)).toMatchObject({ filetype: 4 });
    });
  });

  it("remove_directory", () => {
    withClient((client) => {
      expect(client.mkdir("dir")).toBe("success");
      expect(client.rmdir("dir")).toBe("success");
      client.create("file");
      expect(client.rmdir("file")).toBe("notdir");
      expect(client.rmdir("file/")).toBe("notdir");
    });
  });

  it("file_read_write", () => {
    withClient((client) => {
      for (const fdflags of [0, flags.nonblock]) {
        const fd = client.mustOpen("file", { oflags: flags.creat, rights: read | write, fdflags });
        client.bytes.set([0, 1, 2, 3], client.scratch);
        client.must("fd_write", fd, client.vectors([4]), 1, client.result);
        client.must("fd_seek", fd, 0n, 0, client.result);
        expect(client.read(fd, 4)).toBe("\0\x01\x02\x03");
        client.must("fd_seek", fd, 2n, 0, client.result);
        expect(client.read(fd, 4)).toBe("\x02\x03");
        client.must("fd_seek", fd, 2n, 0, client.result);
        expect(client.write(fd, "\x01\0")).toBe(2);
        client.must("fd_seek", fd, 0n, 0, client.result);
        expect(client.read(fd, 4)).toBe("\0\x01\x01\0");
        client.must("fd_close", fd);
        expect(client.unlink("file")).toBe("success");
      }
    });
  });

  it("file_write", () => {
    withClient((client) => {
      const text = Array.from({ length: 4096 }, (_, n) => `123456789 ${String(n).padStart(5, "0")} `).join(
        "",
      );
      const fd = client.mustOpen("long_write.txt", { oflags: flags.creat, rights: write });
      expect(client.write(fd, text)).toBe(65_536);
      expect(client.fstat(fd)).toMatchObject({ size: 65_536n });
      const reader = client.mustOpen("long_write.txt");
      expect(client.read(reader, 100)).toBe(text.slice(0, 100));
      expect(client.seek(reader, 65_436n, 0)).toBe(65_436n);
      expect(client.read(reader, 100)).toBe(text.slice(-100));
      expect(client.write(reader, "")).toBe("badf");
    });
  });

  it("cli_hostcall_fuel", () => {
    withClient(
      (client) => {
        expect(client.mkdir("hello world".repeat(500))).toBe("nomem");
        const fd = client.mustOpen("hi", { oflags: flags.creat, rights: read | write });
        for (const [count, lengths] of [
          [1000, []],
          [2, [0, 10_000]],
        ] as const) {
          const vectors = client.vectors(lengths);
          expect(client.call("fd_write", fd, vectors, count, client.result)).toBe("nomem");
          expect(client.call("fd_read", fd, vectors, count, client.result)).toBe("nomem");
          expect(client.call("fd_pwrite", fd, vectors, count, 0n, client.result)).toBe("nomem");
          expect(client.call("fd_pread", fd, vectors, count, 0n, client.result)).toBe("nomem");
        }
        expect(client.call("poll_oneoff", 8192, 16_384, 1000, client.result)).toBe("nomem");
      },
      { hostcallFuel: 5000 },
    );
  });
});

describe.for(hostBackends)("wasmtime's cases of host files on $name", (backend) => {
  it.for([-(2 ** 33), -1, 2 ** 33])("stat_extreme_host_mtime: %s seconds", (seconds) => {
    const scratch = backend.create();
    try {
      const path = join(scratch.hostPath!, "extreme.dat");
      writeFileSync(path, "hello");
      utimesSync(path, new Date(seconds * 1000), new Date(seconds * 1000));
      const before = statSync(path).mtimeMs;
      using client = new Client({ preopens: { "/": scratch.directory } });
      const { size, mtim } = client.mustStat("extreme.dat");
      expect(size).toBe(5n);
      expect(mtim).toBe(seconds < 0 ? 0n : BigInt(seconds) * 1_000_000_000n);
      expect(client.contents("extreme.dat")).toBe("hello");
      client.must("path_filestat_set_times", 3, 0, ...client.strings("extreme.dat"), 5n, 0n, 1);
      expect(client.mustStat("extreme.dat").atim).toBe(5n);
      expect(statSync(path).mtimeMs).toBe(before);
    } finally {
      scratch.remove();
    }
  });
});

describe("wasmtime's cases of standard streams", () => {
  it("stdio_isatty: inherited streams are what the process's are", () => {
    using client = new Client({ stdin: "inherit", stdout: "inherit", stderr: "inherit" });
    for (const fd of [0, 1, 2]) {
      expect(client.fdstat(fd)).toMatchObject({ filetype: isatty(fd) ? 2 : 0 });
    }
  });

  it("stdio_not_isatty: nothing else is a terminal", () => {
    using client = new Client({ stdin: "text", stdout: () => {}, stderr: "null" });
    for (const fd of [0, 1, 2]) expect(client.fdstat(fd)).toMatchObject({ filetype: 0 });
  });

  it("fd_filestat_get: sizes and times are zero", () => {
    using client = new Client({ stdin: "text" });
    for (const fd of [0, 1, 2]) {
      expect(client.fstat(fd)).toMatchObject({ size: 0n, atim: 0n, mtim: 0n, ctim: 0n });
    }
  });

  it("unicode_output", () => {
    const output: string[] = [];
    using client = new Client({ stdout: (chunk) => void output.push(new TextDecoder().decode(chunk)) });
    expect(client.write(1, "مرحبا بكم\n")).toBe(18);
    expect(output).toEqual(["مرحبا بكم\n"]);
  });

  it("cli_much_stdout", () => {
    let length = 0;
    using client = new Client({
      stdout: (chunk) => {
        length += chunk.length;
      },
    });
    for (let round = 0; round < 1000; round++) client.write(1, "x".repeat(1000));
    expect(length).toBe(1_000_000);
  });
});
