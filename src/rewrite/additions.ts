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
import { type HookName, hookNames, hookTypes } from "./hooks.ts";
import type { Shift } from "./index-shift.ts";
import { op } from "./mnemonics.ts";
import { encode, type SectionEditor } from "./section-editor.ts";
import { type SizeMix, smallFunction } from "./size-mix.ts";

/** How code gets at its hooks: through a table of the module's own, or as functions that it imports. */
export type HookAccess = "table" | "imports";

/**
 * Types, functions and the table of hooks, appended on demand. The indices the module has already do not move, but those
 * of functions if hooks are imported.
 */
export class Additions {
  /** How the indices of functions move. */
  readonly functionShift: Shift;
  readonly #info: ModuleInfo;
  readonly #access: HookAccess;
  readonly #typeIndices = new Map<string, number>();
  readonly #types: Uint8Array[] = [];
  readonly #functionTypes: number[] = [];
  readonly #bodies: Uint8Array[] = [];
  readonly #hooks: HookName[] = [];

  constructor(info: ModuleInfo, access: HookAccess) {
    this.#info = info;
    this.#access = access;
    if (access === "imports") this.#hooks.push(...hookNames);
    this.functionShift = { from: info.imported.func, by: this.#hooks.length };
  }

  /** The hooks, in the order of the table or of the imports: those in use, or all that there are. */
  get hooks(): readonly HookName[] {
    return this.#hooks;
  }

  get hasTable(): boolean {
    return this.#access === "table" && this.#hooks.length > 0;
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
    const index = this.#info.functions.length + this.functionShift.by + this.#functionTypes.length;
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
    if (this.#access === "imports") {
      writer.u8(op.call);
      writer.u32(this.functionShift.from + slot);
      return;
    }
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
    if (!this.hasTable) return;
    const size = this.#hooks.length;
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
