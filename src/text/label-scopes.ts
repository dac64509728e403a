/** The labels in scope at a place of a function body; finds one without a look at all the others. */
export class LabelScopes {
  readonly #open: (string | undefined)[] = [];
  /** Positions in `#open` of every identifier, innermost last. */
  readonly #positions = new Map<string, number[]>();

  /** How many blocks are open. */
  get depth(): number {
    return this.#open.length;
  }

  enter(id: string | undefined): void {
    if (id !== undefined) {
      const positions = this.#positions.get(id);
      if (positions === undefined) this.#positions.set(id, [this.depth]);
      else positions.push(this.depth);
    }
    this.#open.push(id);
  }

  leave(): void {
    const id = this.#open.pop();
    if (id !== undefined) this.#positions.get(id)!.pop();
  }

  /** Identifier of the label that is left by a branch out of so many blocks. */
  at(label: number): string | undefined {
    return this.#open[this.depth - 1 - label];
  }

  /** The label of an identifier: how many blocks are further in. */
  find(id: string): number | undefined {
    const position = this.#positions.get(id)?.at(-1);
    return position === undefined ? undefined : this.depth - 1 - position;
  }
}
