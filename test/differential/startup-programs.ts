/** Random modules with much to do before anything of theirs runs, and programs that instantiate them with fuel. */
import type { Random } from "../support/random.ts";
import type { Step } from "./program.ts";

/** Around the number from which wasmtime looks at the fuel. */
const counts = [0, 1, 2, 5, 130] as const;

const repeated = (text: string, count: number) => Array(count).fill(text).join(" ");

/** @param isInBounds - whether all segments fit */
function moduleText(random: Random, isInBounds: boolean): string {
  const globals = random.some(3, () =>
    random.pick([
      "(global i32 (i32.const 3))",
      "(global i32 (global.get $one))",
      "(global i32 (i32.add (global.get $one) (i32.const 1)))",
      "(global funcref (ref.func $start))",
      "(global funcref (ref.null func))",
      `(global (ref $array) (array.new_default $array (i32.const ${random.pick([1, 128, 129, 500])})))`,
    ]),
  );
  const tableSizes = [random, random].map(() => random.pick([0, 10, 200]));
  const tables = tableSizes.map((size, index) => {
    const init = random.pick(["", "", "(ref.null func)", "(ref.func $start)"]);
    return `(table $t${index} ${size} funcref ${init})`;
  });
  const memorySizes = [random, random].map(() => random.pick([0, 1, 300]));
  const memories = memorySizes.map((size, index) => `(memory $m${index} ${size})`);
  const offset = (last: number) =>
    random.pick([
      `(i32.const ${Math.max(last, 0)})`,
      ...(last > 0 || !isInBounds ? ["(i32.const 0)", "(i32.const 1)", "(global.get $one)"] : []),
    ]);
  const elements = random.some(4, () => {
    const count = random.pick(counts);
    const table = random.below(tables.length);
    const last = tableSizes[table]! - count;
    if (isInBounds && last < 0) return "";
    const mode = random.pick(["", "declare", `(table $t${table}) (offset ${offset(last)})`]);
    const items = random.pick([
      `func ${repeated("$start", count)}`,
      `funcref ${repeated("(ref.func $start)", count)}`,
      `funcref ${repeated("(global.get $null)", count)}`,
    ]);
    return `(elem ${mode} ${items})`;
  });
  const data = random.some(3, () => {
    const count = random.pick(counts);
    const memory = random.below(memories.length);
    const size = memorySizes[memory]! * 65_536;
    const last = (size < 17_000_000 ? size : random.pick([size, 17_000_000])) - count;
    if (isInBounds && last < 0) return "";
    const place = random.oneIn(4) ? "" : `(memory $m${memory}) (offset ${offset(last)})`;
    return `(data ${place} "${"x".repeat(count)}")`;
  });
  return `(module (type $array (array (mut i32)))
    (global $one i32 (i32.const 1)) (global $null funcref (ref.null func))
    ${[...globals, ...tables, ...memories, ...elements, ...data].join("\n")}
    (func $start ${random.pick(["", "nop", "unreachable", "(drop (i32.const 1))"])})
    ${random.oneIn(3) ? "" : "(start $start)"})`;
}

/** Instantiates some modules, and looks at the fuel after each. */
export function startupProgram(random: Random): Step[] {
  const instantiations = Array.from({ length: 10 }, (): Step[] => {
    const isLimited = random.oneIn(3);
    const fuel = isLimited ? random.pick([0, 1, 2, 3, random.below(300)]) : 1_000_000;
    return [
      { op: "setFuel", store: "s", fuel },
      { op: "module", as: "m", engine: "e", wat: moduleText(random, isLimited) },
      { op: "instantiate", as: "i", linker: "l", store: "s", module: "m", quiet: true },
      { op: "getFuel", store: "s" },
    ];
  });
  return [
    { op: "engine", as: "e", fuel: true },
    { op: "store", as: "s", engine: "e" },
    { op: "linker", as: "l", engine: "e" },
    ...instantiations.flat(),
  ];
}
