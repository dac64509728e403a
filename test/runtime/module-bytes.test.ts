import { expect, test } from "vitest";
import { Engine, Module, wat2wasm } from "../../src/index.ts";
import { thrownBy } from "../support/modules.ts";

const engine = new Engine();
const small = wat2wasm('(module (@custom "x" "abc") (func (export "f")))');
const large = wat2wasm(`(module (memory 2) (data "${"a".repeat(70_000)}"))`);

test("a small module is independent of the Buffer it was made from", () => {
  const bytes = Buffer.from(small);
  const module = new Module(engine, bytes);
  bytes.fill(0);
  expect(module.exports.map(({ name }) => name)).toEqual(["f"]);
  expect(module.customSections("x")).toEqual([Uint8Array.of(97, 98, 99)]);
});

test("module.customSections gives copies, also of a Buffer", () => {
  const module = new Module(engine, Buffer.from(small));
  module.customSections("x")[0]!.fill(0);
  expect(module.customSections("x")).toEqual([Uint8Array.of(97, 98, 99)]);
});

test("bytes in shared memory are copied, however many", () => {
  const shared = new Uint8Array(new SharedArrayBuffer(large.length));
  shared.set(large);
  const module = new Module(engine, shared);
  shared.fill(0);
  expect(module.serialize().length).toBeGreaterThan(large.length);
  expect(Module.deserialize(engine, module.serialize()).exports).toEqual([]);
});

test("text in shared memory is text", () => {
  const text = new TextEncoder().encode('(module (func (export "f")))');
  const shared = new Uint8Array(new SharedArrayBuffer(text.length));
  shared.set(text);
  expect(new Module(engine, shared).exports).toHaveLength(1);
});

test("what only looks like bytes is refused by name", async () => {
  const message = "expected wasm bytes, got an object (Uint8Array)";
  expect(thrownBy(() => new Module(engine, new Proxy(small, {})))).toMatchObject({
    name: "TypeError",
    message,
  });
  await expect(Module.compile(engine, null as any)).rejects.toMatchObject({
    name: "TypeError",
    message: "expected wasm bytes, got `null`",
  });
});

test("Module.fromNative refuses what is no compiled module", () => {
  expect(thrownBy(() => Module.fromNative(engine, {} as any, small))).toMatchObject({
    name: "TypeError",
    message: "Expected a WebAssembly.Module, got an object (Object)",
  });
});
