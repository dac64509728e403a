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

/** Fuel that instantiation takes. */
export interface StartupCost {
  /** What the startup function and the call of the start function take, if there is enough. */
  readonly fuel: number;
  /** How much of it is taken when wasmtime last checks whether there is: with no more, nothing is left to start with. */
  readonly checked: number;
}

/** Costs that are counted but stored only from time to time; what is not stored by the end is lost. */
class Account {
  /** Entering the function takes one unit. */
  stored = 1;
  #pending = 0;

  get pending(): number {
    return this.#pending;
  }

  add(cost: number): void {
    this.#pending += cost;
  }

  addBulk(count: number): void {
    this.#pending += count;
    if (count > smallBulk) this.check();
  }

  check(): void {
    this.stored += this.#pending;
    this.#pending = 0;
  }

  /** What is pending is stored in code that is skipped. */
  drop(): void {
    this.#pending = 0;
  }
}

/** What the startup function costs; undefined for modules that need none. */
export function startupCost(info: ModuleInfo, { elements, data }: Segments): StartupCost | undefined {
  const account = new Account();
  const parts = [
    chargeGlobals(info, account),
    chargePassiveElements(info, elements, account),
    chargeTables(info, account),
    chargeActiveElements(info, elements, account),
    chargeData(info, data, account),
  ];
  if (info.start === undefined && !parts.includes(true)) return undefined;
  const checked = account.stored;
  return { checked, fuel: info.start === undefined ? checked : checked + account.pending + 1 };
}

// Each of these returns whether it leaves something to the startup function.

function chargeGlobals(info: ModuleInfo, account: Account): boolean {
  const inits = info.definedGlobals.map(({ init }) => init).filter((init) => !isNumber(info, init));
  for (const init of inits) chargeExpr(info, init, account);
  return inits.length > 0;
}

function chargePassiveElements(
  info: ModuleInfo,
  segments: readonly ElementSegment[],
  account: Account,
): boolean {
  const passive = segments.filter(({ mode }) => mode === "passive");
  for (const segment of passive) chargeItems(info, segment, account);
  return passive.length > 0;
}

function chargeTables(info: ModuleInfo, account: Account): boolean {
  const filled = info.definedTables.filter(({ init }) => !isPreparedTable(info, init));
  for (const { init, type } of filled) {
    chargeExpr(info, init!, account);
    account.addBulk(Number(type.minimum));
  }
  return filled.length > 0;
}

function chargeActiveElements(
  info: ModuleInfo,
  segments: readonly ElementSegment[],
  account: Account,
): boolean {
  const active = segments.filter(({ mode }) => mode === "active");
  const firstDynamic = active.findIndex((segment) => !isPreparedElement(info, segment));
  if (firstDynamic < 0) return false;
  for (const segment of active.slice(firstDynamic)) {
    chargeExpr(info, segment.offset!, account);
    chargeItems(info, segment, account);
    account.addBulk(countOf(segment));
  }
  return true;
}

function chargeItems(info: ModuleInfo, { items }: ElementSegment, account: Account): void {
  if (items.kind === "expressions") for (const expr of items.expressions) chargeExpr(info, expr, account);
}

function countOf({ items }: ElementSegment): number {
  return items.kind === "functions" ? items.indices.length : items.expressions.length;
}

function isPreparedTable(info: ModuleInfo, init: ExprRange | undefined): boolean {
  return init === undefined || onlyOperator(info, init) === "ref.func";
}

function isPreparedElement(info: ModuleInfo, segment: ElementSegment): boolean {
  const { items, offset, table = 0 } = segment;
  if (items.kind !== "functions" || table < info.imported.table) return false;
  if (!isPreparedTable(info, info.definedTables[table - info.imported.table]!.init)) return false;
  const start = constantOf(info, offset!);
  return start !== undefined && start + BigInt(countOf(segment)) <= BigInt(info.tables[table]!.minimum);
}

function chargeData(info: ModuleInfo, segments: readonly DataSegment[], account: Account): boolean {
  const active = segments.filter(({ mode }) => mode === "active");
  if (isPreparedData(info, active)) {
    // The function has code for them all the same, and it is there that the costs before it would be stored.
    if (active.some(({ content }) => content.end > content.start)) account.drop();
    return false;
  }
  for (const { offset, content } of active) {
    chargeExpr(info, offset!, account);
    account.add(content.end - content.start);
    account.check();
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
