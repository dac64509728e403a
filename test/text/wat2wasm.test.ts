import { describe, expect, it } from "vitest";
import { WatSyntaxError } from "../../src/errors.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";

describe("wat2wasm", () => {
  it("translates a module the engine accepts", () => {
    const bytes = wat2wasm(`
      (module
        (func (export "add") (param $a i32) (param $b i32) (result i32)
          (i32.add (local.get $a) (local.get $b))))`);
    const { Module, Instance } = (globalThis as any).WebAssembly;
    expect(new Instance(new Module(bytes)).exports.add(2, 3)).toBe(5);
  });

  it("takes the fields of a module without `(module …)` around them", () => {
    expect(wat2wasm('(func (export "f"))')).toEqual(wat2wasm('(module (func (export "f")))'));
  });

  it("throws WatSyntaxError with line and column for an unknown instruction", () => {
    const error = (() => {
      try {
        wat2wasm("(module\n  (func foo))");
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    })();
    expect(error).toBeInstanceOf(WatSyntaxError);
    expect(error).toMatchObject({ line: 2, column: 9 });
  });

  it("throws TypeError for anything but a string", () => {
    expect(() => wat2wasm(7 as never)).toThrow(TypeError);
  });
});
