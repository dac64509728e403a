import { readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import {
  DuplicateDefinitionError,
  Engine,
  ExitTrap,
  hostDirectory,
  Linker,
  MemoryDirectory,
  Module,
  Store,
  WasiConfig,
  type WasiOptions,
  WasmlinkError,
} from "../../src/index.ts";
import { wasiSignatures } from "../../src/runtime/wasi-signatures.ts";
import { backends, hasHandles } from "./backends.ts";
import { Client } from "./client.ts";

const from = "wasi_snapshot_preview1";
const importText = {
  args_sizes_get: `(import "${from}" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))`,
  fd_write: `(import "${from}" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))`,
  path_open: `(import "${from}" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))`,
  fd_close: `(import "${from}" "fd_close" (func $fd_close (param i32) (result i32)))`,
  proc_exit: `(import "${from}" "proc_exit" (func $proc_exit (param i32)))`,
};
const memory = `(memory (export "memory") 1)`;

function instantiate(text: string, options?: WasiOptions, store = new Store()) {
  const linker = new Linker(store.engine).defineWasi();
  if (options !== undefined) store.setWasi(new WasiConfig(options));
  return { store, linker, instance: linker.instantiate(store, new Module(store.engine, text)) };
}

/** Calls a function and gives what it throws. */
function thrownBy(call: () => unknown): any {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const hello = `(module ${importText.fd_write} ${memory}
  (data (i32.const 0) "\\08\\00\\00\\00\\05\\00\\00\\00hello")
  (func (export "hello") (result i32) (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16))))`;

describe("linker.defineWasi", () => {
  it("defines the 46 functions of preview 1 with their types", () => {
    const linker = new Linker(new Engine()).defineWasi();
    const defined = [...linker];
    expect(defined).toHaveLength(46);
    expect(defined.map(({ module }) => module)).toEqual(defined.map(() => from));
    expect(Object.fromEntries(defined.map(({ name, type }) => [name, type]))).toEqual(wasiSignatures);
  });

  it("defines them once", () => {
    const linker = new Linker(new Engine()).defineWasi();
    expect(() => linker.defineWasi()).toThrow(DuplicateDefinitionError);
    linker.allowShadowing = true;
    linker.defineWasi();
  });

  it("serves every store of the engine, each with its own context", () => {
    const engine = new Engine();
    const pre = new Linker(engine).defineWasi().instantiatePre(new Module(engine, hello));
    for (const expected of ["first", "second"]) {
      const output: string[] = [];
      const store = new Store(engine);
      store.setWasi(new WasiConfig({ stdout: (chunk) => void output.push(`${expected} ${chunk.length}`) }));
      expect(pre.instantiate(store).exports.hello()).toBe(0);
      expect(output).toEqual([`${expected} 5`]);
    }
  });

  it("gives functions that fail while the store has no context", () => {
    const { instance } = instantiate(hello);
    const error = thrownBy(() => instance.exports.hello());
    expect(error).toBeInstanceOf(WasmlinkError);
    expect(error.message).toMatch(/wasm backtrace:[\s\S]*wasi context must be populated\n$/);
  });

  it("uses the context the store has when the guest calls", () => {
    const { instance, store } = instantiate(hello);
    const output: string[] = [];
    for (const name of ["a", "b"]) {
      store.setWasi(new WasiConfig({ stdout: () => void output.push(name) }));
      instance.exports.hello();
    }
    expect(output).toEqual(["a", "b"]);
  });

  it("works on the memory of the calling instance and the descriptors of the store", () => {
    const text = (path: string) => `(module ${importText.path_open} ${importText.fd_write} ${memory}
      (data (i32.const 0) "${path}") (data (i32.const 32) "\\00\\00\\00\\00\\04\\00\\00\\00")
      (func (export "open") (result i32)
        (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 1) (i64.const 64)
          (i64.const 0) (i32.const 0) (i32.const 16)))
        (i32.load (i32.const 16)))
      (func (export "write") (param i32) (result i32)
        (call $fd_write (local.get 0) (i32.const 32) (i32.const 1) (i32.const 16))))`;
    const directory = new MemoryDirectory();
    const { store, linker, instance } = instantiate(text("one."), { preopens: { "/": directory } });
    const other = linker.instantiate(store, new Module(store.engine, text("two.")));
    const fds = [instance.exports.open(), other.exports.open()] as const;
    expect(fds).toEqual([4, 5]);
    expect([instance.exports.write(fds[1]), other.exports.write(fds[0])]).toEqual([0, 0]);
    expect(directory.list()).toEqual(["one.", "two."]);
    expect(new TextDecoder().decode(directory.readFile("one."))).toBe("two.");
    expect(new TextDecoder().decode(directory.readFile("two."))).toBe("one.");
  });

  it.for([
    ["none", ""],
    ["another name", `(memory (export "mem") 1)`],
    ["a function", `(func (export "memory"))`],
  ] as const)("ends a guest that exports no memory: %s", ([, exported]) => {
    const { instance } = instantiate(
      `(module ${importText.args_sizes_get} ${exported}
          (func (export "f") (result i32) (call $args_sizes_get (i32.const 0) (i32.const 4))))`,
      {},
    );
    expect(thrownBy(() => instance.exports.f()).message).toMatch(/missing required memory export\n$/);
  });

  it("lets the start function call it", () => {
    let output = "";
    instantiate(
      `(module ${importText.fd_write} ${memory} (data (i32.const 0) "\\08\\00\\00\\00\\05\\00\\00\\00start")
        (func $start (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))) (start $start))`,
      {
        stdout: (chunk) => {
          output += new TextDecoder().decode(chunk);
        },
      },
    );
    expect(output).toBe("start");
  });

  it("gives items the host can call, without a memory", () => {
    const store = new Store();
    const linker = new Linker(store.engine).defineWasi();
    store.setWasi(new WasiConfig());
    const close = linker.get(store, from, "fd_close") as (fd: number) => number;
    expect(() => close(99)).toThrow(new WasmlinkError("missing required memory export"));
  });
});

describe("proc_exit", () => {
  const exiting = (status: number) => `(module ${importText.proc_exit} ${memory}
    (func $inner (export "run") (call $proc_exit (i32.const ${status})) unreachable))`;

  it.for([0, 7, 125])("raises ExitTrap for status %s", (status) => {
    const { instance } = instantiate(exiting(status), {});
    const error = thrownBy(() => instance.exports.run());
    expect(error).toBeInstanceOf(ExitTrap);
    expect(error.exitCode).toBe(status);
    expect(error.frames).toHaveLength(1);
    expect(error.message).toMatch(
      new RegExp(`^error while executing at wasm backtrace:\\n[^]*Exited with i32 exit status ${status}\\n$`),
    );
  });

  it("is no exit for status 126", () => {
    const { instance } = instantiate(exiting(126), {});
    const error = thrownBy(() => instance.exports.run());
    expect(error).not.toBeInstanceOf(ExitTrap);
    expect(error.message).toMatch(/exit with invalid exit status outside of \[0\.\.126\)\n$/);
  });

  it("cannot be caught by the guest, nor can an exception of a callback", () => {
    const thrown = new Error("from the callback");
    const { instance } = instantiate(
      `(module ${importText.proc_exit} ${importText.fd_write} ${memory}
        (data (i32.const 0) "\\08\\00\\00\\00\\05\\00\\00\\00hello")
        (func (export "exit") (result i32)
          (try (result i32) (do (call $proc_exit (i32.const 3)) (i32.const 1)) (catch_all (i32.const 2))))
        (func (export "write") (result i32)
          (try (result i32)
            (do (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
            (catch_all (i32.const 2)))))`,
      {
        stdout: () => {
          throw thrown;
        },
      },
    );
    expect(thrownBy(() => instance.exports.exit())).toBeInstanceOf(ExitTrap);
    expect(thrownBy(() => instance.exports.write())).toBe(thrown);
    expect(thrownBy(() => instance.exports.exit()).exitCode).toBe(3);
  });
});

describe("store.setWasi", () => {
  it("takes a WasiConfig", () => {
    expect(() => new Store().setWasi({} as never)).toThrow(TypeError);
    expect(() => new Store().setWasi(undefined as never)).toThrow(TypeError);
  });

  it.skipIf(!hasHandles)("lets the files go when it is replaced and when the store is closed", () => {
    const openFiles = () => readdirSync("/proc/self/fd").length;
    const store = new Store();
    const before = openFiles();
    const preopens = { "/a": hostDirectory("."), "/b": hostDirectory(".") };
    store.setWasi(new WasiConfig({ preopens }));
    expect(openFiles()).toBe(before + 2);
    store.setWasi(new WasiConfig({ preopens }));
    expect(openFiles()).toBe(before + 2);
    store.close();
    expect(openFiles()).toBe(before);
  });

  it.skipIf(!hasHandles)("leaves no file open when a directory cannot be opened", () => {
    const openFiles = () => readdirSync("/proc/self/fd").length;
    const before = openFiles();
    const preopens = { "/a": hostDirectory("."), "/b": hostDirectory("/no/such/directory") };
    expect(() => new Store().setWasi(new WasiConfig({ preopens }))).toThrow(WasmlinkError);
    expect(openFiles()).toBe(before);
  });
});

describe("a guest with a shared memory", () => {
  it.each(backends)("reads, writes and gets random bytes on $name", (backend) => {
    const scratch = backend.create({ file: "contents" });
    const engine = new Engine({ sharedMemory: true });
    using store = new Store(engine);
    const output: string[] = [];
    const stdout = (chunk: Uint8Array) => void output.push(new TextDecoder().decode(chunk));
    store.setWasi(new WasiConfig({ stdout, preopens: { "/": scratch.directory } }));
    const { exports } = new Linker(engine).defineWasi().instantiate(
      store,
      new Module(
        engine,
        `(module ${importText.path_open} ${importText.fd_write}
          (import "${from}" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
          (import "${from}" "random_get" (func $random_get (param i32 i32) (result i32)))
          (memory (export "memory") 1 1 shared)
          (data (i32.const 0) "file") (data (i32.const 32) "\\00\\01\\00\\00\\08\\00\\00\\00")
          (func (export "copy") (result i32)
            (i32.or (call $path_open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 0) (i64.const 66)
              (i64.const 0) (i32.const 0) (i32.const 16))
            (i32.or (call $fd_read (i32.load (i32.const 16)) (i32.const 32) (i32.const 1) (i32.const 20))
            (i32.or (call $fd_write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 20))
              (call $fd_write (i32.load (i32.const 16)) (i32.const 32) (i32.const 1) (i32.const 20))))))
          (func (export "random") (result i32) (call $random_get (i32.const 512) (i32.const 2000))))`,
      ),
    );
    expect(exports.copy()).toBe(0);
    expect(exports.random()).toBe(0);
    expect(output).toEqual(["contents"]);
    using reader = new Client({ preopens: { "/": scratch.directory } });
    expect(reader.contents("file")).toBe("contentscontents");
    scratch.remove();
  });
});

describe.skipIf(!hasHandles)("a store that is dropped", () => {
  it("lets its files go when it is collected", async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const openFiles = () => readdirSync("/proc/self/fd").length;
    const before = openFiles();
    for (let round = 0; round < 20; round++) {
      new Store().setWasi(new WasiConfig({ preopens: { "/": hostDirectory(".") } }));
    }
    expect(openFiles()).toBe(before + 20);
    await expect
      .poll(() => {
        collect();
        return openFiles() - before;
      })
      .toBeLessThan(5);
  });
});
