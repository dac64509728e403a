/** `true` only for types that are each other's equal, `any` and `unknown` included. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles when its type argument is `true`. */
export function same<_T extends true>(): void {}
