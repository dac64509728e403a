/**
 * What the identifiers of a script stand for.
 *
 * @packageDocumentation
 */
import { WasmlinkError } from "../errors.ts";

type Outcome<T> = { readonly value: T } | { readonly failure: unknown };

/** Things made in a script, by identifier, and the last one. What could not be made is remembered with its failure. */
export class Named<T> {
  readonly #what: string;
  readonly #byId = new Map<string, Outcome<T>>();
  #last: Outcome<T> | undefined;

  /** @param what - the word for one of them in messages */
  constructor(what: string) {
    this.#what = what;
  }

  /** Makes the next one. Throws what `make` throws. */
  make(id: string | undefined, make: () => T): T {
    let outcome: Outcome<T>;
    try {
      outcome = { value: make() };
    } catch (failure) {
      outcome = { failure };
    }
    this.#last = outcome;
    if (id !== undefined) this.#byId.set(id, outcome);
    if ("failure" in outcome) throw outcome.failure;
    return outcome.value;
  }

  /** The one of this identifier, or the last one. */
  get(id: string | undefined): T {
    const outcome = id === undefined ? this.#last : this.#byId.get(id);
    if (outcome !== undefined && "value" in outcome) return outcome.value;
    const name = id === undefined ? "" : ` \`${id}\``;
    throw new WasmlinkError(`there is no ${this.#what}${name}`, { cause: outcome?.failure });
  }

  /** Why the one of this identifier could not be made. */
  failure(id: string): unknown {
    const outcome = this.#byId.get(id);
    return outcome !== undefined && "failure" in outcome ? outcome.failure : undefined;
  }
}
