/** What the engine would check had we not changed the module, or left the check to it. */
import { expect, test } from "vitest";
import { Engine, Linker, Module, Store } from "../../src/index.ts";

test("new Module refuses references to a start function that is not declared for them", () => {
  const text = "(module (start $f) (func $f (drop (ref.func $f))))";
  expect(() => new Module(new Engine(), text)).toThrow(
    "failed to compile: wasm[0]::function[0]::f\n\nCaused by:\n    0: WebAssembly translation error\n" +
      "    1: Invalid input WebAssembly code at offset 26: undeclared function reference\n",
  );
});

const pair = "(rec (type $a (func)) (type $b (func)))";

test.skipIf(!Engine.features()["gc"])(
  "tags of different types do not link, whatever they carry (needs gc)",
  () => {
    const engine = new Engine();
    const store = new Store(engine);
    const linker = new Linker(engine);
    const provider = new Module(engine, `(module ${pair} (tag (export "tag") (type $a)))`);
    linker.defineInstance(store, "M", linker.instantiate(store, provider));
    const wanting = (type: string) => new Module(engine, `(module ${pair} (tag (import "M" "tag") ${type}))`);
    expect(() => linker.instantiate(store, wanting("(type $a)"))).not.toThrow();
    for (const other of ["(type $b)", ""]) {
      expect(() => linker.instantiate(store, wanting(other))).toThrow(
        "incompatible import type for `M::tag`\n\nCaused by:\n    incompatible tag types\n",
      );
    }
  },
);

test("new Module blames a proposal the JavaScript engine lacks only for modules that use it", () => {
  const engine = new Engine();
  const missing = Object.entries(Engine.features()).filter(([, present]) => !present);
  // The count of the code section does not fit the function section.
  const malformed = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 1, 0);
  expect(() => new Module(engine, malformed), `lacking ${missing}`).toThrow(
    expect.objectContaining({ name: "CompileError" }),
  );
});
