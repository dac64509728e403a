/**
 * Labels of a function body as the printed text calls them.
 *
 * @packageDocumentation
 */
import type { NameMap } from "../../binary/names.ts";
import { LabelScopes } from "../label-scopes.ts";
import { idText, quoted } from "./literals.ts";

export class PrintedLabels {
  readonly #names: NameMap;
  readonly #scopes = new LabelScopes();
  #count = 0;

  constructor(names: NameMap) {
    this.#names = names;
  }

  /** How many blocks are open. */
  get depth(): number {
    return this.#scopes.depth;
  }

  /** Enters a block; returns its identifier with a space in front, or nothing. */
  enter(): string {
    const name = this.#names.get(this.#count++);
    this.#scopes.enter(name);
    if (name === undefined) return "";
    return name === "" ? ` (@name ${quoted(name)})` : ` ${idText(name)}`;
  }

  leave(): void {
    this.#scopes.leave();
  }

  /** What stands where a label is used: its identifier, unless a block further in has the same. */
  reference(label: number): string {
    const name = this.#scopes.at(label);
    return name === undefined || name === "" || this.#scopes.find(name) !== label
      ? String(label)
      : idText(name);
  }

  /** Names of the labels so far. */
  get used(): [index: number, name: string][] {
    return [...this.#names].filter(([index]) => index < this.#count);
  }
}
