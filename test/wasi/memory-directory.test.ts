import { describe, expect, it } from "vitest";
import { MemoryDirectory } from "../../src/index.ts";
import { Client, flags, read, write } from "./client.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("MemoryDirectory", () => {
  it("holds what it was made with", () => {
    const directory = new MemoryDirectory({
      "a.txt": "text",
      "deep/down/b.bin": Uint8Array.of(1, 2, 3),
      "/absolute.txt": "same",
      empty: new MemoryDirectory(),
      nested: new MemoryDirectory({ "c.txt": "inner" }),
    });
    expect(directory.kind).toBe("memory");
    expect(directory.list()).toEqual(["a.txt", "deep", "absolute.txt", "empty", "nested"]);
    expect(directory.list("/deep/down")).toEqual(["b.bin"]);
    expect(directory.list("empty")).toEqual([]);
    expect(directory.readFile("deep/down/b.bin")).toEqual(Uint8Array.of(1, 2, 3));
    expect(text(directory.readFile("/nested/c.txt"))).toBe("inner");
  });

  it("copies what it is given and what it gives", () => {
    const bytes = Uint8Array.of(1);
    const directory = new MemoryDirectory({ file: bytes });
    bytes[0] = 9;
    const copy = directory.readFile("file");
    copy[0] = 8;
    expect(directory.readFile("file")).toEqual(Uint8Array.of(1));
  });

  it("writes over files and makes directories on the way", () => {
    const directory = new MemoryDirectory({ file: "a long text" });
    directory.writeFile("file", "short");
    directory.writeFile("a/b/c", "deep");
    expect(text(directory.readFile("file"))).toBe("short");
    expect(directory.list("a/b")).toEqual(["c"]);
  });

  it.for([
    [() => new MemoryDirectory().readFile("x"), "failed to read `x`", "no such file or directory"],
    [
      () => new MemoryDirectory({ d: new MemoryDirectory() }).readFile("d"),
      "failed to read `d`",
      "is a directory",
    ],
    [() => new MemoryDirectory({ f: "" }).readFile("f/"), "failed to read `f/`", "not a directory"],
    [
      () => new MemoryDirectory().readFile("../x"),
      "failed to read `../x`",
      "path leads out of the directory",
    ],
    [() => new MemoryDirectory().list("x"), "failed to list `x`", "no such file or directory"],
    [() => new MemoryDirectory({ f: "" }).list("f"), "failed to list `f`", "not a directory"],
    [() => new MemoryDirectory({ f: "" }).writeFile("f/x", ""), "failed to write `f/x`", "not a directory"],
    [() => new MemoryDirectory().writeFile("", ""), "failed to write ``", "is a directory"],
    [() => new MemoryDirectory().writeFile("d/", ""), "failed to write `d/`", "is a directory"],
    [() => new MemoryDirectory({ f: "123" }, { maxBytes: 2 }), "failed to write `f`", "no space left"],
  ] as const)("says what is wrong: %s", ([action, message, cause]) => {
    expect(action).toThrow(`${message}\n\nCaused by:\n    ${cause}\n`);
  });

  it.for([
    [
      () => new MemoryDirectory({ f: 5 as never }),
      "Expected the contents of `f` to be bytes or text, got `5` (number)",
    ],
    [() => new MemoryDirectory().readFile(5 as never), "Expected a path, got `5` (number)"],
    [
      () => new MemoryDirectory({}, { maxBytes: -1 }),
      "Expected `maxBytes` to be a non-negative integer, got `-1` (number)",
    ],
    [
      () => new MemoryDirectory({}, { maxEntries: 0.5 }),
      "Expected `maxEntries` to be a non-negative integer, got `0.5` (number)",
    ],
    [
      () => new MemoryDirectory({ d: new MemoryDirectory({}, { maxBytes: 5 }) }),
      "Expected the directory at `d` not to be given limits of its own",
    ],
    [
      () => {
        const child = new MemoryDirectory();
        return new MemoryDirectory({ a: child, b: child });
      },
      "Expected the directory at `b` not to be an entry of another one",
    ],
  ] as const)("refuses wrong arguments: %s", ([action, message]) => {
    expect(action).toThrow(new TypeError(message));
  });

  it("shows JavaScript and the guest the same files", () => {
    const inner = new MemoryDirectory({ file: "from JavaScript" });
    const directory = new MemoryDirectory({ inner });
    using client = new Client({ preopens: { "/": directory } });
    expect(client.contents("inner/file")).toBe("from JavaScript");
    client.create("inner/new", "from the guest");
    expect(client.symlink("inner/new", "link")).toBe("success");
    expect(text(inner.readFile("new"))).toBe("from the guest");
    expect(text(directory.readFile("link"))).toBe("from the guest");
    directory.writeFile("link", "through the link");
    expect(client.contents("inner/new")).toBe("through the link");
    expect(client.rename("inner/new", "moved")).toBe("success");
    expect(client.rmdir("inner")).toBe("notempty");
  });

  it("can be preopened by several guests at once", () => {
    const directory = new MemoryDirectory();
    using first = new Client({ preopens: { "/": directory } });
    using second = new Client({ preopens: { "/": directory } });
    first.create("file", "shared");
    expect(second.contents("file")).toBe("shared");
  });

  it("counts the bytes of all files, and gives them back", () => {
    const directory = new MemoryDirectory({}, { maxBytes: 10 });
    using client = new Client({ preopens: { "/": directory } });
    client.create("a", "12345");
    const fd = client.mustOpen("b", { oflags: flags.creat, rights: read | write });
    expect(client.write(fd, "123456")).toBe("nospc");
    expect(client.write(fd, "12345")).toBe(5);
    expect(client.write(fd, "6")).toBe("nospc");
    expect(client.pwrite(fd, "x", 1_000_000n)).toBe("nospc");
    expect(client.call("fd_filestat_set_size", fd, 11n)).toBe("nospc");
    expect(client.link("a", "hard")).toBe("success");
    expect(client.unlink("a")).toBe("success");
    expect(client.write(fd, "6")).toBe("nospc");
    const open = client.mustOpen("hard");
    expect(client.unlink("hard")).toBe("success");
    expect(client.write(fd, "6")).toBe("nospc");
    client.must("fd_close", open);
    expect(client.write(fd, "67890")).toBe(5);
    client.must("fd_filestat_set_size", fd, 0n);
    client.create("c", "1234567890");
    expect(() => directory.writeFile("d", "1")).toThrow("no space left");
  });

  it("counts entries", () => {
    const directory = new MemoryDirectory({ a: "" }, { maxEntries: 3 });
    using client = new Client({ preopens: { "/": directory } });
    expect(client.mkdir("b")).toBe("success");
    expect(client.symlink("a", "c")).toBe("success");
    expect(client.mkdir("d")).toBe("nospc");
    expect(client.link("a", "d")).toBe("nospc");
    expect(client.open("d", { oflags: flags.creat })).toBe("nospc");
    expect(client.rename("a", "d")).toBe("success");
    expect(client.unlink("c")).toBe("success");
    expect(client.mkdir("e")).toBe("success");
  });

  it("keeps holes and what lies beyond the end zero", () => {
    using client = new Client({ preopens: { "/": new MemoryDirectory({ file: "secret" }) } });
    const fd = client.mustOpen("file", { rights: read | write });
    client.must("fd_filestat_set_size", fd, 2n);
    expect(client.pwrite(fd, "!", 6n)).toBe(1);
    expect(client.contents("file")).toBe("se\0\0\0\0!");
  });

  it("refuses files larger than the host can hold without asking for the memory", () => {
    using client = new Client({ preopens: { "/": new MemoryDirectory({ file: "" }) } });
    const fd = client.mustOpen("file", { rights: read | write });
    expect(client.call("fd_filestat_set_size", fd, 2n ** 40n)).toBe("fbig");
    expect(client.pwrite(fd, "x", 2n ** 52n)).toBe("fbig");
    expect(client.call("fd_allocate", fd, 0n, 2n ** 45n)).toBe("fbig");
  });

  it("does not move or link between two directories", () => {
    const preopens = { "/a": new MemoryDirectory({ file: "x" }), "/b": new MemoryDirectory() };
    using client = new Client({ preopens });
    expect(client.rename("file", "file", { newDirfd: 4 })).toBe("xdev");
    expect(client.link("file", "file", { newDirfd: 4 })).toBe("xdev");
    expect(client.mustStat(".").dev).not.toBe(client.mustStat(".", { dirfd: 4 }).dev);
  });

  it("takes times from the guest's clock and from its own", () => {
    const directory = new MemoryDirectory({ a: "" }, { realtimeNs: () => 5n });
    using client = new Client({
      preopens: { "/": directory },
      clock: { realtimeNs: () => 7n, monotonicNs: () => 0n },
    });
    expect(client.stat("a")).toMatchObject({ atim: 5n, mtim: 5n, ctim: 5n });
    client.create("b");
    expect(client.stat("b")).toMatchObject({ atim: 7n, mtim: 7n, ctim: 7n });
  });
});
