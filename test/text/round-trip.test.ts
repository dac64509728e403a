import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Immediates } from "../../src/binary/opcodes.ts";
import { ByteWriter } from "../../src/binary/writer.ts";
import { wasm2wat } from "../../src/text/wasm2wat.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";
import { instruction, writeOpcode } from "../binary/arbitrary-instructions.ts";

const structure: ReadonlySet<string> = new Set(["else", "end", "catch", "catch_all", "delegate"]);
const opens: ReadonlySet<string> = new Set(["block", "loop", "if", "try", "try_table"]);
const usesData = new Set<Immediates>(["data", "memoryData", "typeData"]);

const module = fc
  .tuple(
    fc.array(
      instruction.filter(({ operator }) => !structure.has(operator.name)),
      { maxLength: 30 },
    ),
    fc.uint8Array(),
  )
  .map(([instructions, custom]) => {
    const writer = new ByteWriter();
    writer.preamble();
    writer.section(1, () => writer.bytes(Uint8Array.of(2, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7e)));
    writer.section(3, () => writer.bytes(Uint8Array.of(1, 1)));
    writer.customSection("anything", () => writer.bytes(custom));
    if (instructions.some(({ operator }) => usesData.has(operator.immediates)))
      writer.section(12, () => writer.u32(0));
    writer.section(10, () => {
      writer.u32(1);
      writer.sized(() => {
        writer.u32(0);
        for (const { operator, part } of instructions) {
          writeOpcode(writer, operator);
          part(writer);
          if (opens.has(operator.name)) writer.u8(0x0b);
        }
        writer.u8(0x0b);
      });
    });
    return writer.finish();
  });

describe("a printed module", () => {
  it("parses to the same bytes, whatever its instructions are", () => {
    fc.assert(
      fc.property(module, (original) => {
        expect(Buffer.from(wat2wasm(wasm2wat(original)))).toEqual(Buffer.from(original));
      }),
      { numRuns: 2000 },
    );
  });

  it("parses to the same bytes where a compiler made it", () => {
    const file = fileURLToPath(import.meta.resolve("web-tree-sitter/web-tree-sitter.wasm"));
    const original = readFileSync(file);
    expect(Buffer.compare(wat2wasm(wasm2wat(original)), original)).toBe(0);
  });

  it("has one text, even where its integers are longer than need be", () => {
    const file = fileURLToPath(import.meta.resolve("web-tree-sitter/debug/web-tree-sitter.wasm"));
    const text = wasm2wat(readFileSync(file));
    expect(wasm2wat(wat2wasm(text)) === text).toBe(true);
  });

  // Any number of files, for a wider look by hand.
  const files = (process.env.WASMLINK_ROUND_TRIP ?? "").split(":").filter((file) => existsSync(file));
  it.skipIf(files.length === 0).each(files)("keeps its text: %s", (file) => {
    const text = wasm2wat(readFileSync(file));
    expect(wasm2wat(wat2wasm(text)) === text).toBe(true);
  });
});
