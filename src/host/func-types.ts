/**
 * Types as the modules generated here declare them.
 *
 * Engines tell types apart by recursion group, so `(func)` alone does not link against the `(func)` of a group of two,
 * nor against one that is open to subtypes. A generated module therefore repeats whole groups.
 *
 * Spec: https://webassembly.github.io/spec/core/valid/conventions.html#defined-types
 *
 * @packageDocumentation
 */
import { SectionId } from "../binary/sections.ts";
import { writeRecursionGroup } from "../binary/type-writer.ts";
import type { FuncSignature } from "../binary/types.ts";
import type { ByteWriter } from "../binary/writer.ts";

/** Types a generated module begins with. */
export interface NativeTypes {
  /** Encoded recursion groups, one behind the other. */
  readonly groups: Uint8Array;
  readonly groupCount: number;
  /** Number of types in the groups. */
  readonly typeCount: number;
}

export const noTypes: NativeTypes = { groups: new Uint8Array(), groupCount: 0, typeCount: 0 };

/**
 * A function type and the types it needs around it. What is generated for it is cached by this object, so make it once
 * per type.
 */
export interface NativeFuncType extends FuncSignature, NativeTypes {
  /** Index of the function type among the types. Type indices inside the signature count there, too. */
  readonly typeIndex: number;
}

/**
 * Writes the type section of a generated module: the given groups, then function types of the module's own, whose
 * indices start at `types.typeCount`.
 */
export function writeTypes(writer: ByteWriter, types: NativeTypes, own: readonly FuncSignature[]): void {
  writer.section(SectionId.type, () => {
    writer.u32(types.groupCount + own.length);
    writer.bytes(types.groups);
    for (const { params, results } of own) {
      const composite = { kind: "func", params, results } as const;
      writeRecursionGroup(writer, [{ composite, final: true, supertypes: [] }]);
    }
  });
}
