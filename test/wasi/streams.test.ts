import { describe, expect, it } from "vitest";
import { show } from "../../src/runtime/arguments.ts";
import { Client } from "./client.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("stdin", () => {
  it("is empty by default", () => {
    using client = new Client();
    expect(client.read(0)).toBe("");
  });

  it.for([
    ["text", "hello"],
    ["bytes", bytes("hello")],
  ] as const)("reads %s in the pieces asked for", ([, stdin]) => {
    using client = new Client({ stdin });
    expect([client.read(0, 2), client.read(0, 100), client.read(0, 100)]).toEqual(["he", "llo", ""]);
  });

  it("reads what a callback gives until it gives null", () => {
    const asked: number[] = [];
    const chunks = [bytes("ab"), bytes(""), bytes("c"), null, bytes("late")];
    using client = new Client({
      stdin: (maxBytes) => {
        asked.push(maxBytes);
        return chunks.shift()!;
      },
    });
    expect([1, 2, 3, 4, 5].map(() => client.read(0, 5))).toEqual(["ab", "<again>", "c", "", ""]);
    expect(asked).toEqual([5, 5, 5, 5]);
  });

  it("reads once, into the first buffer that is not empty", () => {
    let calls = 0;
    using client = new Client({
      stdin: (maxBytes) => {
        calls++;
        return bytes("x".repeat(maxBytes));
      },
    });
    client.must("fd_read", 0, client.vectors([0, 3, 5]), 3, client.result);
    expect([client.u32(), calls]).toEqual([3, 1]);
  });

  it("gives 64 KiB at most", () => {
    using client = new Client({ stdin: new Uint8Array(100_000) });
    client.must("fd_read", 0, client.vectors([70_000]), 1, client.result);
    expect(client.u32()).toBe(65_536);
  });

  it("refuses what is not bytes and more than was asked for", () => {
    using wrong = new Client({ stdin: (() => "text") as never });
    expect(() => wrong.read(0)).toThrow(
      new TypeError('Expected `stdin` to return bytes or null, got "text"'),
    );
    using long = new Client({ stdin: () => bytes("abc") });
    expect(() => long.read(0, 2)).toThrow(
      new RangeError("Expected `stdin` to return at most 2 bytes, got 3"),
    );
  });
});

describe("stdout and stderr", () => {
  it("go nowhere by default", () => {
    using client = new Client();
    expect([client.write(1, "out"), client.write(2, "err")]).toEqual([3, 3]);
  });

  it("give the first buffer that is not empty to the callback, as bytes it may keep", () => {
    const chunks: Uint8Array[] = [];
    using client = new Client({ stdout: (chunk) => void chunks.push(chunk) });
    client.strings("abcde");
    client.must("fd_write", 1, client.vectors([0, 2, 3]), 3, client.result);
    expect(client.u32()).toBe(2);
    client.bytes.fill(0);
    expect(chunks).toEqual([bytes("ab")]);
  });

  it("offer the rest again when the callback took a part", () => {
    const offered: string[] = [];
    using client = new Client({
      stdout: (chunk) => {
        offered.push(new TextDecoder().decode(chunk));
        return Math.min(2, chunk.length);
      },
    });
    expect(client.write(1, "abcde")).toBe(5);
    expect(offered).toEqual(["abcde", "cde", "e"]);
  });

  it("let the guest write less when the callback takes no more", () => {
    let room = 3;
    using client = new Client({
      stdout: () => {
        const taken = room;
        room = 0;
        return taken;
      },
    });
    expect(client.write(1, "abcde")).toBe(3);
    expect(client.write(1, "de")).toBe("again");
  });

  it.for([-1, 4, 1.5, "1", Number.NaN])("refuse %s as the number of bytes taken", (taken) => {
    using client = new Client({ stdout: (() => taken) as never });
    expect(() => client.write(1, "abc")).toThrow(
      new RangeError(
        `Expected the output callback to return how many of 3 bytes it took, got ${show(taken)}`,
      ),
    );
  });

  it("pass an exception of the callback on as the same object, whatever it looks like", () => {
    const thrown = Object.assign(new Error("disk full"), { code: "ENOSPC", syscall: "write" });
    const fail = () => {
      throw thrown;
    };
    using client = new Client({
      stdin: fail,
      stdout: fail,
      clock: { realtimeNs: fail, monotonicNs: fail },
      random: fail,
    });
    const caught = (call: () => void) => {
      try {
        call();
      } catch (error) {
        return error;
      }
      return "nothing thrown";
    };
    expect(caught(() => client.read(0))).toBe(thrown);
    expect(caught(() => client.write(1, "x"))).toBe(thrown);
    expect(caught(() => client.call("clock_time_get", 0, 0n, client.result))).toBe(thrown);
    expect(caught(() => client.call("clock_time_get", 1, 0n, client.result))).toBe(thrown);
    expect(caught(() => client.call("random_get", client.scratch, 4))).toBe(thrown);
  });

  it("survive a callback that grows the guest's memory", () => {
    using client = new Client({
      stdout: (chunk) => {
        const grown = new ArrayBuffer(client.memory.buffer.byteLength + 65536);
        new Uint8Array(grown).set(client.bytes);
        structuredClone(client.memory.buffer, { transfer: [client.memory.buffer] });
        client.memory.buffer = grown;
        return chunk.length;
      },
    });
    expect(client.write(1, "abcde")).toBe(5);
  });
});
