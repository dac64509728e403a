import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Immediates, type Operator, operatorsOf } from "../../src/binary/opcodes.ts";
import { ByteWriter } from "../../src/binary/writer.ts";
import { wasm2wat } from "../../src/text/wasm2wat.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";

const index = fc.oneof(fc.nat({ max: 3 }), fc.integer({ min: 0, max: 0xffffffff }));
const heapTypes = [0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74];
const valueTypes = [0x7b, 0x7c, 0x7d, 0x7e, 0x7f, ...heapTypes];

type Write = (writer: ByteWriter) => void;

const u32 = index.map(
  (value): Write =>
    (writer) =>
      writer.u32(value),
);
const byte = fc.integer({ min: 0, max: 255 }).map(
  (value): Write =>
    (writer) =>
      writer.u8(value),
);
const valueType = fc.constantFrom(...valueTypes).map(
  (code): Write =>
    (writer) =>
      writer.u8(code),
);
const heapType = fc.oneof(
  fc.constantFrom(...heapTypes).map(
    (code): Write =>
      (writer) =>
        writer.u8(code),
  ),
  index.map(
    (type): Write =>
      (writer) =>
        writer.s33(type),
  ),
  index.map(
    (type): Write =>
      (writer) => {
        writer.u8(0x62);
        writer.u32(type);
      },
  ),
);
const blockType = fc.oneof(
  valueType,
  fc.constant<Write>((writer) => writer.u8(0x40)),
  index.map(
    (type): Write =>
      (writer) =>
        writer.s33(type),
  ),
);

function sequence(...parts: readonly fc.Arbitrary<Write>[]): fc.Arbitrary<Write> {
  return fc.tuple(...parts).map(
    (list): Write =>
      (writer) => {
        for (const write of list) write(writer);
      },
  );
}

function vector(item: fc.Arbitrary<Write>): fc.Arbitrary<Write> {
  return fc.array(item, { maxLength: 4 }).map(
    (list): Write =>
      (writer) =>
        writer.vec(list, (write) => write(writer)),
  );
}

const bytes = (count: number) =>
  fc.uint8Array({ minLength: count, maxLength: count }).map(
    (value): Write =>
      (writer) =>
        writer.bytes(value),
  );

const memArg = fc.tuple(fc.nat({ max: 63 }), index, fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })).map(
  ([align, memory, offset]): Write =>
    (writer) => {
      writer.u8(memory === 0 ? align : align | 0x40);
      if (memory !== 0) writer.u32(memory);
      writer.u64(offset);
    },
);

const catchClause = fc.nat({ max: 3 }).chain((kind) =>
  sequence(
    fc.constant<Write>((writer) => writer.u8(kind)),
    ...(kind < 2 ? [u32, u32] : [u32]),
  ),
);

const immediates: { readonly [I in Immediates]: fc.Arbitrary<Write> } = {
  none: sequence(),
  blockType,
  label: u32,
  labelTable: sequence(vector(u32), u32),
  func: u32,
  type: u32,
  callIndirect: sequence(u32, u32),
  valTypes: vector(valueType),
  local: u32,
  global: u32,
  table: u32,
  memory: u32,
  tag: u32,
  data: u32,
  elem: u32,
  i32: fc.integer().map(
    (value): Write =>
      (writer) =>
        writer.s32(value),
  ),
  i64: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }).map(
    (value): Write =>
      (writer) =>
        writer.s64(value),
  ),
  f32: bytes(4),
  f64: bytes(8),
  v128: bytes(16),
  shuffle: bytes(16),
  lane: byte,
  memArg,
  memArgLane: sequence(memArg, byte),
  fence: fc.constant((writer) => writer.u8(0)),
  heapType,
  refTest: heapType,
  branchCast: sequence(
    fc.nat({ max: 3 }).map(
      (flags): Write =>
        (writer) =>
          writer.u8(flags),
    ),
    u32,
    heapType,
    heapType,
  ),
  tryTable: sequence(blockType, vector(catchClause)),
  typeField: sequence(u32, u32),
  typeCount: sequence(u32, u32),
  typeData: sequence(u32, u32),
  typeElem: sequence(u32, u32),
  typeType: sequence(u32, u32),
  memoryData: sequence(u32, u32),
  memoryMemory: sequence(u32, u32),
  tableElem: sequence(u32, u32),
  tableTable: sequence(u32, u32),
};

const operators = [0, 0xfb, 0xfc, 0xfd, 0xfe]
  .flatMap((prefix) => [...operatorsOf(prefix)])
  .filter((operator): operator is Operator => operator !== undefined);
const structure = new Set(["else", "end", "catch", "catch_all", "delegate"]);
const opens = new Set(["block", "loop", "if", "try", "try_table"]);

/** An instruction; a block with its `end`. */
const instruction = fc
  .constantFrom(...operators.filter(({ name }) => !structure.has(name)))
  .chain((operator) =>
    immediates[operator.immediates].map((write): { operator: Operator; write: Write } => ({
      operator,
      write: (writer) => {
        writer.u8(operator.prefix === 0 ? operator.code : operator.prefix);
        if (operator.prefix !== 0) writer.u32(operator.code);
        write(writer);
        if (opens.has(operator.name)) writer.u8(0x0b);
      },
    })),
  );

const usesData = new Set<Immediates>(["data", "memoryData", "typeData"]);

const module = fc
  .tuple(fc.array(instruction, { maxLength: 30 }), fc.uint8Array())
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
        for (const { write } of instructions) write(writer);
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
