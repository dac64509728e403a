import { expect, test } from "vitest";
import { decodeModule } from "../../src/binary/decode.ts";
import { undeclaredReference } from "../../src/binary/references.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";

const reference = (text: string, funcIndex: number) =>
  undeclaredReference(decodeModule(wat2wasm(text)), funcIndex);

test("undeclaredReference finds ref.func of a function that nothing declares", () => {
  const text = "(module (func) (func (drop (ref.func 1)) (drop (ref.func 0))))";
  const bytes = wat2wasm(text);
  expect(reference(text, 0)).toBe(bytes.lastIndexOf(0xd2));
  expect(reference(text, 1)).toBe(bytes.indexOf(0xd2));
});

test.each([
  ["an export", '(export "f" (func 0))'],
  ["an element segment", "(elem declare func 0)"],
  ["a global", "(global funcref (ref.func 0))"],
])("undeclaredReference takes %s for a declaration", (_, declaration) => {
  expect(reference(`(module ${declaration} (func (drop (ref.func 0))))`, 0)).toBeUndefined();
});

test("undeclaredReference is not misled by bytes that look like ref.func", () => {
  // i32.const with the bytes d2 00, whose last byte is the opcode of unreachable as well.
  expect(reference("(module (func (drop (i32.const 0x52)) unreachable))", 0)).toBeUndefined();
  expect(reference("(module (func nop))", 0)).toBeUndefined();
  expect(reference("(module)", 0)).toBeUndefined();
});

test("undeclaredReference reads indices in every length", () => {
  const functions = "(func) ".repeat(300);
  expect(reference(`(module ${functions} (func (drop (ref.func 299))))`, 299)).toBeTypeOf("number");
  expect(reference(`(module ${functions} (func (drop (ref.func 299))))`, 43)).toBeUndefined();
  const padded = wat2wasm("(module (func (drop (ref.func 5)) nop nop) (func) (func) (func) (func) (func))");
  const opcode = padded.lastIndexOf(0xd2);
  // `ref.func 5` in three bytes, in the place of `ref.func 5; drop; nop`, and `drop` in that of the other `nop`.
  padded.set([0x85, 0x80, 0x00, 0x1a], opcode + 1);
  expect(undeclaredReference(decodeModule(padded), 5)).toBe(opcode);
});
