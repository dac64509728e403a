/**
 * Which trap of wasmtime an engine's error is: one table of texts per family of engines.
 *
 * Two pairs of traps share a text. The engine's error does not tell them apart; where the operands of the instruction
 * can be known, `runtime/trap-cause.ts` does. Otherwise each is reported as the case that is the commoner one in practice:
 *
 * - Conversion of a float: `INTEGER_OVERFLOW`, also when the operand was NaN (`BAD_CONVERSION_TO_INTEGER` in wasmtime).
 *   All engines but SpiderMonkey.
 * - `call_indirect`: `INDIRECT_CALL_TO_NULL`, also when the signature did not match (`BAD_SIGNATURE`). V8 before
 *   15, JSC.
 *
 * @packageDocumentation
 */
import { SectionId } from "../binary/sections.ts";
import { writeTableType } from "../binary/type-writer.ts";
import { engineMessage } from "./engine-message.ts";
import { functionModule } from "./own-modules.ts";
import type { TrapCode } from "./trap-codes.ts";
import { webAssembly } from "./webassembly.ts";

type Texts = Readonly<Record<string, TrapCode>>;

/** Node.js, Deno, Chromium. Same texts from V8 11.3 to 15.0 unless noted. */
const v8: Texts = {
  unreachable: "UNREACHABLE",
  "memory access out of bounds": "MEMORY_OUT_OF_BOUNDS",
  "data segment out of bounds": "MEMORY_OUT_OF_BOUNDS", // array.new_data, array.init_data
  "operation does not support unaligned accesses": "HEAP_MISALIGNED",
  "Atomics.wait cannot be called in this context": "ATOMIC_WAIT_NON_SHARED_MEMORY",
  "table index is out of bounds": "TABLE_OUT_OF_BOUNDS",
  "element segment out of bounds": "TABLE_OUT_OF_BOUNDS", // table.init, array.new_elem, array.init_elem
  "null function": "INDIRECT_CALL_TO_NULL", // from 15.0
  "null function or function signature mismatch": "BAD_SIGNATURE", // to 13.6
  "function signature mismatch": "BAD_SIGNATURE", // from 14.6
  "divide by zero": "INTEGER_DIVISION_BY_ZERO",
  "remainder by zero": "INTEGER_DIVISION_BY_ZERO",
  "divide result unrepresentable": "INTEGER_OVERFLOW",
  "float unrepresentable in integer range": "INTEGER_OVERFLOW",
  "dereferencing a null pointer": "NULL_REFERENCE",
  "rethrowing null value": "NULL_REFERENCE",
  "illegal cast": "CAST_FAILURE",
  "array element access out of bounds": "ARRAY_OUT_OF_BOUNDS",
  "requested new array is too large": "ALLOCATION_TOO_LARGE",
};

/** Bun, Safari. */
const jsc: Texts = {
  "Unreachable code should not be executed": "UNREACHABLE",
  "Out of bounds memory access": "MEMORY_OUT_OF_BOUNDS", // also memory.atomic.wait on unshared memory
  "Out of bounds or failed to allocate in array.new_data": "MEMORY_OUT_OF_BOUNDS",
  "Unaligned memory access": "HEAP_MISALIGNED",
  "Out of bounds table access": "TABLE_OUT_OF_BOUNDS",
  "Out of bounds call_indirect": "TABLE_OUT_OF_BOUNDS",
  "Out of bounds or failed to allocate in array.new_elem": "TABLE_OUT_OF_BOUNDS",
  "Element is trying to set an out of bounds table index": "TABLE_OUT_OF_BOUNDS",
  "call_indirect to a null table entry": "INDIRECT_CALL_TO_NULL",
  "call_indirect to a signature that does not match": "BAD_SIGNATURE",
  "Division by zero": "INTEGER_DIVISION_BY_ZERO",
  "Integer overflow": "INTEGER_OVERFLOW",
  "Out of bounds Trunc operation": "INTEGER_OVERFLOW",
  "access to a null reference": "NULL_REFERENCE",
  "ref.cast failed to cast reference to target heap type": "CAST_FAILURE",
  "Failed to allocate new array": "ALLOCATION_TOO_LARGE",
};

/** Firefox. */
const spiderMonkey: Texts = {
  "unreachable executed": "UNREACHABLE",
  "index out of bounds": "MEMORY_OUT_OF_BOUNDS", // arrays as well: see refineTrap
  "unaligned memory access": "HEAP_MISALIGNED",
  "atomic wait on non-shared memory": "ATOMIC_WAIT_NON_SHARED_MEMORY",
  "table index out of bounds": "TABLE_OUT_OF_BOUNDS",
  "indirect call to null": "INDIRECT_CALL_TO_NULL",
  "indirect call signature mismatch": "BAD_SIGNATURE",
  "integer divide by zero": "INTEGER_DIVISION_BY_ZERO",
  "integer overflow": "INTEGER_OVERFLOW",
  "invalid conversion to integer": "BAD_CONVERSION_TO_INTEGER",
  "dereferencing null pointer": "NULL_REFERENCE",
  "bad cast": "CAST_FAILURE",
  "too many array elements": "ALLOCATION_TOO_LARGE",
};

