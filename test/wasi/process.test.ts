import { describe, expect, it } from "vitest";
import { show } from "../../src/runtime/arguments.ts";
import { Client } from "./client.ts";
import { Exit } from "./guests.ts";

describe("arguments and environment", () => {
  const args = ["prog", "", "ünïcode 🦀", "a\nb"];
  const env = { HOME: "/home", EMPTY: "", EQUALS: "a=b" };

  it.for(["args", "environ"] as const)("%s_get writes strings that end in a zero byte", (family) => {
    using client = new Client({ args, env });
    const expected =
      family === "args" ? args : Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const [array, buffer] = [client.scratch, client.scratch + 100];
    client.must(`${family}_sizes_get`, client.result, client.result + 4);
    const [count, byteLength] = [client.u32(), client.u32(client.result + 4)];
    client.must(`${family}_get`, array, buffer);
    expect(count).toBe(expected.length);
    expect(client.textAt(buffer, byteLength)).toBe(expected.map((text) => `${text}\0`).join(""));
    const offsets = expected.map((_, index) => client.u32(array + index * 4) - buffer);
    expect(offsets[0]).toBe(0);
    expect(offsets[1]).toBe(new TextEncoder().encode(expected[0]).length + 1);
  });

  it("are none by default", () => {
    using client = new Client();
    for (const family of ["args", "environ"] as const) {
      client.must(`${family}_sizes_get`, client.result, client.result + 4);
      expect([client.u32(), client.u32(client.result + 4)]).toEqual([0, 0]);
    }
  });
});

describe("clocks", () => {
  it("show the host's time by default", () => {
    using client = new Client();
    client.must("clock_time_get", 0, 0n, client.result);
    expect(Math.abs(Number(client.u64() / 1_000_000n) - Date.now())).toBeLessThan(60_000);
    client.must("clock_time_get", 1, 0n, client.result);
    const before = client.u64();
    client.must("clock_time_get", 1, 0n, client.result);
    expect(client.u64()).toBeGreaterThanOrEqual(before);
  });

  it("show the time of a clock of the host's choosing", () => {
    using client = new Client({ clock: { realtimeNs: () => 17n, monotonicNs: () => 2n ** 63n } });
    client.must("clock_time_get", 0, 0n, client.result);
    expect(client.u64()).toBe(17n);
    client.must("clock_time_get", 1, 0n, client.result);
    expect(client.u64()).toBe(2n ** 63n);
  });

  it("have a resolution", () => {
    using client = new Client();
    for (const id of [0, 1]) {
      client.must("clock_res_get", id, client.result);
      expect(client.u64()).toBeGreaterThan(0n);
    }
  });

  it("of CPU time are not there, others mean nothing", () => {
    using client = new Client();
    for (const [id, errno] of [
      [2, "badf"],
      [3, "badf"],
      [4, "inval"],
      [-1, "inval"],
    ] as const) {
      expect(client.call("clock_time_get", id, 0n, client.result)).toBe(errno);
      expect(client.call("clock_res_get", id, client.result)).toBe(errno);
    }
  });

  it.for([5, -1n, undefined])("refuse %s as a time", (time) => {
    const clock = { realtimeNs: () => time, monotonicNs: () => time } as never;
    using client = new Client({ clock });
    expect(() => client.call("clock_time_get", 0, 0n, client.result)).toThrow(
      new TypeError(`Expected \`clock.realtimeNs()\` to be a non-negative bigint, got ${show(time)}`),
    );
  });
});

