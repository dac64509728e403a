/** What the items of one kind are called in the printed text. */
import type { NameMap } from "../../binary/names.ts";
import { idText, quoted } from "./literals.ts";

export class Identifiers {
  readonly #names: NameMap;
  /** Identifiers by index. Where one is not the name itself, the name goes into an annotation. */
  readonly #ids = new Map<number, string>();

  constructor(names: NameMap) {
    this.#names = names;
    const taken = new Set(names.values());
    const used = new Set<string>();
    let suffix = 0;
    for (const [index, name] of names) {
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
    const annotation = name === id ? "" : ` (@name ${quoted(name ?? "")})`;
    return id === undefined && name === undefined
      ? ""
      : `${id === undefined ? "" : ` ${idText(id)}`}${annotation}`;
  }

  /** {@link definition}, and the index in a comment. */
  numbered(index: number): string {
    return `${this.definition(index)} (;${index};)`;
  }

  /** The name as the name section has it. */
  name(index: number): string | undefined {
    return this.#names.get(index);
  }

  /** The names of the first so many items. */
  upTo(count: number): [index: number, name: string][] {
    return [...this.#names].filter(([index]) => index < count);
  }
}
