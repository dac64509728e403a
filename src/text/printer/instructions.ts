/**
 * Function bodies and constant expressions as text; nothing is folded.
 *
 * Spec: https://webassembly.github.io/spec/core/text/instructions.html
 *
 * @packageDocumentation
 */
import { InstructionCursor } from "../../binary/instructions.ts";
import type { ByteRange, ExprRange } from "../../binary/module-info.ts";
import type { Operator } from "../../binary/opcodes.ts";
import { ByteReader } from "../../binary/reader.ts";
import { Identifiers } from "./identifiers.ts";
import { immediatesText, type PrintContext } from "./immediates.ts";
import { PrintedLabels } from "./labels.ts";
import type { ModuleNames } from "./module-names.ts";

/** The table tells encodings apart that have one name in text. */
function nameText({ immediates, name }: Operator): string {
  return immediates === "refTest" ? name.replace(/_null$/, "") : name;
}

class InstructionPrinter implements PrintContext {
  readonly module: ModuleNames;
  readonly reader: ByteReader;
  readonly locals: Identifiers;
  readonly labels: PrintedLabels;

  constructor(module: ModuleNames, range: ByteRange, locals: Identifiers, labels: PrintedLabels) {
    this.module = module;
    this.reader = new ByteReader(module.info.bytes, range.start, range.end);
    this.locals = locals;
    this.labels = labels;
  }

  text(cursor: InstructionCursor): string {
    this.reader.offset = cursor.immediates;
    return nameText(cursor.operator) + immediatesText(this, cursor.operator);
  }

  /** A block's first line. Catch clauses branch from outside of the block, so its label comes last. */
  block(cursor: InstructionCursor): string {
    this.reader.offset = cursor.immediates;
    const immediates = immediatesText(this, cursor.operator);
    return cursor.operator.name + this.labels.enter() + immediates;
  }
}

/**
 * Prints the instructions of a function body, each on a line of its own.
 *
 * @param print - is given each line, how far it is indented, and the instruction
 */
export function printBody(
  module: ModuleNames,
  range: ByteRange,
  locals: Identifiers,
  labels: PrintedLabels,
  print: (text: string, depth: number, operator: Operator) => void,
): void {
  const cursor = new InstructionCursor(module.info.bytes, range.start, range.end);
  const printer = new InstructionPrinter(module, range, locals, labels);
  const line = (text: string, outdent = 0): void => print(text, labels.depth - outdent, cursor.operator);
  while (cursor.advance()) {
    switch (cursor.operator.name) {
      case "block":
      case "loop":
      case "if":
      case "try":
      case "try_table": {
        const { depth } = labels;
        const text = printer.block(cursor);
        line(text, labels.depth - depth);
        break;
      }
      case "else":
      case "catch":
      case "catch_all":
        line(printer.text(cursor), 1);
        break;
      case "delegate":
        labels.leave();
        line(printer.text(cursor));
        break;
      case "end":
        if (labels.depth === 0) {
          if (cursor.next !== range.end)
            printer.reader.fail("operators remaining after end of function", cursor.next);
          return;
        }
        labels.leave();
        line("end");
        break;
      default:
        line(printer.text(cursor));
    }
  }
  printer.reader.fail("control frames remain at end of function: END opcode expected", range.end);
}

/** The instructions of a constant expression, without its `end`. */
export function constantInstructions(module: ModuleNames, range: ExprRange): string[] {
  const cursor = new InstructionCursor(module.info.bytes, range.start, range.end - 1);
  const printer = new InstructionPrinter(
    module,
    range,
    new Identifiers(new Map(), 0),
    new PrintedLabels(new Map()),
  );
  const texts: string[] = [];
  while (cursor.advance()) texts.push(printer.text(cursor));
  return texts;
}

/** A constant expression as a form: its only instruction folded, or all of them with a word in front. */
export function constantForm(module: ModuleNames, range: ExprRange, word: string): string {
  const instructions = constantInstructions(module, range);
  return instructions.length === 1 ? `(${instructions[0]})` : `(${[word, ...instructions].join(" ")})`;
}