const exact = new Map<string, TrapCode>([v8, jsc, spiderMonkey].flatMap((texts) => Object.entries(texts)));

/** Texts with parts that vary. */
const patterns: readonly (readonly [RegExp, TrapCode])[] = [
  // V8, JSC: active segments at instantiation
  [/^data segment .*is out of bounds/, "MEMORY_OUT_OF_BOUNDS"],
  [/^Invalid data segment initialization/, "MEMORY_OUT_OF_BOUNDS"],
  // JSC: one text per instruction
  [/^Out of bounds array\./, "ARRAY_OUT_OF_BOUNDS"],
  [/ (?:to|on) a null reference$/, "NULL_REFERENCE"],
];

/** V8 and JSC, there with a full stop; SpiderMonkey. Not a pattern: on a full stack V8 cannot compile one. */
const stackOverflows: readonly string[] = ["Maximum call stack size exceeded", "too much recursion"];

/** What V8 puts in front of a trap of an active segment. */
const instantiation = /^WebAssembly\.\w+\(\): /;

let textOfNullCall: string | undefined;

/** What this engine says when `call_indirect` meets null, found out by doing it. */
function nullCallText(): string {
  if (textOfNullCall !== undefined) return textOfNullCall;
  const { Module, Instance } = webAssembly();
  const code = [
    ["i32.const", 0],
    ["call_indirect", 0, 0],
  ] as const;
  const bytes = functionModule("probe", code, (writer) => {
    writer.section(SectionId.table, () => {
      writer.u32(1);
      writeTableType(writer, { kind: "table", element: "funcref", minimum: 1, address: "i32" });
    });
  });
  try {
    new Instance(new Module(bytes)).exports[""]();
  } catch (thrown) {
    if (isStackOverflow(thrown)) throw thrown;
    textOfNullCall = engineMessage(thrown as Error);
  }
  return textOfNullCall ?? "";
}

/** Whether an error is the engine's for a full stack: a RangeError, in SpiderMonkey an InternalError. */
export function isStackOverflow(error: unknown): error is Error {
  return (
    error instanceof Error &&
    (error instanceof RangeError || error.name === "InternalError") &&
    stackOverflows.some((text) => error.message.startsWith(text))
  );
}

/**
 * Whether an error is a trap: the engine's `RuntimeError`, or its error for a full stack.
 *
 * JavaScript can make such errors as well, so what a host function threw must be told apart before: it left the guest
 * hidden (`uncatchable.ts`).
 */
export function isTrap(error: unknown): error is Error {
  return error instanceof webAssembly().RuntimeError || isStackOverflow(error);
}

/**
 * Name of the trap an engine's error is.
 *
 * @returns undefined for what is no trap, and for a trap whose text this library does not know: {@link isTrap} tells
 */
export function classifyTrap(error: unknown): TrapCode | undefined {
  if (!isTrap(error)) return undefined;
  if (isStackOverflow(error)) return "STACK_OVERFLOW";
  const text = engineMessage(error).replace(instantiation, "");
  const code = exact.get(text) ?? patterns.find(([pattern]) => pattern.test(text))?.[1];
  return code === "BAD_SIGNATURE" && text === nullCallText() ? "INDIRECT_CALL_TO_NULL" : code;
}

/**
 * A trap's name in the light of the instruction that trapped, where a stack trace tells it.
 *
 * SpiderMonkey has one text for accesses out of bounds, be it memory, table or array.
 *
 * @param operator - name of the instruction, as in the text format
 */
export function refineTrap(code: TrapCode, operator: string): TrapCode {
  // No segment holds as much as is too large for an array. wasmtime looks at the segment first.
  const isBehindSegment = code === "ALLOCATION_TOO_LARGE" && /^array\.new_(?:data|elem)$/.test(operator);
  if (code !== "MEMORY_OUT_OF_BOUNDS" && !isBehindSegment) return code;
  if (/^array\.(?:get|set|fill|copy)/.test(operator)) return "ARRAY_OUT_OF_BOUNDS";
  return /^table\.|_elem$|call_indirect$/.test(operator) ? "TABLE_OUT_OF_BOUNDS" : "MEMORY_OUT_OF_BOUNDS";
}
