/**
 * Functions that ask the host before a memory or a table grows.
 *
 * @packageDocumentation
 */
import { InstructionCursor, operatorKey } from "../binary/instructions.ts";
import type { ModuleInfo } from "../binary/module-info.ts";
import { operatorNamed } from "../binary/opcodes.ts";
import { functionBodies, readLocals } from "../binary/segments.ts";
import { typeCode, valTypeCode } from "../binary/type-codes.ts";
import type { ByteWriter } from "../binary/writer.ts";
import type { Additions } from "./additions.ts";
import type { HookName } from "./hooks.ts";
import { op } from "./mnemonics.ts";

const tableGrow = operatorNamed("table.grow")!;
const tableSize = operatorNamed("table.size")!;

const growing = [operatorNamed("memory.grow")!, tableGrow].map(operatorKey);

/** Whether code of a module grows anything. Reads all of it. */
export function growsAnything(info: ModuleInfo): boolean {
  return functionBodies(info).some((body) => {
    const cursor = new InstructionCursor(info.bytes, readLocals(info.bytes, body).code, body.end);
    while (cursor.advance()) if (growing.includes(cursor.key)) return true;
    return false;
  });
}

/** What of a memory or table the functions differ in. */
interface Growable {
  readonly index: number;
  readonly address: "i32" | "i64";
  /** Parameter that says by how much. */
  readonly delta: number;
  readonly size: (writer: ByteWriter) => void;
  readonly growing: HookName;
  readonly failed: HookName;
}

/** Makes the functions, one for each memory and table that grows. They take and return what the instruction does. */
export class GrowthGuards {
  readonly #info: ModuleInfo;
  readonly #additions: Additions;
  readonly #ofMemory = new Map<number, number>();
  readonly #ofTable = new Map<number, number>();

  constructor(info: ModuleInfo, additions: Additions) {
    this.#info = info;
    this.#additions = additions;
  }

  /** Index of the function in place of `memory.grow`. */
  memory(index: number): number {
    let guard = this.#ofMemory.get(index);
    if (guard === undefined) {
      guard = this.#addMemory(index);
      this.#ofMemory.set(index, guard);
    }
    return guard;
  }

  /** Index of the function in place of `table.grow`. */
  table(index: number): number {
    let guard = this.#ofTable.get(index);
    if (guard === undefined) {
      guard = this.#addTable(index);
      this.#ofTable.set(index, guard);
    }
    return guard;
  }

  #addMemory(index: number): number {
    const { address } = this.#info.memories[index]!;
    const growable: Growable = {
      index,
      address,
      delta: 0,
      size: (writer) => {
        writer.u8(op.memorySize);
        writer.u32(index);
      },
      growing: "memoryGrowing",
      failed: "memoryGrowFailed",
    };
    return this.#additions.addFunction({ params: [address], results: [address] }, [address], (writer) =>
      this.#write(writer, growable, () => {
        writer.u8(op.localGet);
        writer.u32(0);
        writer.u8(op.memoryGrow);
        writer.u32(index);
      }),
    );
  }

  #addTable(index: number): number {
    const { address, element } = this.#info.tables[index]!;
    const growable: Growable = {
      index,
      address,
      delta: 1,
      size: (writer) => {
        writer.u8(tableSize.prefix);
        writer.u32(tableSize.code);
        writer.u32(index);
      },
      growing: "tableGrowing",
      failed: "tableGrowFailed",
    };
    const signature = { params: [element, address], results: [address] };
    return this.#additions.addFunction(signature, [address], (writer) =>
      this.#write(writer, growable, () => {
        writer.u8(op.localGet);
        writer.u32(0);
        writer.u8(op.localGet);
        writer.u32(1);
        writer.u8(tableGrow.prefix);
        writer.u32(tableGrow.code);
        writer.u32(index);
      }),
    );
  }

  #write(writer: ByteWriter, growable: Growable, grow: () => void): void {
    const { address } = growable;
    const result = growable.delta + 1;
    this.#ask(writer, growable, growable.growing);
    writer.u8(op.if);
    writer.u8(valTypeCode[address]);
    grow();
    writer.u8(op.localTee);
    writer.u32(result);
    minusOne(writer, address);
    writer.u8(address === "i64" ? op.i64Eq : op.i32Eq);
    writer.u8(op.if);
    writer.u8(typeCode.empty);
    this.#ask(writer, growable, growable.failed);
    writer.u8(op.drop);
    writer.u8(op.end);
    writer.u8(op.localGet);
    writer.u32(result);
    writer.u8(op.else);
    minusOne(writer, address);
    writer.u8(op.end);
  }

  #ask(writer: ByteWriter, { index, address, delta, size }: Growable, hook: HookName): void {
    const convert = address === "i64" ? op.f64ConvertI64U : op.f64ConvertI32U;
    writer.u8(op.i32Const);
    writer.s32(index);
    size(writer);
    writer.u8(convert);
    writer.u8(op.localGet);
    writer.u32(delta);
    writer.u8(convert);
    this.#additions.callHook(writer, hook);
  }
}

function minusOne(writer: ByteWriter, address: "i32" | "i64"): void {
  writer.u8(address === "i64" ? op.i64Const : op.i32Const);
  writer.s32(-1);
}
