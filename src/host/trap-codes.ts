/**
 * The traps of wasmtime.
 *
 * Spec: https://webassembly.github.io/spec/core/intro/overview.html#trap
 *
 * @packageDocumentation
 */
/** wasmtime's trap codes with their messages, in the order of their numbers in wasmtime's C API. */
export const trapCodes = {
  STACK_OVERFLOW: "call stack exhausted",
  MEMORY_OUT_OF_BOUNDS: "out of bounds memory access",
  HEAP_MISALIGNED: "unaligned atomic",
  TABLE_OUT_OF_BOUNDS: "undefined element: out of bounds table access",
  INDIRECT_CALL_TO_NULL: "uninitialized element",
  BAD_SIGNATURE: "indirect call type mismatch",
  INTEGER_OVERFLOW: "integer overflow",
  INTEGER_DIVISION_BY_ZERO: "integer divide by zero",
  BAD_CONVERSION_TO_INTEGER: "invalid conversion to integer",
  UNREACHABLE: "wasm `unreachable` instruction executed",
  INTERRUPT: "interrupt",
  OUT_OF_FUEL: "all fuel consumed by WebAssembly",
  ATOMIC_WAIT_NON_SHARED_MEMORY: "atomic wait on non-shared memory",
  NULL_REFERENCE: "null reference",
  ARRAY_OUT_OF_BOUNDS: "out of bounds array access",
  ALLOCATION_TOO_LARGE: "allocation size too large",
  CAST_FAILURE: "cast failure",
  CANNOT_ENTER_COMPONENT: "cannot enter component instance",
  NO_ASYNC_RESULT: "async-lifted export failed to produce a result",
  UNHANDLED_TAG: "unhandled tag",
  CONTINUATION_ALREADY_CONSUMED: "continuation already consumed",
  DISABLED_OPCODE: "pulley opcode disabled at compile time was executed",
  ASYNC_DEADLOCK: "deadlock detected: event loop cannot make further progress",
  CANNOT_LEAVE_COMPONENT: "cannot leave component instance",
  CANNOT_BLOCK_SYNC_TASK: "cannot block a synchronous task before returning",
  INVALID_CHAR: "invalid `char` bit pattern",
  DEBUG_ASSERT_STRING_ENCODING_FINISHED: "should have finished string encoding",
  DEBUG_ASSERT_EQUAL_CODE_UNITS: "code units should be equal",
  DEBUG_ASSERT_POINTER_ALIGNED: "pointer should be aligned",
  DEBUG_ASSERT_UPPER_BITS_UNSET: "upper bits should be unset",
  STRING_OUT_OF_BOUNDS: "string content out-of-bounds",
  LIST_OUT_OF_BOUNDS: "list content out-of-bounds",
  INVALID_DISCRIMINANT: "invalid variant discriminant",
  UNALIGNED_POINTER: "unaligned pointer",
  TASK_CANCEL_NOT_CANCELLED: "`task.cancel` called by task which has not been cancelled",
  TASK_CANCEL_OR_RETURN_TWICE: "`task.return` or `task.cancel` called more than once for current task",
  SUBTASK_CANCEL_AFTER_TERMINAL: "`subtask.cancel` called after terminal status delivered",
  TASK_RETURN_INVALID: "invalid `task.return` signature and/or options for current task",
  WAITABLE_SET_DROP_HAS_WAITERS: "cannot drop waitable set with waiters",
  SUBTASK_DROP_NOT_RESOLVED: "cannot drop a subtask which has not yet resolved",
  THREAD_NEW_INDIRECT_INVALID_TYPE:
    "start function does not match expected type (currently only `(i32) -> ()` is supported)",
  THREAD_NEW_INDIRECT_UNINITIALIZED: "the start function index points to an uninitialized function",
  BACKPRESSURE_OVERFLOW: "backpressure counter overflow",
  UNSUPPORTED_CALLBACK_CODE: "unsupported callback code",
  CANNOT_RESUME_THREAD: "cannot resume thread which is not suspended",
  CONCURRENT_FUTURE_STREAM_OP: "cannot have concurrent operations active on a future/stream",
  REFERENCE_COUNT_OVERFLOW: "reference count overflow",
  STREAM_OP_TOO_BIG: "stream read/write count too large",
  WAITABLE_SYNC_AND_ASYNC: "waitable cannot be used synchronously while added to a waitable set",
  UNCAUGHT_EXCEPTION: "uncaught exception propagated out of component",
} as const;

/**
 * Name of a trap, as in wasmtime's `TrapCode` (Python) and, in its own spelling, `wasmtime::Trap` (Rust).
 */
export type TrapCode = keyof typeof trapCodes;
