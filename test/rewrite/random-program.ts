/**
 * Random structured programs, made from a tape of choices: a shorter tape with smaller numbers gives a simpler program,
 * so that a counterexample shrinks.
 */

const functionCount = 4;

class Tape {
  readonly #choices: readonly number[];
  #next = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  get isEmpty(): boolean {
    return this.#next >= this.#choices.length;
  }

  /** A number below `count`; 0 when the tape is over. */
  below(count: number): number {
    return (this.#choices[this.#next++] ?? 0) % count;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** Every loop and function pays from a purse that ends the program, so that all programs end. */
const pay =
  "(global.set $purse (i32.sub (global.get $purse) (i32.const 1))) " +
  "(if (i32.lt_s (global.get $purse) (i32.const 0)) (then unreachable))";

const locals = ["$a", "$b", "$c"];
const binary = ["add", "sub", "mul", "and", "or", "xor", "shl", "lt_s", "gt_u", "eq", "div_u", "rem_s"];

function expr(tape: Tape, depth: number): string {
  const sub = () => expr(tape, depth - 1);
  switch (depth <= 0 ? tape.below(3) : tape.below(12)) {
    case 1:
      return `(local.get ${tape.pick(locals)})`;
    case 2:
      return "(global.get $g)";
    case 3:
      return `(i32.${tape.pick(binary)} ${sub()} ${sub()})`;
    case 4:
      return `(local.tee ${tape.pick(locals)} ${sub()})`;
    case 5:
      return `(i32.load offset=${tape.below(64)} (i32.and ${sub()} (i32.const 1023)))`;
    case 6:
      return `(select ${sub()} ${sub()} ${sub()})`;
    case 7:
      return `(call $f${tape.below(functionCount)} ${sub()} (i64.extend_i32_s ${sub()}))`;
    case 8:
      return `(call_indirect (type $t) ${sub()} (i64.const ${tape.below(9)}) (i32.and ${sub()} (i32.const 7)))`;
    case 9:
      return `(if (result i32) ${sub()} (then ${sub()}) (else nop ${sub()}))`;
    case 10:
      return `(block (result i32) ${sub()} ${sub()} (br_if 0) ${sub()} i32.add)`;
    case 11:
      return "(memory.size)";
    default:
      return `(i32.const ${tape.below(300) - 20})`;
  }
}

/** A branch to one of the labels around, with a value for those that take one. */
function branch(tape: Tape, instruction: string, labels: readonly number[], condition: string): string {
  const label = tape.below(labels.length);
  const takesValue = labels[label] === 1;
  const drop = takesValue && instruction !== "br" ? "(drop)" : "";
  return `${takesValue ? expr(tape, 1) : ""} ${condition} (${instruction} ${label}) ${drop}`;
}

function branchTable(tape: Tape, labels: readonly number[]): string {
  const first = tape.below(labels.length);
  const alike = [...labels.keys()].filter((label) => labels[label] === labels[first]);
  const targets = [first, tape.pick(alike), tape.pick(alike)].join(" ");
  return `${labels[first] === 1 ? expr(tape, 1) : ""} (br_table ${targets} ${expr(tape, 1)})`;
}

/** @param labels - arities of the labels around, innermost first */
function statements(tape: Tape, depth: number, labels: readonly number[]): string {
  const list: string[] = [];
  for (let left = 1 + tape.below(4); left > 0 && !tape.isEmpty; left--) {
    list.push(statement(tape, depth, labels));
  }
  return list.join("\n");
}

function statement(tape: Tape, depth: number, labels: readonly number[]): string {
  const value = () => expr(tape, 2);
  const inner = (arity = 0) => statements(tape, depth - 1, [arity, ...labels]);
  const masked = (mask: number) => `(i32.and ${value()} (i32.const ${mask}))`;
  switch (tape.below(depth <= 0 ? 11 : 21)) {
    case 1:
      return `(global.set $g ${value()})`;
    case 2:
      return branch(tape, "br_if", labels, value());
    case 3:
      return `(i32.store ${masked(1023)} ${value()})`;
    case 4:
      return branch(tape, "br", labels, "");
    case 5:
      return branchTable(tape, labels);
    case 6:
      return `(return ${value()})`;
    case 7:
      return `(memory.fill (i32.const 0) ${value()} ${tape.pick(["(i32.const 100)", "(i32.const 200)", masked(255)])})`;
    case 8:
      return `(memory.copy (i32.const 64) (i32.const 0) ${masked(1023)})`;
    case 9:
      return `(drop (memory.grow ${tape.pick(["(i32.const 1)", masked(3)])}))`;
    case 10:
      return `(drop (table.grow $grown (ref.null func) ${tape.pick(["(i32.const 1)", masked(7)])}))`;
    case 11:
      return `(block ${inner()})`;
    case 12:
    case 13:
      return `(loop ${pay} ${inner()} (br_if 0 ${value()}))`;
    case 14:
      return `(loop ${pay} ${inner()})`;
    case 15:
      return `(if ${value()} (then ${inner()}))`;
    case 16:
    case 17:
      return `(if ${value()} (then ${inner()}) (else ${inner()}))`;
    case 18:
      return `(i32.const ${tape.below(9)}) (loop (param i32) (result i32) ${pay} (local.set $c) ${inner(1)}
        (local.get $c) (br_if 0 ${value()})) (local.set $a)`;
    case 19:
      return `(local.set $a (loop (result i32) ${pay} ${inner()} ${value()} (br_if 0 ${value()})))`;
    case 20:
      return `(if ${value()} (then (return_call $f${tape.below(functionCount)} ${value()} (i64.const 1))))`;
    default:
      return `(local.set ${tape.pick(locals)} ${value()})`;
  }
}

/** Text of a module whose functions `f0`… take an i32 and an i64 and return an i32. */
export function programFrom(choices: readonly number[]): string {
  const tape = new Tape(choices);
  const functions: string[] = [];
  for (let index = 0; index < functionCount; index++) {
    functions.push(`(func $f${index} (export "f${index}") (type $t) (local $b i32) (local $c i32)
      ${pay} ${statements(tape, 4, [1])} ${expr(tape, 3)})`);
  }
  return `(module
    (type $t (func (param $a i32) (param i64) (result i32)))
    (memory (export "memory") 1 40)
    (table funcref (elem $f0 $f1 $f2 $f3))
    (table $grown 0 50 funcref)
    (global $g (export "g") (mut i32) (i32.const 7))
    (global $purse (export "purse") (mut i32) (i32.const 0))
    ${functions.map((text) => text.replace("(type $t)", "(type $t) (param $a i32) (param i64) (result i32)")).join("\n")})`;
}
