// Runs wasm-tools, the reference implementation of the text format, in this process: its core module is part of the
// npm package @bytecodealliance/jco-transpile. `node scripts/fetch-wasm-tools.mjs` puts it where it is looked for; the
// environment variable WASMLINK_WASM_TOOLS names another place. Development only.
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

export const wasmToolsPath =
  process.env.WASMLINK_WASM_TOOLS ??
  fileURLToPath(new URL("../.cache/wasm-tools.core.wasm", import.meta.url));

const functionPrefix = "local:wasm-tools/tools#";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** `parse` and `print`, or undefined where the module is missing. */
export function loadWasmTools() {
  if (!existsSync(wasmToolsPath)) return undefined;
  const module = new WebAssembly.Module(readFileSync(wasmToolsPath));
  let exports = instantiate(module);

  /** Calls a function from bytes to bytes, through the canonical ABI. */
  function call(name, input) {
    try {
      const pointer = exports.cabi_realloc(0, 0, 1, input.length);
      new Uint8Array(exports.memory.buffer, pointer, input.length).set(input);
      const result = exports[functionPrefix + name](pointer, input.length);
      const [failed, start, length] = new Uint32Array(exports.memory.buffer.slice(result, result + 12));
      const output = new Uint8Array(exports.memory.buffer, start, length).slice();
      exports[`cabi_post_${functionPrefix}${name}`](result);
      return (failed & 0xff) === 0 ? output : decoder.decode(output);
    } catch (error) {
      // After a panic the instance is unusable.
      exports = instantiate(module);
      return `panic: ${error.message}`;
    }
  }

  return {
    /** The bytes of a text, or wasm-tools' error as it prints itself for debugging. */
    parse: (text) => call("parse", encoder.encode(text)),
    /** The text of a module, or the error in an object. */
    print: (bytes) => {
      const output = call("print", bytes);
      return typeof output === "string" ? { error: output } : decoder.decode(output);
    },
  };
}

function instantiate(module) {
  const memory = () => new DataView(instance.exports.memory.buffer);
  const functions = {
    environ_get: () => 0,
    environ_sizes_get(count, size) {
      memory().setUint32(count, 0, true);
      memory().setUint32(size, 0, true);
      return 0;
    },
    fd_write(_descriptor, vectors, count, written) {
      let total = 0;
      for (let index = 0; index < count; index++) total += memory().getUint32(vectors + 8 * index + 4, true);
      memory().setUint32(written, total, true);
      return 0;
    },
    proc_exit(code) {
      throw new Error(`exit ${code}`);
    },
    random_get: () => 0,
  };
  const notSupported = 52;
  const wasi = Object.fromEntries(
    WebAssembly.Module.imports(module).map(({ name }) => [name, functions[name] ?? (() => notSupported)]),
  );
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi });
  return instance.exports;
}
