/** What the proposals gate. */
import type { Feature } from "../../src/binary/opcodes.ts";

/** The proposals that are on in wasmtime 49 unless its configuration says otherwise. */
export const defaultFeatures: ReadonlySet<Feature> = new Set<Feature>([
  "mvp",
  "signExtension",
  "saturatingFloatToInt",
  "bulkMemory",
  "multiValue",
  "referenceTypes",
  "simd",
  "relaxedSimd",
  "threads",
  "tailCall",
  "multiMemory",
  "memory64",
  "extendedConst",
  "exceptions",
  "functionReferences",
  "gc",
  "wideArithmetic",
]);

/** Every proposal there is. */
export const every = new Set<Feature>([
  ...defaultFeatures,
  "legacyExceptions",
  "customPageSizes",
  "customDescriptors",
]);

/** Every proposal but these. */
export function without(...features: Feature[]): Set<Feature> {
  return new Set([...every].filter((feature) => !features.includes(feature)));
}

/** In each row: what is off, a module that needs it, what is said, up to the offset. */
export const refused: [Feature | Feature[], string, string][] = [
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
    "(global externref (extern.convert_any (ref.i31 (i32.const 0))))",
    "constant expression required: non-constant operator: ref.i31",
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
