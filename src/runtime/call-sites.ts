/**
 * The closures that wasm calls host functions through, each written out 16 times. Made by scripts/call-sites.mjs.
 *
 * JavaScript engines learn what a call leads to by the place of the call in the source. Through one place, all host
 * functions look like one that may be anything; through a place of its own each is inlined, and a call costs half.
 * RATIONALE: "Call sites".
 *
 * @packageDocumentation
 */
import type { ValType } from "../binary/types.ts";
import { Caller, type CallerScope } from "./caller.ts";
import { type AnyFunction, hostResult, isDirect } from "./crossing.ts";
import { toGuest } from "./failure.ts";
import type { Store } from "./store.ts";

/** Makes the closure for a host function, given what `hostResult` needs. */
type Site = (
  fn: AnyFunction,
  kind: number,
  results: readonly ValType[],
  store: Store<any> | undefined,
) => AnyFunction;

/** The same for functions that are given a {@link Caller}. */
type CallerSite = (
  fn: AnyFunction,
  kind: number,
  results: readonly ValType[],
  store: Store<any> | undefined,
  scope: CallerScope,
) => AnyFunction;

/** By number of parameters. */
const plainSites: readonly (readonly Site[])[] = [
  [
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      () => {
        try {
          const result = fn();
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
  ],
  [
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown) => {
        try {
          const result = fn(a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
  ],
  [
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown) => {
        try {
          const result = fn(a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
  ],
  [
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown) => {
        try {
          const result = fn(a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
  ],
  [
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
    (fn, kind, results, store) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        try {
          const result = fn(a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        }
      },
  ],
];

/** By number of parameters. */
const callerSites: readonly (readonly CallerSite[])[] = [
  [
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      () => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
  ],
  [
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
  ],
  [
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
  ],
  [
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
  ],
  [
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
    (fn, kind, results, store, scope) =>
      (a: unknown, b: unknown, c: unknown, d: unknown) => {
        const caller = new Caller(scope);
        try {
          const result = fn(caller, a, b, c, d);
          return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
        } catch (error) {
          throw toGuest(error);
        } finally {
          caller.isOver = true;
        }
      },
  ],
];

const taken = new Uint8Array(10);

/** A number for a host function, by which all its closures go through one place. */
export function takeSite(arity: number, accessCaller: boolean): number {
  if (arity > 4) return 0;
  const counter = arity * 2 + (accessCaller ? 1 : 0);
  // Wraps around at 256, which is a multiple of the number of places.
  return (taken[counter] = taken[counter]! + 1) % 16;
}

/** The closure of a host function of up to 4 parameters. */
export function closureAt(
  site: number,
  arity: number,
  fn: AnyFunction,
  kind: number,
  results: readonly ValType[],
  store: Store<any> | undefined,
  scope: CallerScope | undefined,
): AnyFunction {
  return scope === undefined
    ? plainSites[arity]![site]!(fn, kind, results, store)
    : callerSites[arity]![site]!(fn, kind, results, store, scope);
}
