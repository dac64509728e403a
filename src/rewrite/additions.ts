/**
 * What instrumentation puts behind a module's own types, functions and tables.
 *
 * @packageDocumentation
 */
import type { ModuleInfo } from "../binary/module-info.ts";
import { SectionId } from "../binary/sections.ts";
import { typeCode } from "../binary/type-codes.ts";
import { writeTableType, writeValType } from "../binary/type-writer.ts";
import type { FuncSignature, TableType, ValType } from "../binary/types.ts";
import type { ByteWriter } from "../binary/writer.ts";
import { type HookName, hookTypes } from "./hooks.ts";
import { op } from "./mnemonics.ts";
import { encode, type SectionEditor } from "./section-editor.ts";
import { type SizeMix, smallFunction } from "./size-mix.ts";

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
   * Appends a function that is called seldom.
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
    const index = this.#info.functions.length + this.#functionTypes.length;
    this.#functionTypes.push(this.typeIndex(signature));
    this.#bodies.push(
      encode((writer) => {
        writer.vec(locals, (type) => {
          writer.u32(1);
          writeValType(writer, type);
        });
        write(writer);
        while (writer.length < tinyFunction) writer.u8(op.nop);
        writer.u8(op.end);
      }),
    );
    return index;
  }

  /** The sizes of all functions, given those of the others. */
  sizes(others: SizeMix): SizeMix {
    return {
      count: others.count + this.#bodies.length,
      small: others.small + this.#bodies.filter(({ length }) => length < smallFunction).length,
    };
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

  /**
   * Puts everything into the module.
   *
   * @param fillers - how many functions to add that do nothing
   */
  apply(editor: SectionEditor, fillers: number): void {
    const fillerType = fillers > 0 ? this.typeIndex({ params: [], results: [] }) : 0;
    editor.append(SectionId.type, this.#types.length, ...this.#types);
    const functionTypes = [...this.#functionTypes, ...new Array<number>(fillers).fill(fillerType)];
    editor.append(
      SectionId.function,
      functionTypes.length,
      encode((writer) => {
        for (const index of functionTypes) writer.u32(index);
      }),
    );
    editor.append(
      SectionId.code,
      functionTypes.length,
      encode((writer) => {
        for (const body of this.#bodies) {
          writer.u32(body.length);
          writer.bytes(body);
        }
        for (let left = fillers; left > 0; left--) writer.bytes(emptyBody);
      }),
    );
    const size = this.#hooks.length;
    if (size === 0) return;
    const table: TableType = {
      kind: "table",
      element: "funcref",
      minimum: size,
      maximum: size,
      address: "i32",
    };
    editor.append(
      SectionId.table,
      1,
      encode((writer) => writeTableType(writer, table)),
    );
  }
}

/** Engines inline functions of less than 12 bytes wherever they are called, however seldom; this is without the end. */
const tinyFunction = 11;

/** Size, no locals, end. */
const emptyBody = Uint8Array.of(2, 0, op.end);
