/**
 * What wasmtime charges for instantiating a module: the cost of the startup function that it compiles for what cannot be
 * prepared when the module is compiled, in the order in which that function works.
 *
 * @packageDocumentation
 */
import { InstructionCursor } from "../binary/instructions.ts";
import type { ExprRange, ModuleInfo } from "../binary/module-info.ts";
import { ByteReader } from "../binary/reader.ts";
import type { DataSegment, ElementSegment, Segments } from "../binary/segments.ts";

/** Work in proportion to a larger number makes wasmtime look at the fuel, and so store what it has counted. */
const smallBulk = 128;

/** wasmtime prepares memories up to this size, in bytes, however little of them is data. */
const alwaysPreparedBytes = 16 * 1024 * 1024;

/** Costs that are counted but stored only from time to time; what is not stored by the end is lost. */
class Account {
  stored = 0;
  #pending = 0;

  add(cost: number): void {
    this.#pending += cost;
  }

  addBulk(count: number): void {
    this.#pending += count;
    if (count > smallBulk) this.store();
  }

  store(): void {
    this.stored += this.#pending;
    this.#pending = 0;
  }
}

/** Fuel for the startup function, or 0 for modules that need none. */
export function startupFuel(info: ModuleInfo, segments: Segments): number {
  const account = new Account();
  let isNeeded = info.start !== undefined;
  for (const { init } of info.definedGlobals) {
    if (isNumber(info, init)) continue;
    isNeeded = true;
    chargeExpr(info, init, account);
  }
  for (const { init, type } of info.definedTables) {
    if (init === undefined || onlyOperator(info, init) === "ref.func") continue;
    isNeeded = true;
    chargeExpr(info, init, account);
    account.addBulk(Number(type.minimum));
  }
  if (chargeElements(info, segments.elements, account)) isNeeded = true;
  if (chargeData(info, segments.data, account)) isNeeded = true;
  if (!isNeeded) return 0;
  if (info.start !== undefined) {
    account.add(1);
    account.store();
  }
  return 1 + account.stored;
}

/** @returns whether a segment is left to the startup function */
function chargeElements(info: ModuleInfo, segments: readonly ElementSegment[], account: Account): boolean {
  const active = segments.filter(({ mode }) => mode === "active");
  const firstDynamic = active.findIndex((segment) => !isPreparedElement(info, segment));
  const prepared = new Set(firstDynamic < 0 ? active : active.slice(0, firstDynamic));
  let isNeeded = false;
  for (const segment of segments) {
    const { mode, offset, items } = segment;
    if (mode === "declarative" || prepared.has(segment)) continue;
    isNeeded = true;
    if (offset !== undefined) chargeExpr(info, offset, account);
    if (items.kind === "expressions") for (const expr of items.expressions) chargeExpr(info, expr, account);
    if (mode === "active") account.addBulk(countOf(segment));
  }
  return isNeeded;
}

function countOf({ items }: ElementSegment): number {
  return items.kind === "functions" ? items.indices.length : items.expressions.length;
}

function isPreparedElement(info: ModuleInfo, segment: ElementSegment): boolean {
  const { items, offset, table = 0 } = segment;
  if (items.kind !== "functions" || table < info.imported.table) return false;
  const start = constantOf(info, offset!);
  return start !== undefined && start + BigInt(countOf(segment)) <= BigInt(info.tables[table]!.minimum);
}

/** @returns whether segments are left to the startup function */
function chargeData(info: ModuleInfo, segments: readonly DataSegment[], account: Account): boolean {
  const active = segments.filter(({ mode }) => mode === "active");
  if (isPreparedData(info, active)) return false;
  for (const { offset, content } of active) {
    chargeExpr(info, offset!, account);
    account.add(content.end - content.start);
    account.store();
  }
  return true;
}

/** Memories are prepared all or none: with constant offsets inside of memories that the module defines. */
function isPreparedData(info: ModuleInfo, active: readonly DataSegment[]): boolean {
  const extents = new Map<number, { first: bigint; last: bigint; size: bigint }>();
  for (const { memory = 0, offset, content } of active) {
    const start = constantOf(info, offset!);
    if (start === undefined || memory < info.imported.memory) return false;
    const { minimum, pageSize } = info.memories[memory]!;
    const size = BigInt(content.end - content.start);
    if (start + size > BigInt(minimum) * BigInt(pageSize)) return false;
    if (size === 0n) continue;
    const extent = extents.get(memory) ?? { first: start, last: start, size: 0n };
    if (start < extent.first) extent.first = start;
    if (start + size > extent.last) extent.last = start + size;
    extent.size += size;
    extents.set(memory, extent);
  }
  for (const { first, last, size } of extents.values()) {
    const image = last - first;
    if (image > alwaysPreparedBytes && size < image / 2n) return false;
  }
  return true;
}

/** The unsigned value of an expression that is one integer constant. */
function constantOf(info: ModuleInfo, expr: ExprRange): bigint | undefined {
  const name = onlyOperator(info, expr);
  if (name !== "i32.const" && name !== "i64.const") return undefined;
  const reader = new ByteReader(info.bytes, expr.start + 1, expr.end);
  return name === "i32.const" ? BigInt(reader.s32() >>> 0) : BigInt.asUintN(64, reader.s64());
}

function isNumber(info: ModuleInfo, expr: ExprRange): boolean {
  return onlyOperator(info, expr)?.endsWith(".const") ?? false;
}

/** The operator of an expression that has just one. */
function onlyOperator(info: ModuleInfo, { start, end }: ExprRange): string | undefined {
  const cursor = new InstructionCursor(info.bytes, start, end);
  cursor.advance();
  const { name } = cursor.operator;
  cursor.advance();
  return cursor.operator.name === "end" ? name : undefined;
}

/** One unit for each operator, and for each element of an array. */
function chargeExpr(info: ModuleInfo, { start, end }: ExprRange, account: Account): void {
  const cursor = new InstructionCursor(info.bytes, start, end);
  const reader = new ByteReader(info.bytes, start, end);
  let operand = 0;
  while (cursor.advance()) {
    const { name } = cursor.operator;
    if (name === "end") continue;
    account.add(1);
    if (name === "array.new" || name === "array.new_default") account.addBulk(operand);
    if (name === "i32.const") {
      reader.offset = cursor.immediates;
      operand = reader.s32() >>> 0;
    }
  }
}
