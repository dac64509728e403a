import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Backend, backends, type Scratch } from "./backends.ts";
import { Client, flags, read, write } from "./client.ts";

const filetype = { directory: 3, regularFile: 4, symbolicLink: 7 };
const tree = { file: "contents", dir: { inner: "inside", sub: { deep: { leaf: "leaf" } } } };

function withClient(backend: Backend, run: (client: Client, scratch: Scratch) => void): void {
  const scratch = backend.create(tree);
  try {
    using client = new Client({ preopens: { "/": scratch.directory } });
    run(client, scratch);
  } finally {
    scratch.remove();
  }
}

describe.for(backends)("paths on $name", (backend) => {
  it("path_open walks down, over dots and doubled slashes", () => {
    withClient(backend, (client) => {
      expect(client.contents("dir/sub/deep/leaf")).toBe("leaf");
      expect(client.contents("./dir//sub/./deep/../deep/leaf")).toBe("leaf");
      expect(client.contents("dir/../file")).toBe("contents");
      expect(client.contents("dir/sub/../../file")).toBe("contents");
    });
  });

  it("paths walked before lead to where they lead now", () => {
    withClient(backend, (client) => {
      expect(client.contents("dir/sub/deep/leaf")).toBe("leaf");
      expect(client.contents("dir/sub/deep/leaf")).toBe("leaf");
      expect(client.rename("dir/sub", "moved")).toBe("success");
      expect(client.contents("dir/sub/deep/leaf")).toBe("<noent>");
      expect(client.mkdir("dir/sub")).toBe("success");
      expect(client.mkdir("dir/sub/deep")).toBe("success");
      expect(client.contents("dir/sub/deep/leaf")).toBe("<noent>");
      client.create("dir/sub/deep/leaf", "new leaf");
      expect(client.contents("dir/sub/deep/leaf")).toBe("new leaf");
      expect(client.unlink("dir/sub/deep/leaf")).toBe("success");
      expect(client.rmdir("dir/sub/deep")).toBe("success");
      expect(client.contents("dir/sub/deep/leaf")).toBe("<noent>");
      expect(client.symlink("../../file", "dir/sub/deep")).toBe("success");
      expect(client.contents("dir/sub/deep/leaf")).toBe("<notdir>");
    });
  });

  it("paths that leave the directory are not permitted", () => {
    withClient(backend, (client) => {
      for (const path of ["..", "../x", "/", "/file", "dir/../..", "dir/../../x", "../"]) {
        expect(client.open(path)).toBe("perm");
        expect(client.stat(path)).toBe("perm");
        expect(client.mkdir(path)).toBe("perm");
        expect(client.unlink(path)).toBe("perm");
      }
    });
  });

  it("empty, overlong and malformed paths fail each in its way", () => {
    withClient(backend, (client) => {
      expect(client.open("")).toBe("noent");
      expect(client.open("a\0b")).toBe("inval");
      expect(client.open(Uint8Array.of(0xff, 0xfe))).toBe("ilseq");
      expect(client.open(Uint8Array.of(0xed, 0xa0, 0x80))).toBe("ilseq");
      expect(client.open("x".repeat(300))).toBe("nametoolong");
      expect(client.open("x/".repeat(4000))).toBe("nametoolong");
      expect(client.mkdir("x".repeat(256))).toBe("nametoolong");
      expect(client.mkdir("ä".repeat(127))).toBe("success");
      expect(client.open("nothing/../file")).toBe("noent");
      expect(client.open("file/x")).toBe("notdir");
    });
  });

  it("path_open follows its flags", () => {
    withClient(backend, (client) => {
      expect(client.open("new")).toBe("noent");
      expect(client.open("file", { oflags: flags.creat | flags.excl })).toBe("exist");
      expect(client.open("file", { oflags: flags.directory })).toBe("notdir");
      expect(client.open("dir", { rights: read | write })).toBe("isdir");
      expect(client.open("dir", { oflags: flags.creat })).toBe("isdir");
      expect(client.open(".", { oflags: flags.creat })).toBe("isdir");
      expect(client.open(".", { oflags: flags.creat | flags.excl })).toBe("exist");
      for (const more of [flags.creat, flags.excl, flags.trunc]) {
        expect(client.open("dir", { oflags: flags.directory | more })).toBe("inval");
      }
      expect(client.open("file", { oflags: 16 })).toBe("inval");
      expect(client.open("file", { fdflags: 32 })).toBe("inval");
      expect(client.open("file", { lookup: 2 })).toBe("inval");
      expect(client.open("x", { dirfd: 99 })).toBe("badf");
      expect(client.open("x", { dirfd: 1 })).toBe("badf");
      expect(client.open("x", { dirfd: client.mustOpen("file") })).toBe("notdir");
      for (const fdflags of [flags.dsync, flags.sync, flags.rsync, flags.nonblock]) {
        const fd = client.mustOpen("file", { fdflags, rights: read | write });
        expect(client.fdstat(fd)).toMatchObject({ flags: fdflags });
        expect(client.write(fd, "c")).toBe(1);
      }
      expect(client.contents("file")).toBe("contents");
    });
  });

  it("path_open opens the directory itself", () => {
    withClient(backend, (client) => {
      for (const path of [".", "./", "dir/..", "dir/sub/../.."]) {
        const fd = client.mustOpen(path, { oflags: flags.directory, fdflags: flags.nonblock });
        expect(client.contents("file", fd)).toBe("contents");
        client.must("fd_close", fd);
      }
      const dir = client.mustOpen("dir", { oflags: flags.directory });
      expect(client.contents("inner", dir)).toBe("inside");
      expect(client.open("..", { dirfd: dir })).toBe("perm");
      expect(client.open("../file", { dirfd: dir })).toBe("perm");
    });
  });

  it("an open directory stays itself when it is renamed", () => {
    withClient(backend, (client) => {
      const dir = client.mustOpen("dir", { oflags: flags.directory });
      expect(client.rename("dir", "other")).toBe("success");
      const outcome = client.contents("inner", dir);
      // Known by its path only, it cannot be found again, but nothing else is taken for it.
      expect(backend.name === "portable paths" ? "<noent>" : "inside").toBe(outcome);
    });
  });

  it("trailing slashes ask for directories", () => {
    withClient(backend, (client) => {
      expect(client.open("file/")).toBe("notdir");
      expect(client.stat("file/")).toBe("notdir");
      expect(client.unlink("file/")).toBe("notdir");
      expect(client.unlink("dir/")).toBe("isdir");
      expect(client.unlink("nothing/")).toBe("noent");
      expect(client.rmdir("file/")).toBe("notdir");
      expect(client.open("new/", { oflags: flags.creat })).toBe("isdir");
      expect(client.open("file/", { oflags: flags.creat })).toBe("notdir");
      expect(client.mkdir("made/")).toBe("success");
      expect(client.rename("file/", "x")).toBe("notdir");
      expect(client.rename("file", "x/")).toBe("notdir");
      expect(client.rename("made/", "renamed/")).toBe("success");
      expect(client.rmdir("renamed/")).toBe("success");
      expect(client.link("file", "linked/")).toBe("noent");
      expect(client.link("file/", "linked")).toBe("notdir");
      expect(client.symlink("file", "symlinked/")).toBe("noent");
      expect(client.symlink("file", "dir/")).toBe("exist");
      expect(client.symlink("file", "file/")).toBe("notdir");
    });
  });

  it("directories are made and removed", () => {
    withClient(backend, (client) => {
      expect(client.mkdir("made")).toBe("success");
      expect(client.mkdir("made")).toBe("exist");
      expect(client.mkdir("file")).toBe("exist");
      expect(client.mkdir(".")).toBe("exist");
      expect(client.mkdir("nothing/made")).toBe("noent");
      expect(client.rmdir("dir")).toBe("notempty");
      expect(client.rmdir("file")).toBe("notdir");
      expect(client.rmdir("nothing")).toBe("noent");
      expect(client.rmdir(".")).toBe("inval");
      expect(client.rmdir("made")).toBe("success");
      expect(client.stat("made")).toBe("noent");
    });
  });

  it("nothing can be made in a removed directory", () => {
    withClient(backend, (client) => {
      expect(client.mkdir("made")).toBe("success");
      const fd = client.mustOpen("made", { oflags: flags.directory });
      expect(client.rmdir("made")).toBe("success");
      expect(client.mkdir("x", fd)).toBe("noent");
      expect(client.open("x", { dirfd: fd, oflags: flags.creat })).toBe("noent");
    });
  });

  it("path_unlink_file removes files and links, not directories", () => {
    withClient(backend, (client) => {
      expect(client.unlink("dir")).toBe("isdir");
      expect(client.unlink(".")).toBe("isdir");
      expect(client.unlink("nothing")).toBe("noent");
      expect(client.symlink("dir", "link")).toBe("success");
      expect(client.unlink("link")).toBe("success");
      expect(client.unlink("file")).toBe("success");
      expect(client.names()).toEqual(["dir"]);
      expect(client.names("dir")).toEqual(["inner", "sub"]);
    });
  });

  it("path_rename moves and replaces as POSIX has it", () => {
    withClient(backend, (client) => {
      client.create("other", "other");
      expect(client.mkdir("empty")).toBe("success");
      expect(client.rename("file", "other")).toBe("success");
      expect(client.contents("other")).toBe("contents");
      expect(client.rename("other", "dir")).toBe("isdir");
      expect(client.rename("dir", "other")).toBe("notdir");
      expect(client.rename("empty", "dir")).toBe("notempty");
      expect(client.rename("dir", "empty")).toBe("success");
      expect(client.contents("empty/inner")).toBe("inside");
      expect(client.rename("empty", "empty/sub/x")).toBe("inval");
      expect(client.rename("nothing", "x")).toBe("noent");
      expect(client.rename("other", "empty/sub/moved")).toBe("success");
      expect(client.contents("empty/sub/moved")).toBe("contents");
      expect(client.rename(".", "x")).toBe("busy");
      expect(client.rename("empty", ".")).toBe("busy");
    });
  });

  it("renaming between two names of one file changes nothing", () => {
    withClient(backend, (client) => {
      expect(client.link("file", "same")).toBe("success");
      expect(client.rename("file", "same")).toBe("success");
      expect(client.names()).toEqual(["dir", "file", "same"]);
    });
  });

  it("path_link makes hard links", () => {
    withClient(backend, (client) => {
      expect(client.link("file", "dir/hard")).toBe("success");
      expect(client.mustStat("file").nlink).toBe(2n);
      expect(client.mustStat("dir/hard").ino).toBe(client.mustStat("file").ino);
      const fd = client.mustOpen("dir/hard", { rights: write });
      client.write(fd, "C");
      expect(client.contents("file")).toBe("Contents");
      expect(client.unlink("file")).toBe("success");
      expect(client.mustStat("dir/hard").nlink).toBe(1n);
      expect(client.link("dir", "x")).toBe("perm");
      expect(client.link(".", "x")).toBe("perm");
      expect(client.link("dir/hard", "dir/inner")).toBe("exist");
      expect(client.link("dir/hard", ".")).toBe("exist");
      expect(client.link("nothing", "x")).toBe("noent");
      expect(client.link("dir/hard", "x", { lookup: flags.follow })).toBe("inval");
    });
  });

  it("symbolic links are followed where asked, and where a slash says so", () => {
    withClient(backend, (client) => {
      expect(client.symlink("file", "link")).toBe("success");
      expect(client.symlink("dir", "dirlink")).toBe("success");
      expect(client.mustStat("link")).toMatchObject({ filetype: filetype.symbolicLink, size: 4n });
      expect(client.mustStat("link", { lookup: flags.follow })).toMatchObject({
        filetype: filetype.regularFile,
      });
      expect(client.open("link")).toBe("loop");
      expect(client.open("dirlink", { oflags: flags.directory })).toBe("notdir");
      const followed = client.mustOpen("link", { lookup: flags.follow });
      expect(client.read(followed)).toBe("contents");
      expect(client.contents("dirlink/inner")).toBe("inside");
      expect(client.mustStat("dirlink/")).toMatchObject({ filetype: filetype.directory });
      expect(client.stat("link/")).toBe("notdir");
      expect(client.mustOpen("dirlink/")).toBeTypeOf("number");
      expect(client.rmdir("dirlink")).toBe("notdir");
      expect(client.rmdir("dirlink/")).toBe("notdir");
      expect(client.mkdir("dirlink")).toBe("exist");
      expect(client.mkdir("dirlink/new")).toBe("success");
      expect(client.names("dir")).toEqual(["inner", "new", "sub"]);
      expect(client.rename("dirlink", "renamed")).toBe("success");
      expect(client.readlink("renamed")).toBe("dir");
    });
  });

  it("links may lead up and down inside the directory", () => {
    withClient(backend, (client) => {
      expect(client.symlink("../file", "dir/up")).toBe("success");
      expect(client.symlink("../../dir/./inner", "dir/sub/around")).toBe("success");
      expect(client.symlink("dir/up", "chain")).toBe("success");
      const lookup = flags.follow;
      for (const [path, contents] of [
        ["dir/up", "contents"],
        ["dir/sub/around", "inside"],
        ["chain", "contents"],
      ] as const) {
        expect(client.read(client.mustOpen(path, { lookup }))).toBe(contents);
        expect(client.read(client.mustOpen(path, { lookup }))).toBe(contents);
      }
    });
  });

  it("links that lead outside are not permitted", () => {
    withClient(backend, (client, { hostPath }) => {
      const lookup = flags.follow;
      expect(client.symlink("/etc/passwd", "absolute")).toBe("perm");
      expect(client.symlink("../outside", "out")).toBe("success");
      expect(client.symlink("../../../out/and/back", "dir/outside")).toBe("success");
      for (const path of ["out", "out/x", "dir/outside", "dir/outside/x"]) {
        expect(client.open(path, { lookup })).toBe("perm");
        expect(client.open(path, { lookup, oflags: flags.creat })).toBe("perm");
        expect(client.stat(path, { lookup })).toBe("perm");
      }
      if (hostPath === undefined) return;
      symlinkSync(join(hostPath, "file"), join(hostPath, "absolute"));
      expect(client.open("absolute", { lookup })).toBe("perm");
      expect(client.readlink("absolute")).toBe(join(hostPath, "file"));
    });
  });

  it("loops of links end", () => {
    withClient(backend, (client) => {
      expect(client.symlink("b", "a")).toBe("success");
      expect(client.symlink("a", "b")).toBe("success");
      expect(client.symlink("self/x", "self")).toBe("success");
      expect(client.open("a", { lookup: flags.follow })).toBe("loop");
      expect(client.open("a/x")).toBe("loop");
      expect(client.stat("self", { lookup: flags.follow })).toBe("loop");
      expect(client.stat("self")).toMatchObject({ filetype: filetype.symbolicLink });
    });
  });

  it("dangling links make their target only with creat and follow", () => {
    withClient(backend, (client) => {
      expect(client.symlink("dir/made", "dangling")).toBe("success");
      expect(client.open("dangling", { lookup: flags.follow })).toBe("noent");
      expect(client.open("dangling", { oflags: flags.creat })).toBe("loop");
      expect(client.open("dangling", { lookup: flags.follow, oflags: flags.creat | flags.excl })).toBe(
        "exist",
      );
      expect(client.open("dangling", { lookup: flags.follow, oflags: flags.creat })).toBeTypeOf("number");
      expect(client.names("dir")).toEqual(["inner", "made", "sub"]);
    });
  });

  it("path_readlink gives the target, cut off at the buffer's end", () => {
    withClient(backend, (client) => {
      expect(client.symlink("some/ünicode", "link")).toBe("success");
      expect(client.readlink("link")).toBe("some/ünicode");
      expect(client.readlink("link", { size: 4 })).toBe("some");
      expect(client.readlink("link", { size: 0 })).toBe("");
      expect(client.readlink("file")).toBe("<inval>");
      expect(client.readlink("dir")).toBe("<inval>");
      expect(client.readlink(".")).toBe("<inval>");
      expect(client.readlink("nothing")).toBe("<noent>");
      expect(client.symlink("", "empty")).toBe("noent");
      expect(client.symlink("a\0b", "nul")).toBe("inval");
      expect(client.symlink("x", "file")).toBe("exist");
      expect(client.symlink("x", ".")).toBe("exist");
    });
  });

  it("path_filestat_set_times sets the link's times or the target's", () => {
    withClient(backend, (client) => {
      expect(client.symlink("file", "link")).toBe("success");
      const set = (path: string, lookup: number, atim: bigint, mtim: bigint, fst = 5) =>
        client.call("path_filestat_set_times", 3, lookup, ...client.strings(path), atim, mtim, fst);
      expect(set("link", 0, 1_000_000_001n, 2_000_000_002n)).toBe("success");
      expect(client.stat("link")).toMatchObject({ atim: 1_000_000_001n, mtim: 2_000_000_002n });
      expect(set("link", flags.follow, 3_000_000_003n, 4_000_000_004n)).toBe("success");
      expect(client.stat("file")).toMatchObject({ atim: 3_000_000_003n, mtim: 4_000_000_004n });
      // Following the link has counted as an access to it.
      expect(client.stat("link")).toMatchObject({ mtim: 2_000_000_002n });
      expect(set(".", 0, 7n, 8n)).toBe("success");
      expect(client.stat(".")).toMatchObject({ atim: 7n, mtim: 8n });
      expect(set("file", 0, 0n, 0n, 3)).toBe("inval");
      expect(set("nothing", 0, 0n, 0n)).toBe("noent");
      expect(set("file/", 0, 0n, 0n)).toBe("notdir");
    });
  });

  it("descriptors that are no directories give badf", () => {
    withClient(backend, (client) => {
      const file = client.mustOpen("file");
      for (const dirfd of [0, file, 99]) {
        expect(client.stat("x", { dirfd })).toBe("badf");
        expect(client.mkdir("x", dirfd)).toBe("badf");
        expect(client.unlink("x", dirfd)).toBe("badf");
        expect(client.rmdir("x", dirfd)).toBe("badf");
        expect(client.symlink("x", "y", dirfd)).toBe("badf");
        expect(client.readlink("x", { dirfd })).toBe("<badf>");
        expect(client.link("x", "y", { dirfd })).toBe("badf");
        expect(client.link("x", "y", { newDirfd: dirfd })).toBe("badf");
        expect(client.rename("x", "y", { dirfd })).toBe("badf");
        expect(client.rename("x", "y", { newDirfd: dirfd })).toBe("badf");
        expect(client.call("fd_readdir", dirfd, 0, 100, 0n, client.result)).toBe("badf");
      }
    });
  });
});

