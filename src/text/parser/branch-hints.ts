/**
 * Branch hints: `(@metadata.code.branch_hint "\00")` in front of an instruction.
 *
 * Spec: https://webassembly.github.io/branch-hinting/core/appendix/custom.html#branch-hint-section
 *
 * @packageDocumentation
 */
import type { ByteWriter } from "../../binary/writer.ts";
import type { Cursor } from "../syntax/cursor.ts";

const annotation = "metadata.code.branch_hint";

/** The branch hints of one function body. */
export class BranchHints {
  /** Offset of the instruction in the body, and 1 where the branch is likely. */
  readonly list: [offset: number, likely: number][] = [];
  readonly #writer: ByteWriter;
  readonly #bodyStart: number;
  /** The hint that the next instruction takes. */
  #pending: number | undefined;

  constructor(writer: ByteWriter) {
    this.#writer = writer;
    this.#bodyStart = writer.length;
  }

  /** Parses the annotation that comes next. */
  parse(cursor: Cursor): void {
    if (!cursor.isAnnotation(annotation)) cursor.fail("expected an instruction", cursor.position + 1);
    cursor.position += 2;
    const [value, ...rest] = cursor.string();
    if (rest.length > 0 || (value !== 0 && value !== 1)) cursor.fail("invalid value for branch hint");
    if (this.#pending !== undefined) cursor.fail(`@${annotation} annotation: duplicate annotation`);
    cursor.close();
    this.#pending = value;
  }

  /** The hint in front of an instruction that is about to be parsed. */
  take(): number | undefined {
    const hint = this.#pending;
    this.#pending = undefined;
    return hint;
  }

  /** Notes a hint for the instruction at an offset of the writer: by default the one that is written next. */
  note(hint: number | undefined, offset = this.#writer.length): void {
    if (hint !== undefined) this.list.push([offset - this.#bodyStart, hint]);
  }

  /** Checks that no hint is left without its instruction. */
  checkTaken(cursor: Cursor): void {
    if (this.#pending !== undefined) cursor.fail(`@${annotation} annotation: must precede an instruction`);
  }
}
