import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { file, text } from "../../scripts/call-sites.mjs";
import { Engine, Linker, Module, Store } from "../../src/index.ts";

test("call-sites.ts is what its script writes", () => {
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("more host functions of one shape than there are call sites keep apart", () => {
  const engine = new Engine();
  const linker = new Linker(engine);
  const count = 40;
  for (let index = 0; index < count; index++) {
    linker.defineFunc("plain", `f${index}`, { params: ["i32"], results: ["i32"] }, (x) => x + index);
    linker.defineFunc("caller", `f${index}`, { params: ["i32"], results: ["i32"] }, (_, x) => x - index, {
      accessCaller: true,
    });
  }
  const imports = Array.from(
    { length: count },
    (_, index) => `(import "plain" "f${index}" (func $p${index} (param i32) (result i32)))
      (import "caller" "f${index}" (func $c${index} (param i32) (result i32)))`,
  );
  const calls = Array.from(
    { length: count },
    (_, index) =>
      `(func (export "p${index}") (result i32) (call $p${index} (i32.const 100)))
       (func (export "c${index}") (result i32) (call $c${index} (i32.const 100)))`,
  );
  const module = new Module(engine, `(module ${imports.join("")} ${calls.join("")})`);
  const { exports } = linker.instantiate(new Store(engine), module);
  for (let index = 0; index < count; index++) {
    expect(exports[`p${index}`]()).toBe(100 + index);
    expect(exports[`c${index}`]()).toBe(100 - index);
  }
});