describe.for(backends)("directories read on $name", (backend) => {
  it("fd_readdir begins with the directory itself and the one above", () => {
    withClient(backend, (client) => {
      const { entries } = client.readdir(client.mustOpen(".", { oflags: flags.directory }));
      const { ino } = client.mustStat(".");
      expect(entries.slice(0, 2)).toEqual([
        { name: ".", next: 1n, ino, filetype: filetype.directory },
        { name: "..", next: 2n, ino, filetype: filetype.directory },
      ]);
      for (const { name, ino, filetype } of entries.slice(2)) {
        expect(client.stat(name)).toMatchObject({ ino, filetype });
      }
      expect(entries.map(({ next }) => next)).toEqual([1n, 2n, 3n, 4n]);
    });
  });

  it("fd_readdir goes on at a cookie and cuts the last entry off", () => {
    withClient(backend, (client) => {
      for (let index = 0; index < 20; index++) client.create(`entry-${index}`);
      const fd = client.mustOpen(".", { oflags: flags.directory });
      const size = 100;
      const seen: string[] = [];
      let cookie = 0n;
      for (;;) {
        const { entries, used } = client.readdir(fd, { size, cookie });
        seen.push(...entries.map(({ name }) => name));
        cookie = entries.at(-1)?.next ?? cookie;
        if (used < size) break;
      }
      expect(seen.sort()).toEqual([".", "..", ...client.names()].sort());
      expect(client.readdir(fd, { cookie: 1000n })).toEqual({ entries: [], used: 0 });
      expect(client.readdir(fd, { size: 0 }).used).toBe(0);
      expect(client.call("fd_readdir", fd, client.scratch, 100, -1n, client.result)).toBe("inval");
    });
  });

  it("fd_readdir leaves out what has gone and shows new entries from the start", () => {
    withClient(backend, (client) => {
      const fd = client.mustOpen(".", { oflags: flags.directory });
      expect(client.readdir(fd, { size: 24 }).used).toBe(24);
      expect(client.unlink("file")).toBe("success");
      client.create("later");
      expect(client.readdir(fd, { cookie: 2n }).entries.map(({ name }) => name)).toEqual(["dir"]);
      expect(
        client
          .readdir(fd)
          .entries.map(({ name }) => name)
          .sort(),
      ).toEqual([".", "..", "dir", "later"]);
    });
  });
});
