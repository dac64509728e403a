/**
 * Which instruction of the original stands behind each place in instrumented code.
 *
 * @packageDocumentation
 */

/** Marks in ascending order: what follows one belongs to its instruction, up to the next. */
export class OffsetMap {
  #places: number[] = [];
  #sources: number[] = [];

  get length(): number {
    return this.#places.length;
  }

  /** What is written from `place` on belongs to the instruction at `source`. */
  mark(place: number, source: number): void {
    this.#places.push(place);
    this.#sources.push(source);
  }

  clear(): void {
    this.#places.length = 0;
    this.#sources.length = 0;
  }

  /** Takes over the marks of another map, moved. */
  append(other: OffsetMap, by: number): void {
    for (let index = 0; index < other.length; index++) {
      this.mark(other.#places[index]! + by, other.#sources[index]!);
    }
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
