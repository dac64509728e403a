import { expect, test } from "vitest";
import { decodeModule } from "../../src/binary/decode.ts";
import { NameSubsection, Names } from "../../src/binary/names.ts";
import { ByteWriter } from "../../src/binary/writer.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";

function namesOf(write: (writer: ByteWriter) => void): Names {
  const writer = new ByteWriter();
  writer.preamble();
  writer.customSection("name", () => write(writer));
  return new Names(decodeModule(writer.finish()));
}

function subsection(writer: ByteWriter, id: number, write: () => void): void {
  writer.u8(id);
  writer.sized(write);
}

test("Names holds what a text module calls things", () => {
  const names = new Names(
    decodeModule(
      wat2wasm(`(module $m
        (type $point (struct (field $x i32) (field $y i32)))
        (import "" "" (func $imported))
        (table $table 0 funcref) (memory $memory 1) (tag $tag)
        (global $global i32 (i32.const 0))
        (func $f (param $p i32) (local $l i32) (block $label nop))
        (elem $elem func) (data $data ""))`),
    ),
  );
  expect(names.module).toBe("m");
  expect(names.functions).toEqual(
    new Map([
      [0, "imported"],
      [1, "f"],
    ]),
  );
  expect(names.locals.get(1)).toEqual(
    new Map([
      [0, "p"],
      [1, "l"],
    ]),
  );
  expect(names.labels.get(1)).toEqual(new Map([[0, "label"]]));
  expect(names.types).toEqual(new Map([[0, "point"]]));
  expect(names.tables).toEqual(new Map([[0, "table"]]));
  expect(names.memories).toEqual(new Map([[0, "memory"]]));
  expect(names.globals).toEqual(new Map([[0, "global"]]));
  expect(names.elements).toEqual(new Map([[0, "elem"]]));
  expect(names.data).toEqual(new Map([[0, "data"]]));
  expect(names.fields.get(0)).toEqual(
    new Map([
      [0, "x"],
      [1, "y"],
    ]),
  );
  expect(names.tags).toEqual(new Map([[0, "tag"]]));
});

test("Names of a module without a name section are empty", () => {
  const names = new Names(decodeModule(wat2wasm("(module (func))")));
  expect(names.module).toBeUndefined();
  expect(names.functions.size).toBe(0);
  expect(names.locals.size).toBe(0);
});

test("Names keeps what stands before the damage", () => {
  const names = namesOf((writer) => {
    subsection(writer, NameSubsection.module, () => writer.bytes(Uint8Array.of(2, 0x61, 0xff)));
    subsection(writer, NameSubsection.functions, () => {
      writer.u32(3);
      writer.u32(0);
      writer.name("a");
      writer.u32(7);
      writer.bytes(Uint8Array.of(9, 0x61));
    });
    subsection(writer, NameSubsection.locals, () => {
      writer.u32(2);
      writer.u32(5);
      writer.u32(0xffff_ffff);
      writer.u32(0);
      writer.name("b");
    });
    writer.bytes(Uint8Array.of(NameSubsection.types, 100, 1));
  });
  expect(names.module).toBeUndefined();
  expect(names.functions).toEqual(new Map([[0, "a"]]));
  expect(names.locals).toEqual(new Map([[5, new Map([[0, "b"]])]]));
  expect(names.types.size).toBe(0);
});

test("Names skips subsections it does not know", () => {
  const names = namesOf((writer) => {
    subsection(writer, 99, () => writer.bytes(Uint8Array.of(1, 2, 3)));
    subsection(writer, NameSubsection.module, () => writer.name("m"));
  });
  expect(names.module).toBe("m");
});
