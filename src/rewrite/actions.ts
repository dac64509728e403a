/**
 * What the rewriter does at each instruction, and what the instruction costs: tables made from the opcode table.
 *
 * @packageDocumentation
 */
import { operatorKey, operatorKeys, operatorWithKey } from "../binary/instructions.ts";
import { operatorNamed } from "../binary/opcodes.ts";

/** Kinds of instructions, as far as the rewriter tells them apart. */
export const Action = {
  /** Copied as it is; most are. */
  none: 0,
  block: 1,
  loop: 2,
  if: 3,
  else: 4,
  end: 5,
  branch: 6,
  branchIf: 7,
  /** A conditional branch whose label comes behind a flags byte. */
  branchCast: 8,
  branchTable: 9,
  return: 10,
  /** Leaves the function for good: traps, throws and tail calls. */
  leave: 11,
  call: 12,
  callByIndex: 13,
  tailCallByIndex: 14,
  rethrow: 15,
  tryTable: 16,
  try: 17,
  catch: 18,
  delegate: 19,
  /** Work in proportion to the topmost operand. */
  bulk: 20,
  /** The same, but nobody sees the work before it is done. */
  allocate: 21,
  memoryGrow: 22,
  tableGrow: 23,
  global: 24,
  function: 25,
  /** A load or store. One beyond all bounds is a trap. */
  access: 26,
} as const;

const names: { readonly [A in Exclude<keyof typeof Action, "none" | "access">]: string } = {
  block: "block",
  loop: "loop",
  if: "if",
  else: "else",
  end: "end",
  branch: "br",
  branchIf: "br_if br_on_null br_on_non_null",
  branchCast: "br_on_cast br_on_cast_fail br_on_cast_desc_eq br_on_cast_desc_eq_fail",
  branchTable: "br_table",
  return: "return",
  leave: "unreachable throw throw_ref return_call_indirect return_call_ref",
  call: "call_indirect call_ref",
  callByIndex: "call",
  tailCallByIndex: "return_call",
  rethrow: "rethrow",
  tryTable: "try_table",
  try: "try",
  catch: "catch catch_all",
  delegate: "delegate",
  bulk:
    "memory.copy memory.fill memory.init table.copy table.fill table.init " +
    "array.copy array.fill array.new_data array.init_data array.new_elem array.init_elem",
  allocate: "array.new array.new_default",
  memoryGrow: "memory.grow",
  tableGrow: "table.grow",
  global: "global.get global.set",
  function: "ref.func",
};

/** Instructions that cost nothing. wasmtime has no legacy exception handling: its blocks are counted like others. */
const free =
  "unreachable nop block loop else end return drop " + //
  "try catch catch_all delegate";

function keys(list: string): number[] {
  return list.split(" ").map((name) => operatorKey(operatorNamed(name)!));
}

/** The action at each instruction, by its key. */
export const allActions = new Uint8Array(operatorKeys);
for (const [action, list] of Object.entries(names)) {
  for (const key of keys(list)) allActions[key] = Action[action as keyof typeof names];
}
// Bounds of `memory.atomic.wait32` and its like are checked by wasmtime's host.
for (let key = 0; key < operatorKeys; key++) {
  const operator = operatorWithKey(key);
  const isAccess = operator?.immediates === "memArg" || operator?.immediates === "memArgLane";
  if (isAccess && !operator.name.startsWith("memory.atomic.")) allActions[key] = Action.access;
}

const copiedInPlace: readonly number[] = [Action.global, Action.function, Action.access];

/** The same for code whose functions and globals stay where they are. It counts no fuel, which would move globals. */
export const actionsInPlace = allActions.map((action) =>
  copiedInPlace.includes(action) ? Action.none : action,
);

/** Units of fuel each instruction costs whatever its operands are, by its key; wasmtime's defaults. */
export const fuelCosts = new Uint8Array(operatorKeys).fill(1);
for (const key of keys(free)) fuelCosts[key] = 0;

/** The same where fuel is not counted. */
export const noCosts = new Uint8Array(operatorKeys);
