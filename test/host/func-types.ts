/** Function types for tests of host/. */
import { writeRecursionGroup } from "../../src/binary/type-writer.ts";
import type { FuncSignature } from "../../src/binary/types.ts";
import { ByteWriter } from "../../src/binary/writer.ts";
import type { NativeFuncType } from "../../src/host/func-types.ts";
import { type Bytes, flatten } from "./assemble.ts";

/** A type that names no other. */
export function plainFuncType({ params, results }: FuncSignature): NativeFuncType {
  const writer = new ByteWriter();
  writeRecursionGroup(writer, [
    { composite: { kind: "func", params, results }, final: true, supertypes: [] },
  ]);
  return { params, results, groups: writer.finish(), groupCount: 1, typeCount: 1, typeIndex: 0 };
}

/** A type among others. */
export function funcTypeIn(
  groups: readonly Bytes[],
  typeCount: number,
  typeIndex: number,
  { params, results }: FuncSignature = { params: [], results: [] },
): NativeFuncType {
  const encoded = Uint8Array.from(flatten(groups));
  return { params, results, groups: encoded, groupCount: groups.length, typeCount, typeIndex };
}
