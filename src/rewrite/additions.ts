/**
 * What instrumentation puts behind a module's own types, functions and tables.
 *
 * @packageDocumentation
 */
import type { ModuleInfo } from "../binary/module-info.ts";
import { SectionId } from "../binary/sections.ts";
import { typeCode } from "../binary/type-codes.ts";
import { writeTableType, writeValType } from "../binary/type-writer.ts";
import type { FuncSignature, ValType } from "../binary/types.ts";
import type { ByteWriter } from "../binary/writer.ts";
import { type HookName, hookTypes } from "./hooks.ts";
import { op } from "./mnemonics.ts";
import { encode, type SectionEditor } from "./section-editor.ts";

/** Types, functions and the table of hooks, appended on demand. The indices the module has already do not move. */
export class Additions {
  readonly #info: ModuleInfo;
  readonly #typeIndices = new Map<string, number>();
  readonly #types: Uint8Array[] = [];
  readonly #functionTypes: number[] = [];
  readonly #bodies: Uint8Array[] = [];
  readonly #hooks: HookName[] = [];

  constructor(info: ModuleInfo) {
    this.#info = info;
  }

  /** The hooks in use, in the order of the table. */
  get hooks(): readonly HookName[] {
    return this.#hooks;
  }

  get tableIndex(): number {
    return this.#info.tables.length;
  }

  /** Index of a function type. */
  typeIndex({ params, results }: FuncSignature): number {
    const bytes = encode((writer) => {
      writer.u8(typeCode.func);
      writer.vec(params, (type) => writeValType(writer, type));
      writer.vec(results, (type) => writeValType(writer, type));
    });
    const key = bytes.join();
    let index = this.#typeIndices.get(key);
    if (index === undefined) {
      index = this.#info.types.length + this.#types.length;
      this.#typeIndices.set(key, index);
      this.#types.push(bytes);
    }
    return index;
  }

  /**
   * Appends a function.
   *
   * @param locals - types of its locals
   * @param write - writes its code but for the closing `end`
   * @returns its index
   */
  addFunction(
    signature: FuncSignature,
    locals: readonly ValType[],
    write: (writer: ByteWriter) => void,
  ): number {
    const body = encode((writer) =>
      writer.sized(() => {
        writer.vec(locals, (type) => {
          writer.u32(1);
          writeValType(writer, type);
        });
        write(writer);
        writer.u8(op.end);
      }),
    );
    const index = this.#info.functions.length + this.#bodies.length;
    this.#functionTypes.push(this.typeIndex(signature));
    this.#bodies.push(body);
    return index;
  }

  /** Writes the call of a hook, whose arguments are on the stack. */
  callHook(writer: ByteWriter, name: HookName): void {
    let slot = this.#hooks.indexOf(name);
    if (slot < 0) slot = this.#hooks.push(name) - 1;
    writer.u8(op.i32Const);
    writer.s32(slot);
    writer.u8(op.callIndirect);
    writer.u32(this.typeIndex(hookTypes[name]));
    writer.u32(this.tableIndex);
  }

  /** Puts everything into the module but the bodies. @returns the bodies, for the end of the code section */
  apply(editor: SectionEditor): readonly Uint8Array[] {
    const size = this.#hooks.length;
    for (const type of this.#types) editor.append(SectionId.type, 1, type);
    for (const index of this.#functionTypes)
      editor.append(
        SectionId.function,
        1,
        encode((writer) => writer.u32(index)),
      );
    if (size > 0) {
      editor.append(
        SectionId.table,
        1,
        encode((writer) =>
          writeTableType(writer, {
            kind: "table",
            element: "funcref",
            minimum: size,
            maximum: size,
            address: "i32",
          }),
        ),
      );
    }
    return this.#bodies;
  }
}
