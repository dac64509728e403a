/**
 * What the items of one kind are called in the printed text.
 *
 * @packageDocumentation
 */
import type { NameMap } from "../../binary/names.ts";
import { idText, quoted } from "./literals.ts";

export class Identifiers {
  readonly #names = new Map<number, string>();
  /** Identifiers by index. Where one is not the name itself, the name goes into an annotation. */
  readonly #ids = new Map<number, string>();

  /** @param count - how many items there are: names of others are not looked at */
  constructor(names: NameMap, count: number) {
    for (const [index, name] of names) if (index < count) this.#names.set(index, name);
    const taken = new Set(this.#names.values());
    const used = new Set<string>();
    let suffix = 0;
    for (const [index, name] of this.#names) {
      if (name === "") continue;
      let id = name;
      // Names may repeat, identifiers must not.
      while (used.has(id) || (id !== name && taken.has(id))) id = `${name}#${suffix++}`;
      used.add(id);
      this.#ids.set(index, id);
    }
  }

  /** What stands where an index is used. */
  reference(index: number): string {
    const id = this.#ids.get(index);
    return id === undefined ? String(index) : idText(id);
  }

  /** What stands where the item is defined: with a space in front, or nothing. */
  definition(index: number): string {
    const id = this.#ids.get(index);
    const name = this.#names.get(index);
    if (name === undefined) return "";
    const annotation = name === id ? "" : ` (@name ${quoted(name)})`;
    return id === undefined ? annotation : ` ${idText(id)}${annotation}`;
  }

  /** The name as the name section has it. */
  name(index: number): string | undefined {
    return this.#names.get(index);
  }

  /** All names, by index. */
  get names(): [index: number, name: string][] {
    return [...this.#names];
  }
}
