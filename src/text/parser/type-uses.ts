/**
 * Where text uses a function type: by index, by signature, or both.
 *
 * Spec: https://webassembly.github.io/spec/core/text/modules.html#type-uses
 *
 * @packageDocumentation
 */
import { typeCode } from "../../binary/type-codes.ts";
import { writeValType } from "../../binary/type-writer.ts";
import type { FuncSignature } from "../../binary/types.ts";
import type { ByteWriter } from "../../binary/writer.ts";
import type { Cursor } from "../syntax/cursor.ts";
import { type DefinedTypes, sameSignature } from "./defined-types.ts";
import type { Locals } from "./locals.ts";
import { signature } from "./signatures.ts";

/** A use of a function type. Without an index the signature stands for a type that may not exist yet. */
export interface TypeUse {
  readonly index: number | undefined;
  readonly signature: FuncSignature;
}

/**
 * The type use that comes next.
 *
 * @param locals - where the names of parameters go; without it they are not allowed
 */
export function typeUse(cursor: Cursor, types: DefinedTypes, locals?: Locals): TypeUse {
  if (!cursor.takeForm("type"))
    return { index: undefined, signature: signature(cursor, types.names, locals) };
  const { position } = cursor;
  const index = types.names.index(cursor);
  cursor.close();
  const spelled = cursor.position;
  const inline = signature(cursor, types.names, locals);
  const defined = types.signatureOf(index);
  if (cursor.position === spelled) {
    for (let param = 0; param < (defined?.params.length ?? 0); param++) locals?.space.declareUnnamed();
    return { index, signature: defined ?? inline };
  }
  if (defined === undefined) {
    const known = index < types.count;
    cursor.fail(
      known ? "invalid type: not a function type" : "unknown type: type index out of bounds",
      position,
    );
  }
  if (!sameSignature(defined, inline)) {
    cursor.fail("inline function type doesn't match type reference", position);
  }
  return { index, signature: inline };
}

/** The type index a use stands for; defines the type where there is none. */
export function typeIndexOf(use: TypeUse, types: DefinedTypes): number {
  return use.index ?? types.indexOf(use.signature);
}

/** Writes a type use as the type of a block: in the short form where there is one. */
export function writeBlockType(writer: ByteWriter, use: TypeUse, types: DefinedTypes): void {
  const { params, results } = use.signature;
  const [result] = results;
  if (use.index !== undefined || params.length > 0 || results.length > 1) writer.s33(typeIndexOf(use, types));
  else if (result === undefined) writer.u8(typeCode.empty);
  else writeValType(writer, result);
}
