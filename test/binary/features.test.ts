import { describe, expect, test } from "vitest";
import { decodeModule } from "../../src/binary/decode.ts";
import { checkFeatures } from "../../src/binary/features.ts";
import type { Feature } from "../../src/binary/opcodes.ts";
import { SectionId } from "../../src/binary/sections.ts";
import { CompileError } from "../../src/errors.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";
import { defaultFeatures, every, refused, without } from "./gated.ts";

describe("checkFeatures", () => {
  test.each(refused)("without %s refuses %s", (features, text, message) => {
    const info = decodeModule(wat2wasm(`(module ${text})`));
    checkFeatures(info, every);
    const check = () => checkFeatures(info, without(...[features].flat()));
    expect(check).toThrow(CompileError);
    expect(check).toThrow(`${message} (at offset 0x`);
  });

  test("takes tables of funcref as WebAssembly 1.0 has them", () => {
    const info = decodeModule(
      wat2wasm(`(module
        (type $t (func)) (table 1 funcref) (func $f)
        (elem (i32.const 0) func $f)
        (func (call_indirect (type $t) (i32.const 0))))`),
    );
    checkFeatures(info, new Set<Feature>(["mvp"]));
  });

  test("reads a global in an initialiser only when it is imported, without gc", () => {
    const info = decodeModule(
      wat2wasm(`(module (import "" "" (global $a i32)) (global i32 (global.get $a)))`),
    );
    checkFeatures(info, new Set<Feature>(["mvp"]));
  });

  test.each<[string, Feature, number[], number[]]>([
    // call_indirect 0 0, the table index padded
    ["call_indirect", "referenceTypes", [0x00, 0x11, 0x00, 0x00], [0x00, 0x11, 0x00, 0x80, 0x00]],
    // memory.size 0, the memory index padded
    ["memory.size", "multiMemory", [0x3f, 0x00, 0x1a], [0x3f, 0x80, 0x00, 0x1a]],
    // i32.load, memory 0 spelled out
    ["i32.load", "multiMemory", [0x00, 0x28, 0x02, 0x00, 0x1a], [0x00, 0x28, 0x42, 0x00, 0x00, 0x1a]],
  ])("takes the encoding of %s that came with %s only with it", (_, feature, plain, extended) => {
    const moduleWith = (code: number[]) => {
      const start = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 4, 4, 1, 0x70, 0, 0];
      const body = [0, ...code, 0x0b];
      return decodeModule(
        Uint8Array.of(...start, 5, 3, 1, 0, 1, 10, body.length + 2, 1, body.length, ...body),
      );
    };
    checkFeatures(moduleWith(plain), without(feature));
    checkFeatures(moduleWith(extended), every);
    expect(() => checkFeatures(moduleWith(extended), without(feature))).toThrow(
      /zero byte expected|alignment too large/,
    );
  });

  test("sees a page size that is spelled out though it is the usual one", () => {
    const info = decodeModule(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 4, 1, 0x08, 1, 16));
    expect(() => checkFeatures(info, defaultFeatures)).toThrow("the custom page sizes proposal");
  });

  test("leaves bodies, elements and data unread while everything is on that could show there", () => {
    const segments = decodeModule(wat2wasm('(module (func $f) (elem func $f) (data "a"))'));
    for (const { id, payload, end } of segments.sections) {
      if (id === SectionId.element || id === SectionId.data) segments.bytes.fill(0xff, payload + 1, end);
    }
    checkFeatures(segments, defaultFeatures);
    const bytes = wat2wasm("(module (func (drop (i32.const 1))))");
    bytes.fill(0xff, bytes.length - 4);
    checkFeatures(decodeModule(bytes), defaultFeatures);
    expect(() => checkFeatures(decodeModule(bytes), without("simd"))).toThrow("illegal opcode: 0xff");
  });

  test("tells the offset of the first use", () => {
    const bytes = wat2wasm("(module (func nop) (func nop (atomic.fence)))");
    const offset = bytes.lastIndexOf(0xfe);
    expect(() => checkFeatures(decodeModule(bytes), without("threads"))).toThrow(
      expect.objectContaining({ offset }),
    );
  });
});
