/** The labels that are in scope at a place of a function body, as the printed text calls them. */
import type { NameMap } from "../../binary/names.ts";
import { idText, quoted } from "./literals.ts";

export class PrintedLabels {
  readonly #names: NameMap;
  readonly #open: { readonly name: string | undefined }[] = [];
  #count = 0;

  constructor(names: NameMap) {
    this.#names = names;
  }

  /** How many blocks are open. */
  get depth(): number {
    return this.#open.length;
  }

  /** Enters a block; returns its identifier with a space in front, or nothing. */
  enter(): string {
    const name = this.#names.get(this.#count++);
    this.#open.push({ name });
    if (name === undefined) return "";
    return name === "" ? ` (@name ${quoted(name)})` : ` ${idText(name)}`;
  }

  leave(): void {
    this.#open.pop();
  }

  /** What stands where a label is used: its identifier, unless an inner block has the same. */
  reference(depth: number): string {
    const target = this.#open.length - 1 - depth;
    const name = this.#open[target]?.name;
    const isInnermost = this.#open.findLastIndex((label) => label.name === name) === target;
    return name === undefined || name === "" || !isInnermost ? String(depth) : idText(name);
  }

  /** Names of the labels so far, for comparison with the name section. */
  get used(): [index: number, name: string][] {
    return [...this.#names].filter(([index]) => index < this.#count);
  }
}
