/**
 * References in scripts: objects of the host, and what a reference is that JavaScript cannot look into.
 *
 * @packageDocumentation
 */
import type { Engine } from "../runtime/engine.ts";
import { Func } from "../runtime/func.ts";
import { Instance } from "../runtime/instance.ts";
import { Module } from "../runtime/module.ts";
import { unboundedStore } from "./unbounded-store.ts";

/** Any other value would not do: engines turn numbers into `i31` on their way to `anyref`. */
class HostObject {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}

const anyKinds = ["i31", "struct", "array", "host"] as const;

const classifier = `(module
  (func (export "kind") (param anyref) (result i32)
    (if (ref.test (ref i31) (local.get 0)) (then (return (i32.const 0))))
    (if (ref.test (ref struct) (local.get 0)) (then (return (i32.const 1))))
    (if (ref.test (ref array) (local.get 0)) (then (return (i32.const 2))))
    (i32.const 3)))`;

export class References {
  readonly #engine: Engine;
  readonly #hostObjects = new Map<number, HostObject>();
  #kind: ((reference: unknown) => number) | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The object of the host with a number. */
  hostObject(number: number): object {
    const known = this.#hostObjects.get(number) ?? new HostObject(number);
    this.#hostObjects.set(number, known);
    return known;
  }

  /**
   * Whether a reference that is not null is what a script says.
   *
   * @param what - `func`, `extern`, `host`, `any`, `eq`, `i31`, `struct`, `array`
   * @param number - which object of the host, or value of an `i31`; any where it is left out
   */
  matches(reference: unknown, what: string, number: number | undefined): boolean {
    switch (what) {
      case "func":
        return reference instanceof Func;
      case "extern":
      case "host":
        return number === undefined || reference === this.hostObject(number);
      case "any":
        return true;
      case "eq":
        return this.#kindOf(reference) !== "host";
      case "i31":
        return this.#kindOf(reference) === "i31" && (number === undefined || reference === number);
      case "struct":
      case "array":
        return this.#kindOf(reference) === what;
      default:
        return false;
    }
  }

  /** Kind of a reference of the `any` hierarchy. Its engine has the types for that, or there would be no such value. */
  #kindOf(reference: unknown): (typeof anyKinds)[number] {
    this.#kind ??= new Instance<{ kind(reference: unknown): number }>(
      unboundedStore(this.#engine),
      new Module(this.#engine, classifier),
      [],
    ).exports.kind;
    return anyKinds[this.#kind(reference)]!;
  }
}
