/**
 * Hints for the engine that the way to the host is hardly ever taken.
 *
 * Spec: https://github.com/WebAssembly/branch-hinting/blob/main/proposals/branch-hinting/Overview.md
 *
 * @packageDocumentation
 */
import { CodeBuffer } from "./code-buffer.ts";
import { encode, type Payload } from "./section-editor.ts";

/** Name of the section. It has to come before the code. */
export const branchHintSection = "metadata.code.branch_hint";

/** Collects the hints of all functions. */
export class BranchHints {
  readonly #entries = new CodeBuffer();
  #count = 0;

  /**
   * Adds the hints of a function; functions come in ascending order.
   *
   * @param places - where the branches are
   * @param body - where the body starts that they are in
   */
  add(funcIndex: number, places: readonly number[], body: number): void {
    if (places.length === 0) return;
    const entries = this.#entries;
    this.#count++;
    entries.reserve(places.length * 7);
    entries.u32(funcIndex);
    entries.u32(places.length);
    for (const place of places) {
      entries.u32(place - body);
      // One byte: not likely.
      entries.u8(1);
      entries.u8(0);
    }
  }

  /** The section's content; empty without hints. */
  get content(): Payload {
    if (this.#count === 0) return [];
    return [encode((writer) => writer.u32(this.#count)), this.#entries.written];
  }
}
