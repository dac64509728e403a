/**
 * From wasm types to the TypeScript types of their values.
 *
 * @packageDocumentation
 */
import type { ValType } from "../binary/types.ts";
import type { Func } from "./func.ts";

/** The JavaScript value of a wasm type. References that JavaScript only carries are `unknown`. */
export type ValueOf<T extends ValType> = T extends "i32" | "f32" | "f64"
  ? number
  : T extends "i64"
    ? bigint
    : T extends "v128"
      ? Uint8Array
      : T extends "funcref"
        ? Func | null
        : unknown;

/** What may be given for a wasm type: as {@link ValueOf}, and safe integers for i64. */
export type ValueFor<T extends ValType> = T extends "i64" ? bigint | number : ValueOf<T>;

/** Parameters of a function with these types. */
export type ParamsOf<P extends readonly ValType[]> = { -readonly [K in keyof P]: ValueOf<P[K]> };

/** What a host function with these results returns: nothing, a value, or an array. */
export type ResultOf<R extends readonly ValType[]> = R extends readonly []
  ? // biome-ignore lint/suspicious/noConfusingVoidType: the result of a function type
    void
  : R extends readonly [infer T extends ValType]
    ? ValueFor<T>
    : { readonly [K in keyof R]: ValueFor<R[K]> };

/**
 * {@link ResultOf} as the type a function literal is checked against. The tuple has no values: it is there for the
 * compiler to take an array literal that the function returns for a tuple.
 */
export type ReturnOf<R extends readonly ValType[]> = ResultOf<R> | readonly [never, ...never[]];
