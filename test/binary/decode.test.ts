import { describe, expect, test } from "vitest";
import { customSections } from "../../src/binary/custom-sections.ts";
import { decodeModule } from "../../src/binary/decode.ts";
import type { ModuleInfo } from "../../src/binary/module-info.ts";
import { findSection, SectionId } from "../../src/binary/sections.ts";
import { modulePreamble } from "../../src/binary/writer.ts";
import { CompileError } from "../../src/errors.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";

function decoded(text: string): ModuleInfo {
  return decodeModule(wat2wasm(text));
}

/** A module of the given bytes behind the preamble. */
function moduleOf(...bytes: number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(...modulePreamble, ...bytes);
}

describe("decodeModule reads", () => {
  test("the empty module", () => {
    const info = decodeModule(moduleOf());
    expect(info.sections).toEqual([]);
    expect(info.imported).toEqual({ func: 0, table: 0, memory: 0, global: 0, tag: 0 });
    expect(info.start).toBeUndefined();
  });

  test("imports of every kind, in front of the definitions", () => {
    const info = decoded(`(module
      (type $t (func (param i32) (result i64)))
      (import "a" "f" (func (type $t)))
      (import "a" "t" (table i64 2 5 externref))
      (import "a" "m" (memory 1 3 shared))
      (import "a" "g" (global (mut f32)))
      (import "a" "e" (tag (param i32)))
      (func (type $t) (i64.const 0))
      (table 1 funcref)
      (memory i64 1)
      (global v128 (v128.const i64x2 0 0))
      (tag))`);
    expect(info.imports.map(({ module, name }) => `${module}.${name}`)).toEqual([
      "a.f",
      "a.t",
      "a.m",
      "a.g",
      "a.e",
    ]);
    expect(info.imports[0]?.desc).toEqual({ kind: "func", typeIndex: 0 });
    expect(info.imported).toEqual({ func: 1, table: 1, memory: 1, global: 1, tag: 1 });
    expect(info.functions).toEqual([0, 0]);
    expect(info.tables).toEqual([
      { kind: "table", element: "externref", minimum: 2, maximum: 5, address: "i64" },
      { kind: "table", element: "funcref", minimum: 1, address: "i32" },
    ]);
    expect(info.memories).toEqual([
      { kind: "memory", minimum: 1, maximum: 3, shared: true, address: "i32", pageSize: 65536 },
      { kind: "memory", minimum: 1, shared: false, address: "i64", pageSize: 65536 },
    ]);
    expect(info.globals).toEqual([
      { kind: "global", content: "f32", mutable: true },
      { kind: "global", content: "v128", mutable: false },
    ]);
    expect(info.tags.map((index) => info.types[index]?.composite)).toEqual([
      { kind: "func", params: ["i32"], results: [] },
      { kind: "func", params: [], results: [] },
    ]);
  });

  test("recursion groups, subtypes and the types of garbage collection", () => {
    const info = decoded(`(module
      (type $a (sub (struct (field i8) (field (mut (ref null $a))))))
      (rec
        (type $b (sub $a (struct (field i8) (field (mut (ref null $a))) (field (ref $c)))))
        (type $c (array (mut i16)))))`);
    expect(info.groups).toEqual([
      { first: 0, length: 1 },
      { first: 1, length: 2 },
    ]);
    expect(info.types).toEqual([
      {
        composite: {
          kind: "struct",
          fields: [
            { storage: "i8", mutable: false },
            { storage: { ref: { typeIndex: 0 }, nullable: true }, mutable: true },
          ],
        },
        final: false,
        supertypes: [],
      },
      {
        composite: {
          kind: "struct",
          fields: [
            { storage: "i8", mutable: false },
            { storage: { ref: { typeIndex: 0 }, nullable: true }, mutable: true },
            { storage: { ref: { typeIndex: 2 }, nullable: false }, mutable: false },
          ],
        },
        final: false,
        supertypes: [0],
      },
      {
        composite: { kind: "array", element: { storage: "i16", mutable: true } },
        final: true,
        supertypes: [],
      },
    ]);
  });

  test("custom descriptors and exact imports", () => {
    const info = decoded(`(module
      (rec
        (type $a (descriptor $b) (struct))
        (type $b (describes $a) (struct)))
      (type $f (func (param (ref (exact $a)))))
      (import "" "f" (func (exact (type $f)))))`);
    expect(info.types[0]?.descriptor).toBe(1);
    expect(info.types[1]?.describes).toBe(0);
    expect(info.types[2]?.composite).toEqual({
      kind: "func",
      params: [{ ref: { typeIndex: 0, exact: true }, nullable: false }],
      results: [],
    });
    expect(info.imports[0]?.desc).toEqual({ kind: "func", typeIndex: 2, exact: true });
  });

  test("custom page sizes, and 64-bit sizes exactly", () => {
    const info = decoded(`(module
      (memory 5 (pagesize 1))
      (memory i64 1 0x1_0000_0000_0000)
      (table i64 0 0xffff_ffff_ffff_ffff funcref))`);
    expect(info.memories[0]?.pageSize).toBe(1);
    expect(info.memories[1]?.maximum).toBe(2 ** 48);
    expect(info.tables[0]?.maximum).toBe(2n ** 64n - 1n);
  });

  test("initialisers as ranges that include their end", () => {
    const info = decoded(`(module
      (table 1 funcref (ref.null func))
      (table 1 funcref)
      (global i32 (i32.add (i32.const 1) (i32.const 2))))`);
    const [withInit, without] = info.definedTables;
    expect(info.bytes.slice(withInit?.init?.start, withInit?.init?.end)).toEqual(
      Uint8Array.of(0xd0, 0x70, 0x0b),
    );
    expect(without?.init).toBeUndefined();
    const [{ init } = { init: { start: 0, end: 0 } }] = info.definedGlobals;
    expect(info.bytes.slice(init.start, init.end)).toEqual(Uint8Array.of(0x41, 1, 0x41, 2, 0x6a, 0x0b));
  });

  test("exports, start and the counts of segments", () => {
    const info = decoded(`(module
      (func $f) (table $t 1 funcref) (memory 1)
      (export "" (func $f)) (export "\\00" (memory 0)) (export "t" (table $t))
      (start $f)
      (elem (table $t) (i32.const 0) func $f)
      (data "a") (data (i32.const 0) "b"))`);
    expect(info.exports).toEqual([
      { name: "", kind: "func", index: 0 },
      { name: "\0", kind: "memory", index: 0 },
      { name: "t", kind: "table", index: 0 },
    ]);
    expect(info.start).toBe(0);
    expect(info.elementCount).toBe(1);
    expect(info.dataCount).toBe(2);
  });

  test("imports in the compact forms", () => {
    const types = [1, 4, 1, 0x60, 0, 0];
    const byName = [1, 0x61, 0, 0x7f, 2, 1, 0x66, 0, 0, 1, 0x67, 3, 0x7f, 0];
    const byType = [1, 0x62, 0, 0x7e, 0, 0, 2, 1, 0x68, 1, 0x69];
    const section = [2, byName, byType].flat();
    const info = decodeModule(moduleOf(...types, 2, section.length, ...section));
    expect(info.compactImports).toBe(true);
    expect(info.imports).toEqual([
      { module: "a", name: "f", desc: { kind: "func", typeIndex: 0 } },
      { module: "a", name: "g", desc: { kind: "global", content: "i32", mutable: false } },
      { module: "b", name: "h", desc: { kind: "func", typeIndex: 0 } },
      { module: "b", name: "i", desc: { kind: "func", typeIndex: 0 } },
    ]);
    expect(info.functions).toEqual([0, 0, 0]);
    expect(decoded(`(module (import "a" "f" (func)))`).compactImports).toBe(false);
  });

  test("sections with their ranges, custom ones with name and content", () => {
    const info = decodeModule(moduleOf(0, 5, 1, 0x61, 1, 2, 3, 1, 1, 0, 0, 3, 1, 0x61, 4));
    expect(info.sections).toEqual([
      { id: 0, start: 8, payload: 10, end: 15, custom: { name: "a", content: 12 } },
      { id: 1, start: 15, payload: 17, end: 18 },
      { id: 0, start: 18, payload: 20, end: 23, custom: { name: "a", content: 22 } },
    ]);
    expect(findSection(info, SectionId.type)?.start).toBe(15);
    expect(customSections(info, "a")).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
    expect(customSections(info, "b")).toEqual([]);
  });

  test("nothing of the code: a damaged body does not disturb", () => {
    const bytes = wat2wasm("(module (func (drop (i32.const 1))))");
    const code = findSection(decodeModule(bytes), SectionId.code);
    bytes.fill(0xff, code!.payload + 1, code!.end);
    expect(decodeModule(bytes).functions).toEqual([0]);
  });
});

