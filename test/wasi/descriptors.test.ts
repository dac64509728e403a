import { describe, expect, it } from "vitest";
import { backends } from "./backends.ts";
import { Client, flags, read, write } from "./client.ts";

const filetype = { directory: 3, regularFile: 4, unknown: 0 };

describe.for(backends)("descriptors on $name", (backend) => {
  function withClient(run: (client: Client, hostPath: string | undefined) => void): void {
    const scratch = backend.create({ file: "contents", dir: { inner: "x" } });
    try {
      using client = new Client({ preopens: { "/": scratch.directory } });
      run(client, scratch.hostPath);
    } finally {
      scratch.remove();
    }
  }

  it("path_open gives the lowest free descriptor", () => {
    withClient((client) => {
      const [a, b, c] = [client.mustOpen("file"), client.mustOpen("file"), client.mustOpen("file")];
      expect([a, b, c]).toEqual([4, 5, 6]);
      client.must("fd_close", 5);
      client.must("fd_close", 4);
      expect(client.mustOpen("file")).toBe(4);
      expect(client.mustOpen("file")).toBe(5);
      expect(client.mustOpen("file")).toBe(7);
    });
  });

  it("fd_close closes once", () => {
    withClient((client) => {
      const fd = client.mustOpen("file");
      expect(client.close(fd)).toBe("success");
      expect(client.close(fd)).toBe("badf");
      expect(client.read(fd)).toBe("<badf>");
      expect(client.close(-1)).toBe("badf");
    });
  });

  it("fd_read and fd_write move the cursor, fd_pread and fd_pwrite do not", () => {
    withClient((client) => {
      const fd = client.mustOpen("file", { rights: read | write });
      expect(client.read(fd, 3)).toBe("con");
      expect(client.tell(fd)).toBe(3n);
      expect(client.pread(fd, 4, 4n)).toBe("ents");
      expect(client.write(fd, "TENT")).toBe(4);
      expect(client.pwrite(fd, "C", 0n)).toBe(1);
      expect(client.tell(fd)).toBe(7n);
      expect(client.contents("file")).toBe("ConTENTs");
    });
  });

  it("serve the first buffer that is not empty, whatever the others are", () => {
    withClient((client) => {
      const fd = client.mustOpen("file", { rights: read | write });
      const vectors = client.vectors([0, 3, 100]);
      client.view.setUint32(vectors + 16, 0xffff_0000, true);
      client.must("fd_read", fd, vectors, 1 << 20, client.result);
      expect(client.u32()).toBe(3);
      client.must("fd_pread", fd, vectors, 3, 0n, client.result);
      expect(client.u32()).toBe(3);
      expect(client.textAt(client.scratch, 3)).toBe("con");
      client.must("fd_write", fd, vectors, 3, client.result);
      expect(client.u32()).toBe(3);
      client.must("fd_pwrite", fd, vectors, 3, 8n, client.result);
      expect(client.u32()).toBe(3);
      expect(client.contents("file")).toBe("concontscon");
    });
  });

  it("fd_pread gives 64 KiB at most", () => {
    withClient((client) => {
      const fd = client.mustOpen("file", { rights: read | write });
      client.must("fd_filestat_set_size", fd, 100_000n);
      client.must("fd_pread", fd, client.vectors([70_000]), 1, 0n, client.result);
      expect(client.u32()).toBe(65_536);
      client.must("fd_read", fd, client.vectors([70_000]), 1, client.result);
      expect(client.u32()).toBe(70_000);
    });
  });

  it("fd_write with nothing to write moves and extends nothing", () => {
    withClient((client) => {
      const fd = client.mustOpen("file", { rights: read | write });
      client.must("fd_seek", fd, 50n, 0, client.result);
      expect(client.write(fd, "")).toBe(0);
      expect(client.tell(fd)).toBe(50n);
      expect(client.mustStat("file").size).toBe(8n);
      expect(client.write(fd, "!")).toBe(1);
      expect(client.mustStat("file").size).toBe(51n);
      expect(client.pread(fd, 10, 45n)).toBe("\0\0\0\0\0!");
    });
  });

  it("descriptors opened for one thing only refuse the other", () => {
    withClient((client) => {
      const reader = client.mustOpen("file", { rights: read });
      const writer = client.mustOpen("file", { rights: write });
      expect(client.write(reader, "x")).toBe("badf");
      expect(client.write(reader, "")).toBe("badf");
      expect(client.pwrite(reader, "x", 0n)).toBe("badf");
      expect(client.read(writer)).toBe("<badf>");
      expect(client.pread(writer, 1, 0n)).toBe("<badf>");
      expect(client.call("fd_filestat_set_size", reader, 0n)).toBe("inval");
      expect(client.call("fd_allocate", reader, 0n, 100n)).toBe("badf");
    });
  });

  it("making or emptying a file does not make it writable", () => {
    withClient((client) => {
      const made = client.mustOpen("new", { oflags: flags.creat, rights: read });
      expect(client.write(made, "x")).toBe("badf");
      const emptied = client.mustOpen("file", { oflags: flags.trunc, rights: read });
      expect(client.write(emptied, "x")).toBe("badf");
      expect(client.read(emptied)).toBe("");
    });
  });

  it("fd_seek counts from the start, the cursor and the end", () => {
    withClient((client) => {
      const fd = client.mustOpen("file");
      expect(client.seek(fd, 2n, 0)).toBe(2n);
      expect(client.seek(fd, 3n, 1)).toBe(5n);
      expect(client.seek(fd, -1n, 2)).toBe(7n);
      expect(client.seek(fd, 1_000_000n, 0)).toBe(1_000_000n);
      expect(client.read(fd)).toBe("");
      expect(client.seek(fd, -1n, 0)).toBe("inval");
      expect(client.seek(fd, 0n, 3)).toBe("inval");
      expect(client.seek(fd, 2n ** 62n, 0)).toBe("inval");
      expect(client.seek(3, 0n, 0)).toBe("badf");
      expect(client.seek(0, 0n, 0)).toBe("spipe");
      expect(client.tell(1)).toBe("spipe");
    });
  });

  it("offsets JavaScript cannot count are refused", () => {
    withClient((client) => {
      const fd = client.mustOpen("file", { rights: read | write });
      for (const offset of [-1n, 2n ** 53n, -(2n ** 63n)]) {
        expect(client.pread(fd, 1, offset)).toBe("<inval>");
        expect(client.pwrite(fd, "x", offset)).toBe("inval");
        expect(client.call("fd_filestat_set_size", fd, offset)).toBe("inval");
      }
    });
  });

  it("appending writes at the end whatever the cursor is", () => {
    withClient((client) => {
      const fd = client.mustOpen("file", { rights: read | write, fdflags: flags.append });
      expect(client.fdstat(fd)).toMatchObject({ flags: flags.append });
      client.must("fd_seek", fd, 2n, 0, client.result);
      expect(client.write(fd, "+")).toBe(1);
      expect(client.tell(fd)).toBe(9n);
      expect(client.pwrite(fd, "-", 0n)).toBe(1);
      expect(client.tell(fd)).toBe(9n);
      expect(client.contents("file")).toBe("contents+-");
      client.must("fd_fdstat_set_flags", fd, 0);
      expect(client.pwrite(fd, "C", 0n)).toBe(1);
      expect(client.contents("file")).toBe("Contents+-");
    });
  });

  it("fd_fdstat_set_flags changes append and nonblock only", () => {
    withClient((client) => {
      const fd = client.mustOpen("file", { rights: read | write });
      expect(client.call("fd_fdstat_set_flags", fd, flags.append | flags.nonblock)).toBe("success");
      expect(client.fdstat(fd)).toMatchObject({ flags: flags.append | flags.nonblock });
      for (const refused of [flags.dsync, flags.rsync, flags.sync, 32]) {
        expect(client.call("fd_fdstat_set_flags", fd, refused)).toBe("inval");
      }
      expect(client.call("fd_fdstat_set_flags", 3, 0)).toBe("badf");
      expect(client.call("fd_fdstat_set_flags", 1, 0)).toBe("badf");
    });
  });

  it("fd_fdstat_get tells what a descriptor was opened for", () => {
    withClient((client) => {
      const rightsOf = (fd: number) => {
        const stat = client.fdstat(fd);
        if (typeof stat === "string") throw new Error(stat);
        return { ...stat, canRead: (stat.rights & read) !== 0n, canWrite: (stat.rights & write) !== 0n };
      };
      expect(rightsOf(client.mustOpen("file", { rights: read }))).toMatchObject({
        filetype: filetype.regularFile,
        canRead: true,
        canWrite: false,
      });
      expect(rightsOf(client.mustOpen("file", { rights: write }))).toMatchObject({
        canRead: false,
        canWrite: true,
      });
      expect(rightsOf(client.mustOpen("file", { rights: 0n }))).toMatchObject({
        canRead: true,
        canWrite: false,
      });
      const seekAndSetSize = (1n << 2n) | (1n << 22n);
      const directory = rightsOf(client.mustOpen("dir", { oflags: flags.directory }));
      expect(directory).toMatchObject({ filetype: filetype.directory, canWrite: false });
      expect(directory.rights & seekAndSetSize).toBe(0n);
      const preopen = rightsOf(3);
      expect(preopen.filetype).toBe(filetype.directory);
      expect(preopen.rights & (read | write)).toBe(0n);
      expect(preopen.inheriting & (read | write)).toBe(read | write);
      expect(client.fdstat(99)).toBe("badf");
    });
  });

  it("fd_fdstat_set_rights is not supported", () => {
    withClient((client) => {
      expect(client.call("fd_fdstat_set_rights", 3, 0n, 0n)).toBe("notsup");
      expect(client.call("fd_fdstat_set_rights", 99, 0n, 0n)).toBe("badf");
    });
  });

  it("fd_filestat_set_size and fd_allocate change the size", () => {
    withClient((client) => {
      const fd = client.mustOpen("file", { rights: read | write });
      client.must("fd_filestat_set_size", fd, 3n);
      expect(client.contents("file")).toBe("con");
      client.must("fd_filestat_set_size", fd, 5n);
      expect(client.contents("file")).toBe("con\0\0");
      client.must("fd_allocate", fd, 0n, 2n);
      expect(client.mustStat("file").size).toBe(5n);
      client.must("fd_allocate", fd, 4n, 6n);
      expect(client.mustStat("file").size).toBe(10n);
      expect(client.call("fd_allocate", fd, 0n, 0n)).toBe("inval");
      expect(client.call("fd_allocate", fd, -1n, -1n)).toBe("inval");
    });
  });

  it("fd_filestat_get and path_filestat_get agree", () => {
    withClient((client) => {
      const fd = client.mustOpen("file");
      expect(client.fstat(fd)).toEqual(client.stat("file"));
      const directory = client.mustOpen("dir", { oflags: flags.directory });
      expect(client.fstat(directory)).toEqual(client.stat("dir"));
      expect(client.fstat(3)).toEqual(client.stat("."));
      expect(client.fstat(99)).toBe("badf");
      expect(client.mustStat("file")).toMatchObject({ filetype: filetype.regularFile, size: 8n, nlink: 1n });
      expect(client.mustStat("dir").filetype).toBe(filetype.directory);
    });
  });

  it("fd_filestat_set_times sets exact times, leaves times, and takes the present", () => {
    withClient((client) => {
      const fd = client.mustOpen("file", { rights: read | write });
      const before = client.mustStat("file");
      client.must("fd_filestat_set_times", fd, 123_456_789_012_345_678n, 0n, 1);
      expect(client.mustStat("file")).toMatchObject({ atim: 123_456_789_012_345_678n, mtim: before.mtim });
      client.must("fd_filestat_set_times", fd, 0n, 987_654_321_012_345_679n, 4);
      expect(client.fstat(fd)).toMatchObject({
        atim: 123_456_789_012_345_678n,
        mtim: 987_654_321_012_345_679n,
      });
      client.must("fd_filestat_set_times", fd, 0n, 0n, 2 | 8);
      expect(client.mustStat("file").mtim).toBeGreaterThan(1_500_000_000_000_000_000n);
      for (const refused of [3, 12, 15, 16]) {
        expect(client.call("fd_filestat_set_times", fd, 0n, 0n, refused)).toBe("inval");
      }
      expect(client.call("fd_filestat_set_times", 3, 5n, 7n, 5)).toBe("success");
      expect(client.stat(".")).toMatchObject({ atim: 5n, mtim: 7n });
      expect(client.call("fd_filestat_set_times", 1, 0n, 0n, 2)).toBe("badf");
    });
  });

  it("fd_renumber closes the target and frees the source", () => {
    withClient((client) => {
      const a = client.mustOpen("file");
      const b = client.mustOpen("dir", { oflags: flags.directory });
      expect(client.call("fd_renumber", a, 77)).toBe("badf");
      expect(client.call("fd_renumber", 77, a)).toBe("badf");
      expect(client.call("fd_renumber", a, a)).toBe("success");
      expect(client.call("fd_renumber", a, b)).toBe("success");
      expect(client.read(b)).toBe("contents");
      expect(client.read(a)).toBe("<badf>");
      expect(client.call("fd_renumber", b, 3)).toBe("success");
      expect(client.open("file")).toBe("notdir");
      expect(client.call("fd_renumber", 3, 1)).toBe("success");
      expect(client.seek(1, 0n, 0)).toBe(0n);
    });
  });

  it("fd_sync and fd_datasync take files", () => {
    withClient((client) => {
      const fd = client.mustOpen("file", { rights: read | write });
      expect(client.call("fd_sync", fd)).toBe("success");
      expect(client.call("fd_datasync", fd)).toBe("success");
      expect(client.call("fd_sync", 99)).toBe("badf");
      expect(client.call("fd_datasync", 3)).toBe("badf");
    });
  });

  it("fd_advise checks its arguments", () => {
    withClient((client) => {
      const fd = client.mustOpen("file");
      for (let advice = 0; advice <= 5; advice++) {
        expect(client.call("fd_advise", fd, 0n, 10n, advice)).toBe("success");
      }
      expect(client.call("fd_advise", fd, 0n, 10n, 6)).toBe("inval");
      expect(client.call("fd_advise", 3, 0n, 10n, 0)).toBe("badf");
    });
  });

  it("a file stays readable after it was unlinked", () => {
    withClient((client) => {
      const fd = client.mustOpen("file", { rights: read | write });
      expect(client.unlink("file")).toBe("success");
      expect(client.stat("file")).toBe("noent");
      expect(client.read(fd)).toBe("contents");
      expect(client.write(fd, "!")).toBe(1);
      expect(client.fstat(fd)).toMatchObject({ nlink: 0n, size: 9n });
    });
  });

  it("fd_prestat_get and fd_prestat_dir_name describe preopens", () => {
    withClient((client) => {
      client.must("fd_prestat_get", 3, client.result);
      expect([client.u32(), client.u32(client.result + 4)]).toEqual([0, 1]);
      client.must("fd_prestat_dir_name", 3, client.scratch, 100);
      expect(client.textAt(client.scratch, 1)).toBe("/");
      expect(client.call("fd_prestat_dir_name", 3, client.scratch, 0)).toBe("nametoolong");
      const directory = client.mustOpen("dir", { oflags: flags.directory });
      for (const fd of [0, directory, 99]) {
        expect(client.call("fd_prestat_get", fd, client.result)).toBe("badf");
      }
      expect(client.call("fd_prestat_dir_name", directory, client.scratch, 100)).toBe("notdir");
    });
  });

  it("directories refuse what is for files", () => {
    withClient((client) => {
      for (const fd of [3, client.mustOpen("dir", { oflags: flags.directory })]) {
        expect(client.read(fd)).toBe("<badf>");
        expect(client.write(fd, "x")).toBe("badf");
        expect(client.pread(fd, 1, 0n)).toBe("<badf>");
        expect(client.tell(fd)).toBe("badf");
        expect(client.call("fd_filestat_set_size", fd, 0n)).toBe("badf");
        expect(client.call("fd_allocate", fd, 0n, 1n)).toBe("badf");
      }
    });
  });

  it("limits on open files stop at the number given", () => {
    const scratch = backend.create({ file: "x" });
    try {
      using client = new Client({ preopens: { "/": scratch.directory }, maxOpenFiles: 6 });
      expect([client.open("file"), client.open("file"), client.open("file")]).toEqual([4, 5, "mfile"]);
      client.must("fd_close", 4);
      expect(client.open("file")).toBe(4);
    } finally {
      scratch.remove();
    }
  });
});

