import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wat2wasm } from "../../src/index.ts";
import { casesFolder, runCli } from "./run-cli.ts";

const source = (name: string) => readFileSync(join(casesFolder, name), "utf8");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wasmlink-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.concurrent("wasmlink run", () => {
  test("takes a module in binary form", async () => {
    const file = join(folder, "simple.wasm");
    writeFileSync(file, wat2wasm(source("simple.wat")));
    expect((await runCli(["--invoke", "simple", file, "4"])).stdout).toBe("4\n");
  });

  test("takes a module on standard input, as text and as binary", async () => {
    const text = source("hello.wat");
    for (const input of [text, wat2wasm(text)]) {
      expect(await runCli(["-"], { input })).toEqual({ status: 0, stdout: "Hello, world!\n", stderr: "" });
    }
  });

  test("says where a mistake on standard input is", async () => {
    const { stderr, status } = await runCli(["-"], { input: "(module oops)" });
    expect(stderr).toContain("--> <stdin>:1:9");
    expect(status).toBe(1);
  });

  test("gives the guest its arguments, and the file's base name as the program's", async () => {
    const args = async (...line: string[]) => (await runCli(line)).stdout.split("\n").slice(0, -1);
    const module = "print-arguments.wat";
    expect(await args(module)).toEqual([module]);
    expect(await args(`./${module}`, "-foo", "bar")).toEqual([module, "-foo", "bar"]);
    expect(await args("run", "--", module, "--", "--", "-a", "b")).toEqual([module, "--", "--", "-a", "b"]);
    expect(await args("run", module, "--help", "with 🚩")).toEqual([module, "--help", "with 🚩"]);
    expect(await args("--argv0", "program", module, "")).toEqual(["program", ""]);
  });

  test("gives the guest the variables that are named, and no other", async () => {
    const variables = async (...line: string[]) =>
      (await runCli([...line, "print-environment.wat"], { env: { FOO: "bar", OTHER: "secret" } })).stdout;
    expect(await variables()).toBe("");
    expect(await variables("--env", "FOO=baz=qux")).toBe("FOO=baz=qux\n");
    expect(await variables("--env", "FOO")).toBe("FOO=bar\n");
    expect(await variables("--env", "FOO=")).toBe("FOO=\n");
    expect(await variables("--env", "NOT_SET")).toBe("");
    const all = await variables("-S", "inherit-env", "--env", "FOO=mine");
    expect(all).toContain("OTHER=secret\n");
    expect(all).toContain("FOO=mine\n");
  });

  test("streams standard input to the guest", async () => {
    const input = "x".repeat(300_000);
    expect((await runCli(["--invoke", "count", "count-input.wat"], { input })).stdout).toBe("300000\n");
    const { stdout } = await runCli(["-S", "inherit-stdin=n", "--invoke", "count", "count-input.wat"], {
      input,
    });
    expect(stdout).toBe("0\n");
  });

  test("gives the guest a directory under another name, and keeps it from writing where asked", async () => {
    const create = (...line: string[]) => runCli([...line, "create-file.wat"]);
    expect((await create()).stdout).toBe("");
    const errno = async (dir: string) =>
      (await runCli(["--dir", dir, "--invoke", "create", "create-file.wat"])).stdout;
    expect(await errno(`${folder}::/data`)).toBe("0\n");
    expect(readFileSync(join(folder, "made-by-guest"), "utf8")).toBe("");
    const notPermitted = 63;
    expect(await errno(`${folder}::/data:ro`)).toBe(`${notPermitted}\n`);
    expect((await runCli(["--dir", join(folder, "missing"), "create-file.wat"])).status).toBe(1);
  });

  test("takes a file that has the name of a command after an option or `--`", async () => {
    writeFileSync(join(folder, "inspect"), source("hello.wat"));
    const inFolder = async (...line: string[]) => (await runCli(line, { cwd: folder })).stdout;
    expect(await inFolder("--", "inspect")).toBe("Hello, world!\n");
    expect(await inFolder("-W", "simd", "inspect")).toBe("Hello, world!\n");
    expect(await inFolder("run", "inspect")).toBe("Hello, world!\n");
  });

  test("prints usage and fails when nothing is asked for", async () => {
    const { status, stdout, stderr } = await runCli([]);
    expect(stderr).toContain("Usage: wasmlink [COMMAND]");
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  test("writes no colour into a pipe", async () => {
    const { stderr } = await runCli(["missing.wat"], { env: { FORCE_COLOR: "1" } });
    expect(stderr).not.toContain("\x1b");
  });
});