const funcType = [1, 4, 1, 0x60, 0, 0];

describe("decodeModule refuses", () => {
  test.each<[string, number[], string]>([
    ["a section id beyond seven bits", [0x80], "malformed section id (at offset 0x8)"],
    ["an unknown section", [0x20, 0], "malformed section id: 32 (at offset 0xa)"],
    ["a second module", [0, 0x61, 0x73, 0x6d], "expected section, got wasm magic number (at offset 0x8)"],
    ["a section beyond the end", [1, 5, 0], "unexpected end-of-file (at offset 0xa)"],
    ["a section without a count", [1, 0], "unexpected end-of-file (at offset 0xa)"],
    ["a custom section without a name", [0, 0], "unexpected end-of-file (at offset 0xa)"],
    ["a custom section whose name is not UTF-8", [0, 2, 1, 0xff], "malformed UTF-8 encoding (at offset 0xb)"],
    [
      "bytes behind the last entry",
      [1, 2, 0, 0],
      "section size mismatch: unexpected data at the end of the section (at offset 0xb)",
    ],
    ["sections in the wrong order", [3, 1, 0, 1, 1, 0], "section out of order (at offset 0xd)"],
    ["a section twice", [1, 1, 0, 1, 1, 0], "section out of order (at offset 0xd)"],
    ["tags behind globals", [6, 1, 0, 13, 1, 0], "section out of order (at offset 0xd)"],
    [
      "functions without code",
      [...funcType, 3, 2, 1, 0],
      "function section has non-zero count but code section is absent (at offset 0x12)",
    ],
    [
      "code without functions",
      [10, 1, 1],
      "function section is absent but code section has non-zero count (at offset 0xa)",
    ],
    [
      "more code than functions",
      [...funcType, 3, 2, 1, 0, 10, 1, 2],
      "function and code section have inconsistent lengths (at offset 0x14)",
    ],
    [
      "a data count without data",
      [12, 1, 1],
      "data count is non-zero but data section is absent (at offset 0xb)",
    ],
    [
      "a data count that is wrong",
      [12, 1, 1, 11, 1, 0],
      "data count and data section have inconsistent lengths (at offset 0xe)",
    ],
    ["more than a data count", [12, 2, 0, 0], "unexpected content in the data count section (at offset 0xb)"],
    [
      "an invalid kind of import",
      [2, 5, 1, 0, 0, 5, 0],
      "invalid leading byte (0x5) for external kind (at offset 0xd)",
    ],
    [
      "an import of a missing type",
      [2, 5, 1, 0, 0, 0, 5],
      "unknown type 5: type index out of bounds (at offset 0xb)",
    ],
    [
      "a function of a struct type",
      [1, 3, 1, 0x5f, 0, 3, 2, 1, 0],
      "type index 0 is not a function type (at offset 0x10)",
    ],
    [
      "a type that refers to a later group",
      [1, 6, 1, 0x60, 1, 0x63, 5, 0],
      "unknown type 5: type index out of bounds (at offset 0xb)",
    ],
    [
      "a supertype that is not there yet",
      [1, 6, 1, 0x50, 1, 0, 0x5f, 0],
      "supertypes must be defined before subtypes (at offset 0xb)",
    ],
    [
      "a final supertype",
      [1, 10, 2, 0x4f, 0, 0x5f, 0, 0x50, 1, 0, 0x5f, 0],
      "sub type cannot have a final super type (at offset 0xf)",
    ],
    ["a tag with an attribute", [2, 6, 1, 0, 0, 4, 1, 0], "invalid tag attributes (at offset 0xe)"],
    [
      "a tag with results",
      [1, 5, 1, 0x60, 0, 1, 0x7f, 13, 3, 1, 0, 0],
      "invalid exception type: non-empty tag result type (at offset 0x12)",
    ],
    [
      "limits upside down",
      [5, 4, 1, 1, 2, 1],
      "size minimum must not be greater than maximum (at offset 0xb)",
    ],
    [
      "a memory beyond its address space",
      [5, 5, 1, 0, 0x81, 0x80, 4],
      "memory size must be at most 0x10000 65536-byte pages (at offset 0xb)",
    ],
    [
      "a table beyond its address space",
      [4, 8, 1, 0x70, 0, 0x80, 0x80, 0x80, 0x80, 0x10],
      "table size must be at most 0xffffffff entries (at offset 0xb)",
    ],
    [
      "a shared memory without a maximum",
      [5, 3, 1, 2, 1],
      "shared memory must have maximum size (at offset 0xb)",
    ],
    ["more tables than wasmtime takes", [4, 1, 101], "tables count exceeds limit of 100 (at offset 0xa)"],
    [
      "an unassigned opcode in an initialiser",
      [6, 5, 1, 0x7f, 0, 0xff, 0x0b],
      "illegal opcode: 0xff (at offset 0xd)",
    ],
    [
      "an unassigned code behind a prefix",
      [6, 7, 1, 0x7f, 0, 0xfc, 0xff, 0x7f, 0x0b],
      "unknown 0xfc subopcode: 0x3fff (at offset 0xd)",
    ],
    ["an initialiser without an end", [6, 5, 1, 0x7f, 0, 0x41, 0], "unexpected end-of-file (at offset 0xf)"],
    [
      "an export of nothing",
      [7, 4, 1, 0, 2, 0],
      "unknown memory 0: exported memory index out of bounds (at offset 0xb)",
    ],
    [
      "an export of a missing tag",
      [7, 4, 1, 0, 4, 0],
      "unknown tag 0: exported tag index out of bounds (at offset 0xb)",
    ],
    [
      "more data than wasmtime takes",
      [12, 3, 0xa1, 0x8d, 0x06],
      "data count section specifies too many data segments (at offset 0xa)",
    ],
    [
      "a description of a type that is not there yet",
      [1, 5, 1, 0x4c, 0, 0x5f, 0],
      "forward describes reference (at offset 0xb)",
    ],
    [
      "two exports of one name",
      [5, 3, 1, 0, 1, 7, 7, 2, 0, 2, 0, 0, 2, 0],
      "duplicate export name `` already defined (at offset 0x13)",
    ],
    [
      "a start function that is missing",
      [8, 1, 0],
      "unknown function 0: func index out of bounds (at offset 0xa)",
    ],
    [
      "a start function with parameters",
      [1, 5, 1, 0x60, 1, 0x7f, 0, 3, 2, 1, 0, 8, 1, 0],
      "invalid start function type (at offset 0x15)",
    ],
  ])("%s", (_, bytes, message) => {
    const offset = Number(/0x[0-9a-f]+(?=\)$)/.exec(message)?.[0]);
    const expected = expect.objectContaining({ message, offset });
    expect(() => decodeModule(moduleOf(...bytes))).toThrow(expected);
    expect(() => decodeModule(moduleOf(...bytes))).toThrow(CompileError);
  });

  test.each<[string, number[], string]>([
    ["no bytes", [], "unexpected end-of-file (at offset 0x0)"],
    ["half a preamble", [0, 0x61, 0x73, 0x6d, 1], "unexpected end-of-file (at offset 0x4)"],
    [
      "another version",
      [0, 0x61, 0x73, 0x6d, 2, 0, 0, 0],
      "unknown binary version:        0x2 (at offset 0x4)",
    ],
    [
      "a component",
      [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0],
      "expected a WebAssembly module but was given a WebAssembly component",
    ],
    [
      "something else",
      [1, 2, 3, 4, 1, 0, 0, 0],
      "magic header not detected: bad magic number - expected=[\n    0x0,\n    0x61,\n    0x73,\n    0x6d,\n] " +
        "actual=[\n    0x1,\n    0x2,\n    0x3,\n    0x4,\n] (at offset 0x0)",
    ],
  ])("%s", (_, bytes, message) => {
    expect(() => decodeModule(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ message }));
  });
});
