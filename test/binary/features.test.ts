import { describe, expect, test } from "vitest";
import { decodeModule } from "../../src/binary/decode.ts";
import { checkFeatures, defaultFeatures } from "../../src/binary/features.ts";
import type { Feature } from "../../src/binary/opcodes.ts";
import { CompileError } from "../../src/errors.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";

const every = new Set<Feature>([
  ...defaultFeatures,
  "legacyExceptions",
  "customPageSizes",
  "customDescriptors",
]);

function without(...features: Feature[]): Set<Feature> {
  return new Set([...every].filter((feature) => !features.includes(feature)));
}

/** Every row: what is off, a module that needs it, what is said, up to the offset. */
const refused: [Feature | Feature[], string, string][] = [
  [
    "signExtension",
    "(func (drop (i32.extend8_s (i32.const 0))))",
    "sign extension operations support is not enabled",
  ],
  [
    "saturatingFloatToInt",
    "(func (drop (i32.trunc_sat_f32_s (f32.const 0))))",
    "saturating float to int conversions support is not enabled",
  ],
  [
    "bulkMemory",
    "(memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))",
    "bulk memory support is not enabled",
  ],
  ["bulkMemory", '(data "")', "passive data segments require the bulk-memory proposal"],
  ["bulkMemory", "(func $f) (elem declare func $f)", "bulk memory must be enabled"],
  [
    "multiValue",
    "(func (result i32 i32) (unreachable))",
    "func type returns multiple values but the multi-value feature is not enabled",
  ],
  [
    "multiValue",
    "(func (i32.const 0) (block (param i32) (drop)))",
    "blocks, loops, and ifs may only produce a resulttype when multi-value is not enabled",
  ],
  ["referenceTypes", "(func (param externref))", "reference types support is not enabled"],
  ["referenceTypes", "(func (local funcref))", "reference types support is not enabled"],
  ["referenceTypes", "(table 1 externref)", "reference types support is not enabled"],
  ["referenceTypes", "(elem funcref (ref.null func))", "reference types support is not enabled"],
  ["referenceTypes", "(func (drop (ref.null func)))", "reference types support is not enabled"],
  ["referenceTypes", "(table 1 funcref) (table 1 funcref)", "multiple tables"],
  ["referenceTypes", '(import "" "" (table 1 funcref)) (import "" "" (table 1 funcref))', "multiple tables"],
  ["simd", "(func (param v128))", "SIMD support is not enabled"],
  ["simd", "(func (local v128))", "SIMD support is not enabled"],
  ["simd", "(global v128 (v128.const i64x2 0 0))", "SIMD support is not enabled"],
  ["simd", "(func (drop (v128.const i64x2 0 0)))", "SIMD support is not enabled"],
  ["simd", "(func (drop (block (result v128) (unreachable))))", "SIMD support is not enabled"],
  ["simd", "(func (drop (select (result v128) (unreachable))))", "SIMD support is not enabled"],
  [
    "relaxedSimd",
    "(func (drop (i8x16.relaxed_swizzle (unreachable))))",
    "relaxed SIMD support is not enabled",
  ],
  ["threads", "(memory 1 1 shared)", "threads must be enabled for shared memories"],
  ["threads", '(import "" "" (memory 1 1 shared))', "threads must be enabled for shared memories"],
  ["threads", "(func (atomic.fence))", "threads support is not enabled"],
  ["tailCall", "(func $f (return_call $f))", "tail calls support is not enabled"],
  ["multiMemory", "(memory 1) (memory 1)", "multiple memories"],
  ["multiMemory", '(import "" "" (memory 1)) (memory 1)', "multiple memories"],
  ["multiMemory", '(import "" "" (memory 1)) (import "" "" (memory 1))', "multiple memories"],
  ["memory64", "(memory i64 1)", "memory64 must be enabled for 64-bit memories"],
  ["memory64", "(table i64 1 funcref)", "memory64 must be enabled for 64-bit tables"],
  [
    "extendedConst",
    "(global i32 (i32.add (i32.const 1) (i32.const 2)))",
    "constant expression required: non-constant operator: i32.add",
  ],
  [
    "extendedConst",
    '(memory 1) (data (i32.mul (i32.const 1) (i32.const 2)) "")',
    "constant expression required: non-constant operator: i32.mul",
  ],
  ["exceptions", "(tag)", "exceptions proposal not enabled"],
  ["exceptions", '(import "" "" (tag))', "exceptions proposal not enabled"],
  ["exceptions", "(func (try_table))", "exceptions support is not enabled"],
  [
    "exceptions",
    "(func (param exnref))",
    "exception refs not supported without the exception handling feature",
  ],
  [
    "legacyExceptions",
    "(tag) (func try catch_all end)",
    "legacy_exceptions feature required for try instruction",
  ],
  ["functionReferences", "(func (param (ref func)))", "function references required for non-nullable types"],
  [
    "functionReferences",
    "(table 1 funcref (ref.null func))",
    "tables with expression initializers require the function-references proposal",
  ],
  [
    ["functionReferences", "gc"],
    "(type $f (func)) (func (param (ref null $f)))",
    "function references required for index reference types",
  ],
  [
    "functionReferences",
    "(type $f (func)) (func (call_ref $f (unreachable)))",
    "function references support is not enabled",
  ],
  ["gc", "(func (param anyref))", "heap types not supported without the gc feature"],
  ["gc", "(type (sub (func)))", "gc proposal must be enabled to use subtypes"],
  ["gc", "(rec (type (func)))", "rec group usage requires `gc` proposal to be enabled"],
  ["gc", "(type (struct))", "struct indexed types not supported without the gc feature"],
  ["gc", "(type (array i8))", "array indexed types not supported without the gc feature"],
  [
    "gc",
    "(type $f (func (param (ref null $f))))",
    "unknown type 0: type index out of bounds because the GC proposal is disabled",
  ],
  ["gc", "(func (drop (ref.i31 (i32.const 0))))", "gc support is not enabled"],
  [
    "gc",
    "(global $a i32 (i32.const 0)) (global i32 (global.get $a))",
    "constant expression required: global.get of locally defined global",
  ],
  [
    "gc",
    "(table 1 externref (extern.convert_any (unreachable)))",
    "constant expression required: non-constant operator: extern.convert_any",
  ],
  [
    "wideArithmetic",
    "(func (i64.mul_wide_s (unreachable)) unreachable)",
    "wide arithmetic support is not enabled",
  ],
  [
    "customPageSizes",
    "(memory 1 (pagesize 1))",
    "the custom page sizes proposal must be enabled to customize a memory's page size",
  ],
  [
    "customPageSizes",
    '(import "" "" (memory 1 (pagesize 1)))',
    "the custom page sizes proposal must be enabled to customize a memory's page size",
  ],
  [
    "customDescriptors",
    "(rec (type $a (descriptor $b) (struct)) (type $b (describes $a) (struct)))",
    "custom descriptors proposal must be enabled to use descriptor and describes",
  ],
  [
    "customDescriptors",
    "(type $a (func)) (func (param (ref (exact $a))))",
    "custom descriptors required for exact reference types",
  ],
];

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

  test("leaves bodies unread while everything is on that could show there", () => {
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
