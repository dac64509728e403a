/**
 * What an engine does not tell of a trap, found out from the code around it.
 *
 * Engines have one text for two of wasmtime's traps, and none of them tells the address of an access out of bounds.
 * All that depends on the operands of the instruction. These are known where the code puts constants or its parameters
 * in front of it, and parameters where the chain of calls leads back to constants or to the host's arguments.
 *
 * @packageDocumentation
 */
import { readMemArg } from "../binary/immediates.ts";
import { InstructionCursor } from "../binary/instructions.ts";
import { immediatesOf, type Site } from "../binary/operands.ts";
import { ByteReader } from "../binary/reader.ts";
import { type ElementSegment, readElementSegments } from "../binary/segments.ts";
import type { TrapCode } from "../host/trap-codes.ts";
import { refineTrap } from "../host/trap-texts.ts";
import type { NativeMemory, NativeTable } from "../host/webassembly.ts";
import type { FrameInRun } from "./backtrace.ts";
import { CallStack, type HostCall } from "./call-stack.ts";
import type { Instance } from "./instance.ts";
import type { Module } from "./module.ts";

/** A trap as wasmtime would have it. */
export interface Cause {
  readonly code: TrapCode;
  /** What wasmtime shows in front of the trap's own message. */
  readonly fault?: string;
}

/** Tells a trap of the engine more exactly, where that is possible. */
export function causeOf(code: TrapCode, frames: readonly FrameInRun[], call: HostCall | undefined): Cause {
  const stack = new CallStack(frames, call);
  const site = stack.siteOf(0);
  if (site === undefined) return { code };
  const refined = refineTrap(code, site.operator.name);
  switch (refined) {
    case "INTEGER_OVERFLOW":
      return { code: truncatesNaN(site, stack) ? "BAD_CONVERSION_TO_INTEGER" : refined };
    case "INDIRECT_CALL_TO_NULL":
      return { code: findsFunction(site, stack) ? "BAD_SIGNATURE" : refined };
    case "MEMORY_OUT_OF_BOUNDS":
      return outOfBounds(site, stack) ?? { code: refined };
    default:
      return { code: refined };
  }
}

function truncatesNaN({ operator, operands }: Site, stack: CallStack): boolean {
  return operator.name.includes(".trunc_f") && Number.isNaN(stack.valueOf(operands.at(-1), 0));
}

/** Whether an indirect call finds a function: then it is of another type. */
function findsFunction(site: Site, stack: CallStack): boolean {
  const { operator, operands } = site;
  const index = stack.valueOf(operands.at(-1), 0);
  const instance = stack.instanceOf(0);
  if (index === undefined || instance === undefined || !operator.name.endsWith("call_indirect")) return false;
  const reader = immediatesOf(site);
  reader.u32(); // the type
  const table = reader.u32();
  const native = instance.nativeAt("table", table) as NativeTable | undefined;
  if (typeof index === "bigint")
    return native !== undefined && native.get(BigInt.asUintN(64, index)) !== null;
  if (native !== undefined) return native.get(index >>> 0) !== null;
  return isInitialFunction(instance.module, table, index >>> 0);
}

/** Whether a table that only the module can reach, and never writes, has a function at an index. */
function isInitialFunction(module: Module, table: number, index: number): boolean {
  const { instructions, segments } = factsOf(module);
  if (tableWrites.some((name) => instructions.has(name))) return false;
  return segments.some(({ table: target, offset, items }) => {
    if (target !== table || items.kind !== "functions") return false;
    const cursor = new InstructionCursor(module.info.bytes, offset!.start, offset!.end);
    cursor.advance();
    if (cursor.operator.name !== "i32.const") return false;
    const first = new ByteReader(cursor.bytes, cursor.immediates).s32();
    const isWhole = cursor.next === offset!.end - 1;
    return isWhole && index >= first && index < first + items.indices.length;
  });
}

/** Address space that wasmtime reserves for a 32-bit memory, and what it guards behind. */
const reservedBytes = 2n ** 32n;
const guardedBytes = 2n ** 25n;

/** An access out of bounds, with the place where wasmtime's processor would have noticed it. */
function outOfBounds(site: Site, stack: CallStack): Cause | undefined {
  const { operands } = site;
  const { name, immediates, naturalAlignment } = site.operator;
  if (immediates !== "memArg" && immediates !== "memArgLane") return undefined;
  const operand = stack.valueOf(operands.at(-1 - valuesAboveAddress(name)), 0);
  const instance = stack.instanceOf(0);
  if (typeof operand !== "number" || instance === undefined) return undefined;
  const index = BigInt(operand >>> 0);
  const { memory, offset } = readMemArg(immediatesOf(site));
  const { maximum, pageSize } = instance.module.info.memories[memory]!;
  const most = maximum === undefined ? reservedBytes : BigInt(maximum) * BigInt(pageSize);
  const address = index + offset;
  const width = 1n << BigInt(naturalAlignment);
  const isFunction = /\.wait|\.notify/.test(name);
  // wasmtime looks at the alignment first, except that its functions refuse an address which is none.
  if (name.includes(".atomic.") && address % width !== 0n && !(isFunction && address >= reservedBytes))
    return { code: "HEAP_MISALIGNED" };
  if (isFunction) return undefined;
  const end = offset + width;
  // What can never be inside wasmtime refuses at once; what may lie behind the guard it compares.
  if (end > most || (end > guardedBytes + 1n && index > reservedBytes - end)) return undefined;
  const size = bytesOf(instance, memory);
  if (size === undefined) return undefined;
  const hex = (value: bigint) => `0x${value.toString(16)}`;
  const place = hex(address < size ? size : address);
  const fault = `memory fault at wasm address ${place} in linear memory of size ${hex(size)}`;
  return { code: "MEMORY_OUT_OF_BOUNDS", fault };
}

/** How many operands are on top of the address. */
function valuesAboveAddress(name: string): number {
  if (/cmpxchg|\.wait/.test(name)) return 2;
  return /store|\.rmw|\.notify|_lane/.test(name) ? 1 : 0;
}

/** Size of a memory in bytes, where it can be seen or never changes. */
function bytesOf(instance: Instance<any>, memory: number): bigint | undefined {
  const native = instance.nativeAt("memory", memory) as NativeMemory | undefined;
  if (native !== undefined) return BigInt(native.buffer.byteLength);
  const { module } = instance;
  const { minimum, pageSize } = module.info.memories[memory]!;
  return factsOf(module).instructions.has(memoryGrowth) ? undefined : BigInt(minimum) * BigInt(pageSize);
}

const tableWrites: readonly string[] = ["table.set", "table.fill", "table.copy", "table.init", "table.grow"];
const memoryGrowth = "memory.grow";

/** What has to be known of a whole module. */
interface Facts {
  /** Those of the above that it has. */
  readonly instructions: ReadonlySet<string>;
  readonly segments: readonly ElementSegment[];
}

const facts = new WeakMap<Module, Facts>();

function factsOf(module: Module): Facts {
  let found = facts.get(module);
  if (found === undefined) {
    const instructions = module.instructionsAmong([...tableWrites, memoryGrowth]);
    found = { instructions, segments: readElementSegments(module.info) };
    facts.set(module, found);
  }
  return found;
}
