import { describe, expect, it } from "vitest";
import { Engine, Linker, MemoryDirectory } from "../../src/index.ts";
import { Client } from "./client.ts";

describe("wasi_unstable", () => {
  const directory = () => new MemoryDirectory({ file: "contents" });
  const unstable = () => new Client({ preopens: { "/": directory() } }, undefined, "wasi_unstable");

  it("has 45 functions, defined when asked for", () => {
    const linker = new Linker(new Engine()).defineWasi({ unstable: true });
    const names = [...linker].filter(({ module }) => module === "wasi_unstable").map(({ name }) => name);
    expect(names).toHaveLength(45);
    expect(names).not.toContain("sock_accept");
    expect(linker.has("wasi_snapshot_preview1", "sock_accept")).toBe(true);
    expect(new Linker(new Engine()).defineWasi().has("wasi_unstable", "fd_write")).toBe(false);
  });

  it("seeks from the cursor, the end and the start", () => {
    using client = unstable();
    const fd = client.mustOpen("file");
    expect(client.seek(fd, 3n, 2)).toBe(3n);
    expect(client.seek(fd, 1n, 0)).toBe(4n);
    expect(client.seek(fd, -1n, 1)).toBe(7n);
    expect(client.seek(fd, 0n, 3)).toBe("inval");
    expect(client.read(fd)).toBe("s");
  });

  it("counts links in 32 bits", () => {
    using client = unstable();
    const fd = client.mustOpen("file");
    expect(client.link("file", "hard")).toBe("success");
    for (const [name, ...args] of [
      ["fd_filestat_get", fd, client.result],
      ["path_filestat_get", 3, 0, ...client.strings("file"), client.result],
    ] as const) {
      client.bytes.fill(0xff, client.result, client.result + 64);
      client.must(name, ...args);
      expect(client.bytes[client.result + 16]).toBe(4);
      expect(client.u32(client.result + 20)).toBe(2);
      expect(client.u64(client.result + 24)).toBe(8n);
      expect(client.u32(client.result + 56)).toBe(0xffffffff);
    }
  });

  it("has a clock's number after an identifier", () => {
    const slept: bigint[] = [];
    using client = new Client(
      {
        clock: {
          realtimeNs: () => 0n,
          monotonicNs: () => 0n,
          sleep: (duration) => void slept.push(duration),
        },
      },
      undefined,
      "wasi_unstable",
    );
    const at = 8192;
    for (const [index, timeout] of [700n, 300n].entries()) {
      client.view.setBigUint64(at + index * 56, BigInt(index), true);
      client.view.setBigUint64(at + index * 56 + 16, 99n, true);
      client.view.setUint32(at + index * 56 + 24, 1, true);
      client.view.setBigUint64(at + index * 56 + 32, timeout, true);
    }
    client.must("poll_oneoff", at, 16_384, 2, client.result);
    expect([client.u32(), client.u64(16_384), slept]).toEqual([1, 1n, [300n]]);
  });
});
