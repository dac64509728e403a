/**
 * The names of a linker: pairs of module and field, in the order of their definition.
 *
 * @packageDocumentation
 */
import { DuplicateDefinitionError } from "../errors.ts";
import type { Definition } from "./definition.ts";

/** One named definition. */
export interface Entry {
  readonly module: string;
  readonly name: string;
  readonly definition: Definition;
}

export class DefinitionMap {
  readonly #modules = new Map<string, Map<string, Definition>>();

  get(module: string, name: string): Definition | undefined {
    return this.#modules.get(module)?.get(name);
  }

  /** @throws {DuplicateDefinitionError} the name is taken and `allowShadowing` is false */
  set(module: string, name: string, definition: Definition, allowShadowing: boolean): void {
    let fields = this.#modules.get(module);
    if (fields === undefined) {
      fields = new Map();
      this.#modules.set(module, fields);
    }
    if (!allowShadowing && fields.has(name)) throw new DuplicateDefinitionError(module, name);
    fields.set(name, definition);
  }

  /** The definitions of one module as they are now. */
  fieldsOf(module: string): readonly (readonly [name: string, Definition])[] {
    return [...(this.#modules.get(module) ?? [])];
  }

  *[Symbol.iterator](): Generator<Entry, void, void> {
    for (const [module, fields] of this.#modules) {
      for (const [name, definition] of fields) yield { module, name, definition };
    }
  }
}
