/**
 * Whether a failure is the one a script expects, by its message.
 *
 * As in wasmtime's runner, the expected text has to occur in the message: the suite's texts are beginnings of the
 * reference interpreter's, and wasmtime puts its own words in front of some of them.
 *
 * @packageDocumentation
 */
import { type TrapCode, trapCodes } from "../host/trap-codes.ts";

/** What the suite says where wasmtime says something else, or where JavaScript engines cannot tell. */
const otherTraps: readonly (readonly [suite: RegExp, TrapCode])[] = [
  // The suite names the element that is null.
  [/^uninitialized element \d+$/, "INDIRECT_CALL_TO_NULL"],
  // The suite names what kind of reference is null: "null structure reference".
  [/^null \w+ reference$/, "NULL_REFERENCE"],
  // Custom descriptors, which wasmtime does not have yet.
  [/^descriptor cast failure$/, "CAST_FAILURE"],
  // wasmtime calls a null function reference what it calls a null table element.
  [/^null function reference$/, "INDIRECT_CALL_TO_NULL"],
  // One text of the engines stands for both: see `host/trap-texts.ts`.
  [/call type mismatch$/, "INDIRECT_CALL_TO_NULL"],
  [/^uninitialized element/, "BAD_SIGNATURE"],
  [/^invalid conversion to integer$/, "INTEGER_OVERFLOW"],
  // One text for both ends of array.init_elem and array.init_data: V8 blames the segment, JSC the array.
  [/^out of bounds array access$/, "TABLE_OUT_OF_BOUNDS"],
  [/^out of bounds (?:memory|table) access$/, "ARRAY_OUT_OF_BOUNDS"],
];

/** Whether a trap is the one the suite's text stands for. */
export function isExpectedTrap(expected: string, code: TrapCode): boolean {
  return (
    trapCodes[code].includes(expected) ||
    otherTraps.some(([suite, other]) => other === code && suite.test(expected))
  );
}
