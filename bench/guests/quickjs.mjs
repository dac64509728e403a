/** QuickJS runs a script. */
import { readFile } from "node:fs/promises";
import { Linker, WasiConfig } from "../../dist/index.js";

export const wasm = await readFile(new URL(import.meta.resolve("quickjs-wasi/quickjs.wasm")));

const script = await readFile(new URL("script.js", import.meta.url), "utf8");

/** @returns runs the workload once, and returns what came out */
export function start(module, newStore) {
  const store = newStore();
  const linker = new Linker(store.engine).defineWasi().defineUnknownImportsAsTraps(module);
  store.setWasi(new WasiConfig());
  const { exports: js } = linker.instantiate(store, module);
  const newString = (text) => {
    const address = js.wasm_malloc(Buffer.byteLength(text) + 1);
    js.memory.writeString(`${text}\0`, address);
    return address;
  };
  const file = newString("script.js");
  const evaluatorOf = (source) => {
    const code = newString(source);
    const length = Buffer.byteLength(source);
    return () => js.qjs_eval(code, length, file, 0);
  };
  js._initialize();
  js.qjs_init();
  evaluatorOf(script)();
  const evaluate = evaluatorOf("work()");
  return () => {
    const value = evaluate();
    const text = js.qjs_get_string(js.qjs_is_exception(value) ? js.qjs_get_exception() : value);
    const result = js.memory.readString(text, js.strlen(text));
    js.qjs_free_cstring(text);
    return result;
  };
}
