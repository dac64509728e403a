/**
 * Which instruction of the original stands behind each place in instrumented code.
 *
 * @packageDocumentation
 */

/** Marks in ascending order: what follows one belongs to its instruction, up to the next. */
export class OffsetMap {
  #places: number[] = [];
  #sources: number[] = [];

  /** What is written from `place` on belongs to the instruction at `source`. */
  mark(place: number, source: number): void {
    this.#places.push(place);
    this.#sources.push(source);
  }

  clear(): void {
    this.#places.length = 0;
    this.#sources.length = 0;
  }

  /** Puts something in front of what is marked: `length` bytes that belong to the instruction at `source`. */
  prepend(length: number, source: number): void {
    this.#places = [0, ...this.#places.map((place) => place + length)];
    this.#sources = [source, ...this.#sources];
  }

  /** Offset of the instruction behind a place, or -1 before the first mark. */
  sourceOf(place: number): number {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#places[middle]! <= place) low = middle + 1;
      else high = middle;
    }
    return this.#sources[low - 1] ?? -1;
  }
}