describe("random_get", () => {
  it.for([0, 1, 16, 1024, 1025, 4096, 65_536, 200_000])("fills %s bytes and no more", (length) => {
    using client = new Client();
    client.must("random_get", client.scratch, length);
    const { bytes, scratch } = client;
    expect(bytes.slice(scratch + length, scratch + length + 64).every((byte) => byte === 0)).toBe(true);
    if (length >= 16) expect(new Set(bytes.slice(scratch, scratch + length)).size).toBeGreaterThan(4);
  });

  it("gives no byte twice", () => {
    using client = new Client();
    const seen = new Set<string>();
    for (let round = 0; round < 1000; round++) {
      client.must("random_get", client.scratch, 16);
      seen.add(client.bytes.slice(client.scratch, client.scratch + 16).join());
    }
    expect(seen.size).toBe(1000);
  });

  it("takes bytes of the host's choosing, in pieces of at most 65,536", () => {
    const lengths: number[] = [];
    using client = new Client({
      random: (buffer) => {
        lengths.push(buffer.length);
        buffer.fill(7);
      },
    });
    client.must("random_get", client.scratch, 70_000);
    expect(lengths).toEqual([65_536, 4464]);
    const filled = client.bytes.slice(client.scratch, client.scratch + 70_001);
    expect(filled.indexOf(0)).toBe(70_000);
  });

  it("gives no more than 64 MiB", () => {
    using client = new Client();
    expect(() => client.call("random_get", 0, -1)).toThrow(
      "failed to call `get-random-bytes`\n\nCaused by:\n    requested len 4294967295 exceeds limit 67108864\n",
    );
  });
});

describe("proc_exit", () => {
  it.for([0, 1, 125])("ends the guest with status %s", (status) => {
    using client = new Client();
    expect(() => client.call("proc_exit", status)).toThrow(new Exit(status) as unknown as Error);
  });

  it.for([126, 256, -1])("refuses status %s", (status) => {
    using client = new Client();
    expect(() => client.call("proc_exit", status)).toThrow(
      "exit with invalid exit status outside of [0..126)",
    );
  });
});

describe("what preview 1 has and nobody offers", () => {
  it("proc_raise is not supported, sched_yield does nothing", () => {
    using client = new Client();
    expect(client.call("proc_raise", 9)).toBe("notsup");
    expect(client.call("sched_yield")).toBe("success");
  });

  it("no descriptor is a socket", () => {
    using client = new Client();
    for (const [fd, errno] of [
      [1, "notsock"],
      [9, "badf"],
    ] as const) {
      expect(client.call("sock_accept", fd, 0, client.result)).toBe(errno);
      expect(client.call("sock_recv", fd, 0, 0, 0, client.result, client.result)).toBe(errno);
      expect(client.call("sock_send", fd, 0, 0, 0, client.result)).toBe(errno);
      expect(client.call("sock_shutdown", fd, 3)).toBe(errno);
    }
  });
});

describe("pointers", () => {
  it("outside the memory end the guest", () => {
    using client = new Client({ args: ["x"] });
    const end = client.memory.buffer.byteLength;
    for (const [pointer, length] of [
      [end, 4],
      [end - 2, 4],
      [-4, 4],
    ] as const) {
      const start = pointer >>> 0;
      const message = `Pointer out of bounds: Region { start: ${start}, len: ${length} }`;
      expect(() => client.call("args_sizes_get", pointer, 0)).toThrow(message);
    }
    expect(() => client.call("random_get", end - 6, 7)).toThrow(
      `Pointer out of bounds: Region { start: ${end - 6}, len: 7 }`,
    );
    expect(() => client.call("fd_write", 1, client.vectors([9], -8), 1, client.result)).toThrow(
      "Pointer out of bounds",
    );
    expect(client.call("random_get", end + 100, 0)).toBe("success");
  });

  it("that are not aligned end the guest", () => {
    using client = new Client();
    expect(() => client.call("args_sizes_get", 1, 4)).toThrow(
      "Pointer not aligned to 4: Region { start: 1, len: 4 }",
    );
    expect(() => client.call("clock_time_get", 0, 0n, 4)).toThrow("Pointer not aligned to 8");
    expect(() => client.call("fd_write", 1, 2, 1, 8)).toThrow("Pointer not aligned to 4");
    expect(client.call("fd_write", 1, 2, 0, 8)).toBe("success");
  });

  it("are not looked at where an errno comes first", () => {
    using client = new Client();
    expect(client.call("fd_write", 99, 0, 0, 9)).toBe("badf");
    expect(client.call("path_unlink_file", 99, -1, 1)).toBe("badf");
    expect(client.call("fd_read", 1, 0, -1, 0)).toBe("nomem");
  });
});
