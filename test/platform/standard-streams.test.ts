import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { StandardInput, StandardOutput } from "../../src/platform/standard-streams.ts";

const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

function inFolder(run: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "wasmlink-streams-"));
  try {
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(process.platform !== "linux")("StandardInput on Linux", () => {
  it("tells an empty pipe from one with something in it and from its end", () => {
    inFolder((folder) => {
      const path = join(folder, "pipe");
      execFileSync("mkfifo", [path]);
      const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const writer = openSync(path, constants.O_WRONLY);
      const input = new StandardInput(reader, true);
      expect(input.isTerminal).toBe(false);
      expect([input.isReady(), input.tryRead(10)]).toEqual([false, undefined]);
      writeSync(writer, "hello");
      expect([input.isReady(), input.isReady()]).toEqual([true, true]);
      expect(text(input.tryRead(2))).toBe("he");
      expect(text(input.read(10))).toBe("llo");
      expect(input.isReady()).toBe(false);
      writeSync(writer, "more");
      expect(text(input.read(10))).toBe("more");
      closeSync(writer);
      expect(input.isReady()).toBe(true);
      expect([text(input.tryRead(10)), text(input.read(10))]).toEqual(["", ""]);
      closeSync(reader);
    });
  });

  it("reads files to their end", () => {
    inFolder((folder) => {
      const path = join(folder, "file");
      writeFileSync(path, "contents");
      const fd = openSync(path, "r");
      const input = new StandardInput(fd, true);
      expect(text(input.read(3))).toBe("con");
      expect(input.isReady()).toBe(true);
      expect([text(input.tryRead(3)), text(input.read(10)), text(input.tryRead(3))]).toEqual([
        "ten",
        "ts",
        "",
      ]);
      closeSync(fd);
    });
  });
});

describe("StandardInput elsewhere", () => {
  it("counts as ready and blocks", () => {
    inFolder((folder) => {
      const path = join(folder, "file");
      writeFileSync(path, "contents");
      const fd = openSync(path, "r");
      const input = new StandardInput(fd, false);
      expect(input.isReady()).toBe(true);
      expect(text(input.tryRead(100))).toBe("contents");
      expect(text(input.tryRead(100))).toBe("");
      closeSync(fd);
    });
  });
});

describe("StandardOutput", () => {
  it("writes a part of a buffer", () => {
    inFolder((folder) => {
      const path = join(folder, "file");
      const fd = openSync(path, "w");
      const output = new StandardOutput(fd);
      expect(output.write(new TextEncoder().encode("abcdef"), 1, 3)).toBe(3);
      expect(output.isTerminal).toBe(false);
      closeSync(fd);
      expect(readFileSync(path, "utf8")).toBe("bcd");
    });
  });
});
