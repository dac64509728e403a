import { expect, test } from "vitest";
import { ByteWriter } from "../../src/binary/writer.ts";
import { Engine, Instance, Linker, Module, Store } from "../../src/index.ts";

const engine = new Engine();

test("linker.toImports leaves the prototypes of objects alone, whatever a guest calls its imports", () => {
  const module = new Module(
    engine,
    '(module (import "__proto__" "polluted" (func)) (import "constructor" "polluted" (func)))',
  );
  const linker = new Linker(engine).defineUnknownImportsAsTraps(module);
  const imports = linker.toImports(new Store(engine), module);
  expect("polluted" in {}).toBe(false);
  expect("polluted" in Object).toBe(false);
  expect(Object.keys(imports)).toEqual(["__proto__", "constructor"]);
});

/** One function that does nothing and starts, exported under many names. */
function exporting(names: readonly string[]): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writer.preamble();
  writer.section(1, () => writer.bytes(Uint8Array.of(1, 0x60, 0, 0)));
  writer.section(3, () => writer.bytes(Uint8Array.of(1, 0)));
  writer.section(7, () => {
    writer.vec(names, (name) => {
      writer.name(name);
      writer.bytes(Uint8Array.of(0, 0));
    });
  });
  writer.section(8, () => writer.u32(0));
  writer.section(10, () => writer.bytes(Uint8Array.of(1, 2, 0, 0x0b)));
  return writer.finish();
}

test("exports named like hidden ones cost no more than others", () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `e${index}`);
  const likeHidden = ["'".repeat(90_000), "start", "1:start", "2:start"].map((rest) => `wasmlink:${rest}`);
  const module = new Module(engine, exporting([...names, ...likeHidden]));
  expect(new Instance(new Store(engine), module, []).getFunc("wasmlink:1:start")?.()).toBeUndefined();
});

test("linker.defineInstance takes tens of thousands of exports that were imported", () => {
  const count = 40_000;
  const indices = Array.from({ length: count }, (_, index) => index);
  const writer = new ByteWriter();
  writer.preamble();
  writer.section(1, () => writer.bytes(Uint8Array.of(1, 0x60, 0, 0)));
  writer.section(2, () => {
    writer.vec(indices, () => {
      writer.name("host");
      writer.name("nop");
      writer.bytes(Uint8Array.of(0, 0));
    });
  });
  writer.section(7, () => {
    writer.vec(indices, (index) => {
      writer.name(String(index));
      writer.u8(0);
      writer.u32(index);
    });
  });
  const store = new Store(engine);
  const linker = new Linker(engine).defineFunc("host", "nop", { params: [], results: [] }, () => {});
  const instance = linker.instantiate(store, new Module(engine, writer.finish()));
  linker.defineInstance(store, "copy", instance);
  expect(linker.get(store, "copy", String(count - 1))).toBe(linker.get(store, "host", "nop"));
});
