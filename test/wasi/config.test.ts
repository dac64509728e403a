import { describe, expect, it } from "vitest";
import { hostDirectory, MemoryDirectory, WasiConfig, WasmlinkError } from "../../src/index.ts";

describe("WasiConfig", () => {
  it.for([
    [{ arg: [] }, "Unknown option `arg` of WasiConfig"],
    [null, "Expected `WasiConfig options` to be an object, got `null`"],
    [{ args: "x" }, 'Expected `args` to be an array of strings, got "x"'],
    [{ args: ["a", 5] }, "Expected `args[1]` to be a string, got `5` (number)"],
    [{ args: ["a\0b"] }, 'Expected `args[0]` to be a string without NUL, got "a\\u0000b"'],
    [{ env: 5 }, "Expected `env` to be an object of strings, got `5` (number)"],
    [{ env: { A: 1 } }, "Expected `env.A` to be a string, got `1` (number)"],
    [{ env: { "A=B": "" } }, 'Expected `env` to be named without `=`, got "A=B"'],
    [{ stdin: 5 }, 'Expected `stdin` to be "inherit", "null", bytes, text or a function, got `5` (number)'],
    [{ stdout: "text" }, 'Expected `stdout` to be "inherit", "null" or a function, got "text"'],
    [{ stderr: {} }, 'Expected `stderr` to be "inherit", "null" or a function, got an object (Object)'],
    [{ preopens: "x" }, 'Expected `preopens` to be an object of directories, got "x"'],
    [{ preopens: { "/": "/tmp" } }, 'Expected `preopens["/"]` to be a directory, got "/tmp"'],
    [{ preopens: { "/": undefined } }, 'Expected `preopens["/"]` to be a directory, got `undefined`'],
    [
      { preopens: { "/": { directory: new MemoryDirectory(), dirPerms: "rw" } } },
      'Expected `preopens["/"].dirPerms` to be "read", "write" or "readwrite", got "rw"',
    ],
    [
      { clock: { realtimeNs: () => 0n } },
      "Expected `clock` to be an object with functions `realtimeNs` and `monotonicNs`, got an object (Object)",
    ],
    [{ random: 4 }, "Expected `random` to be a function, got `4` (number)"],
    [{ maxOpenFiles: -1 }, "Expected `maxOpenFiles` to be a non-negative integer, got `-1` (number)"],
    [{ maxOpenFiles: 1.5 }, "Expected `maxOpenFiles` to be a non-negative integer, got `1.5` (number)"],
    [{ hostcallFuel: "1" }, 'Expected `hostcallFuel` to be a non-negative integer, got "1"'],
    [{ requireRaceFree: 1 }, "Expected `requireRaceFree` to be a boolean, got `1` (number)"],
  ] as const)("refuses %o", ([options, message]) => {
    expect(() => new WasiConfig(options as never)).toThrow(new TypeError(message));
  });

  it("takes undefined for every option", () => {
    const options = {
      args: undefined,
      env: undefined,
      stdin: undefined,
      preopens: undefined,
      random: undefined,
    };
    expect(() => new WasiConfig(options).createHost().close()).not.toThrow();
  });

  it("says which directory cannot be opened", () => {
    const config = new WasiConfig({ preopens: { "/": hostDirectory("/no/such/directory") } });
    expect(() => config.createHost()).toThrow(WasmlinkError);
    expect(() => config.createHost()).toThrow(
      /^failed to add preopen dir\n\nCaused by:\n {4}0: cannot open the directory `\/no\/such\/directory`\n {4}1: ENOENT/,
    );
  });

  it("opens the host's directories anew for every store", () => {
    const config = new WasiConfig({ preopens: { "/": hostDirectory(".") } });
    const [first, second] = [config.createHost(), config.createHost()];
    first.close();
    second.close();
  });
});

describe("hostDirectory", () => {
  it("takes a path", () => {
    expect(() => hostDirectory(5 as never)).toThrow(new TypeError("Expected a path, got `5` (number)"));
    expect(hostDirectory(".").kind).toBe("host");
  });
});
