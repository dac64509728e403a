/** What must and must not compile where host functions are typed by their signatures. */
import { type Caller, type Func, Func as FuncClass, type Linker, type Store } from "../../src/index.ts";
import { type Equal, same } from "./same.ts";

declare const linker: Linker;
declare const store: Store;

linker.defineFunc("env", "add", { params: ["i32", "f64"], results: ["f64"] }, (a, b) => {
  same<Equal<typeof a, number>>();
  same<Equal<typeof b, number>>();
  return a + b;
});
linker.defineFunc("env", "wide", { params: ["i64", "v128"], results: ["i64"] }, (a, b) => {
  same<Equal<typeof a, bigint>>();
  same<Equal<typeof b, Uint8Array>>();
  return a + BigInt(b.length);
});
linker.defineFunc("env", "refs", { params: ["externref", "funcref"], results: ["funcref"] }, (a, b) => {
  same<Equal<typeof a, unknown>>();
  same<Equal<typeof b, Func | null>>();
  return b;
});

// An i64 takes safe integers as well, and several results are an array.
linker.defineFunc("env", "small", { params: [], results: ["i64"] }, () => 5);
linker.defineFunc("env", "pair", { params: [], results: ["i32", "i64"] }, () => [1, 2n]);
linker.defineFunc("env", "pair", { params: [], results: ["i32", "i64"] }, () => [1, 2] as const);
// What a function without results returns does not count, nor do parameters it leaves out.
linker.defineFunc("env", "nothing", { params: ["i32"], results: [] }, () => {});
const calls: number[] = [];
linker.defineFunc("env", "note", { params: ["i32"], results: [] }, (x) => {
  calls.push(x);
});

// A signature may come from a constant.
const signature = { params: ["i32"], results: ["i32"] } as const;
linker.defineFunc("env", "constant", signature, (x) => x + 1);

linker.defineFunc(
  "env",
  "called",
  { params: ["i32"], results: [] },
  (caller, pointer) => {
    same<Equal<typeof caller, Caller<any>>>();
    same<Equal<typeof pointer, number>>();
  },
  { accessCaller: true },
);

// @ts-expect-error one parameter too many
linker.defineFunc("env", "f", { params: ["i32"], results: [] }, (_a: number, _b: number) => {});
// @ts-expect-error a parameter of the wrong type
linker.defineFunc("env", "f", { params: ["i64"], results: [] }, (_a: number) => {});
// @ts-expect-error the result is missing
linker.defineFunc("env", "f", { params: [], results: ["i32"] }, () => {});
// @ts-expect-error a result of the wrong type
linker.defineFunc("env", "f", { params: [], results: ["i32"] }, () => "1");
// @ts-expect-error an i32 is no bigint
linker.defineFunc("env", "f", { params: [], results: ["i32"] }, () => 1n);
// @ts-expect-error one result too few
linker.defineFunc("env", "f", { params: [], results: ["i32", "i32"] }, () => [1] as const);
// @ts-expect-error a result of an asynchronous function
linker.defineFunc("env", "f", { params: [], results: ["i32"] }, async () => 1);
// @ts-expect-error no value type
linker.defineFunc("env", "f", { params: ["int"], results: [] }, () => {});
// @ts-expect-error no results
linker.defineFunc("env", "f", { params: [] }, () => {});
// @ts-expect-error a Caller comes only when it is asked for
linker.defineFunc("env", "f", { params: ["i32"], results: [] }, (_caller: Caller, _a: number) => {});
// @ts-expect-error names are strings
linker.defineFunc("env", 1, { params: [], results: [] }, () => {});

// A Func is callable, and takes its own types when they are given.
const func: Func<[number, bigint], number> = new FuncClass(
  store,
  { params: ["i32", "i64"], results: ["i32"] },
  (a) => a,
);
same<Equal<ReturnType<typeof func>, number>>();
func(1, 2n);
// @ts-expect-error too few arguments
func(1);
// @ts-expect-error an argument of the wrong type
func("1", 2n);