describe("standard descriptors", () => {
  it("show no attributes", () => {
    using client = new Client();
    for (const fd of [0, 1, 2]) {
      expect(client.fstat(fd)).toEqual({
        dev: 0n,
        ino: 0n,
        filetype: filetype.unknown,
        nlink: 0n,
        size: 0n,
        atim: 0n,
        mtim: 0n,
        ctim: 0n,
      });
    }
    expect(client.fdstat(0)).toEqual({
      filetype: filetype.unknown,
      flags: 0,
      rights: read,
      inheriting: read,
    });
    expect(client.fdstat(1)).toEqual({
      filetype: filetype.unknown,
      flags: 0,
      rights: write,
      inheriting: write,
    });
  });

  it("have no positions and one direction", () => {
    using client = new Client({ stdin: "input" });
    expect(client.pread(0, 1, 0n)).toBe("<spipe>");
    expect(client.pwrite(1, "x", 0n)).toBe("spipe");
    expect(client.read(1)).toBe("<badf>");
    expect(client.write(0, "x")).toBe("badf");
    expect(client.read(0, 3)).toBe("inp");
  });

  it("can be closed and their numbers used again", () => {
    using client = new Client({ stdin: "input" });
    client.must("fd_close", 0);
    expect(client.read(0)).toBe("<badf>");
    client.must("fd_close", 1);
    expect(client.write(1, "x")).toBe("badf");
    expect(client.write(2, "x")).toBe(1);
  });
});
