/** Arbitrary types, for property tests. */
import fc from "fast-check";
import type { CompositeType, FieldType, SubType } from "../../src/binary/module-info.ts";
import { heapTypeCode } from "../../src/binary/type-codes.ts";
import {
  type AbstractHeapType,
  type GlobalType,
  type HeapType,
  type MemoryType,
  type RefType,
  refType,
  type TableType,
  type ValType,
} from "../../src/binary/types.ts";

const index = fc.oneof(fc.nat(100), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

export const heapType: fc.Arbitrary<HeapType> = fc.oneof(
  fc.constantFrom(...(Object.keys(heapTypeCode) as AbstractHeapType[])),
  index.map((typeIndex) => ({ typeIndex })),
  index.map((typeIndex) => ({ typeIndex, exact: true as const })),
);

export const anyRefType: fc.Arbitrary<RefType> = fc
  .tuple(heapType, fc.boolean())
  .map(([heap, nullable]) => refType(heap, nullable));

export const valType: fc.Arbitrary<ValType> = fc.oneof(
  fc.constantFrom<ValType>("i32", "i64", "f32", "f64", "v128"),
  anyRefType,
);

const fieldType: fc.Arbitrary<FieldType> = fc.record({
  storage: fc.oneof(valType, fc.constantFrom<"i8" | "i16">("i8", "i16")),
  mutable: fc.boolean(),
});

const compositeType: fc.Arbitrary<CompositeType> = fc.oneof(
  fc.record({
    kind: fc.constant("func" as const),
    params: fc.array(valType),
    results: fc.array(valType),
  }),
  fc.record({ kind: fc.constant("struct" as const), fields: fc.array(fieldType) }),
  fc.record({ kind: fc.constant("array" as const), element: fieldType }),
);

export const subType: fc.Arbitrary<SubType> = fc.record(
  {
    composite: compositeType,
    final: fc.boolean(),
    supertypes: fc.array(index, { maxLength: 1 }),
    describes: index,
    descriptor: index,
  },
  { requiredKeys: ["composite", "final", "supertypes"] },
);

const size = fc.oneof(
  fc.maxSafeNat(),
  fc.bigInt(BigInt(Number.MAX_SAFE_INTEGER) + 1n, 2n ** 64n - 1n),
) as fc.Arbitrary<number | bigint>;
const address = fc.constantFrom<"i32" | "i64">("i32", "i64");

export const tableType: fc.Arbitrary<TableType> = fc.record(
  { kind: fc.constant("table" as const), element: anyRefType, minimum: size, maximum: size, address },
  { requiredKeys: ["kind", "element", "minimum", "address"] },
);

export const memoryType: fc.Arbitrary<MemoryType> = fc.record(
  {
    kind: fc.constant("memory" as const),
    minimum: size,
    maximum: size,
    shared: fc.boolean(),
    address,
    pageSize: fc.constantFrom(1, 65536),
  },
  { requiredKeys: ["kind", "minimum", "shared", "address", "pageSize"] },
);

export const globalType: fc.Arbitrary<GlobalType> = fc.record({
  kind: fc.constant("global" as const),
  content: valType,
  mutable: fc.boolean(),
});
