/**
 * Instruments the code section.
 *
 * @packageDocumentation
 */
import type { ByteRange, ModuleInfo } from "../binary/module-info.ts";
import { findSection, SectionId } from "../binary/sections.ts";
import { functionBodies } from "../binary/segments.ts";
import { BodyRewriter, type Instrumentation } from "./body-rewriter.ts";
import { BranchHints } from "./branch-hints.ts";
import { CodeBuffer } from "./code-buffer.ts";
import type { OffsetMap } from "./offset-map.ts";
import type { Payload } from "./section-editor.ts";
import { type SizeMix, smallFunction } from "./size-mix.ts";

/** Typical growth of code; more is allocated when it does not suffice. */
const expectedGrowth = 1.6;

/** The bodies of a module, instrumented. */
export interface RewrittenCode {
  /** The bodies, each with its size in front. */
  readonly entries: Uint8Array;
  /** Content of the section with branch hints. */
  readonly hints: Payload;
  readonly sizesBefore: SizeMix;
  readonly sizesAfter: SizeMix;
  readonly offsets: CodeOffsets;
}

/** @throws {UnsupportedError} a body becomes larger than engines allow */
export function rewriteCode(info: ModuleInfo, how: Instrumentation): RewrittenCode {
  const bodies = functionBodies(info);
  const rewriter = new BodyRewriter(info, how);
  const out = new CodeBuffer();
  const hints = new BranchHints();
  const starts = new Uint32Array(bodies.length);
  const section = findSection(info, SectionId.code);
  if (section !== undefined) out.reserve((section.end - section.payload) * expectedGrowth);
  let smallBefore = 0;
  let smallAfter = 0;
  for (let position = 0; position < bodies.length; position++) {
    const body = bodies[position]!;
    const start = rewriter.rewrite(info.imported.func + position, body, out, hints);
    starts[position] = start;
    if (body.end - body.start < smallFunction) smallBefore++;
    if (out.length - start < smallFunction) smallAfter++;
  }
  return {
    entries: out.written,
    hints: hints.content,
    sizesBefore: { count: bodies.length, small: smallBefore },
    sizesAfter: { count: bodies.length, small: smallAfter },
    offsets: new CodeOffsets(info.imported.func, bodies, starts, out.length, rewriter),
  };
}

/** The way back from instrumented bodies. It is found for one body at a time, when it is asked for: few trap. */
class CodeOffsets {
  readonly #firstFunction: number;
  readonly #bodies: readonly ByteRange[];
  readonly #starts: Uint32Array;
  readonly #end: number;
  readonly #rewriter: BodyRewriter;
  readonly #scratch = new CodeBuffer();
  readonly #maps = new Map<number, OffsetMap>();

  /** @param starts - where in the instrumented code each of the bodies starts */
  constructor(
    firstFunction: number,
    bodies: readonly ByteRange[],
    starts: Uint32Array,
    end: number,
    rewriter: BodyRewriter,
  ) {
    this.#firstFunction = firstFunction;
    this.#bodies = bodies;
    this.#starts = starts;
    this.#end = end;
    this.#rewriter = rewriter;
  }

  /** Offset in the original module of the instruction behind an offset in the instrumented code; -1 outside. */
  sourceOf(offset: number): number {
    const position = this.#positionOf(offset);
    if (position < 0) return -1;
    let map = this.#maps.get(position);
    if (map === undefined) {
      map = this.#rewriter.trace(this.#firstFunction + position, this.#bodies[position]!, this.#scratch);
      this.#maps.set(position, map);
    }
    return map.sourceOf(offset - this.#starts[position]!);
  }

  /** Position of the body an offset is in. */
  #positionOf(offset: number): number {
    if (offset >= this.#end) return -1;
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
