/** Random text modules that import, define and export a bit of everything. */
import type { Random } from "../support/random.ts";
import type { ItemType, Support, Wish } from "./generate.ts";
import type { Signature, TypeName } from "./program.ts";

export interface ModulePlan {
  readonly wat: string;
  readonly imports: readonly ItemType[];
  readonly exports: ReadonlyMap<string, ItemType>;
}

const exportNames = ["f", "g", "m", "t", "v", "x", "", "memory", "run"];

/** A name in the text format. */
function quote(name: string): string {
  const escaped = [...new TextEncoder().encode(name)].map(
    (byte) => `\\${byte.toString(16).padStart(2, "0")}`,
  );
  return `"${escaped.join("")}"`;
}

function list(word: string, types: readonly TypeName[]): string {
  return types.length === 0 ? "" : ` (${word} ${types.join(" ")})`;
}

function signatureText({ params, results }: Signature): string {
  return list("param", params) + list("result", results);
}

function limitsText({ minimum, maximum }: { minimum: number; maximum: number | null }): string {
  return maximum === null ? `${minimum}` : `${minimum} ${maximum}`;
}

function typeText(type: ItemType): string {
  switch (type.kind) {
    case "func":
      return signatureText(type);
    case "global":
      return ` ${type.mutable ? `(mut ${type.content})` : type.content}`;
    case "memory":
      return ` ${limitsText(type)}`;
    case "table":
      return ` ${limitsText(type)} ${type.element}`;
    case "tag":
      return list("param", type.params);
  }
}

const zeros: Readonly<Record<TypeName, string>> = {
  i32: "i32.const 7",
  i64: "i64.const -7",
  f32: "f32.const 0.1",
  f64: "f64.const -0",
  externref: "ref.null extern",
  funcref: "ref.null func",
};

/** Bodies that trap. */
const traps = [
  "unreachable",
  "i32.const 1 i32.const 0 i32.div_s drop",
  "i32.const 0x80000000 i32.const -1 i32.div_s drop",
  "f32.const inf i32.trunc_f32_u drop",
];

/** A module that imports some of what `wish` gives. */
export function randomModule(random: Random, support: Support, wish: () => Wish): ModulePlan {
  const imports: ItemType[] = [];
  const exports = new Map<string, ItemType>();
  const fields: string[] = [];
  const offer = (name: string, type: ItemType, id: string) => {
    if (exports.has(name)) return;
    exports.set(name, type);
    fields.push(`(export ${quote(name)} (${type.kind} ${id}))`);
  };
  const offerSomehow = (type: ItemType, id: string) => {
    if (random.oneIn(2)) offer(random.pick(exportNames), type, id);
  };
  const define = (id: string, type: Signature, body: string) => {
    fields.push(`(func ${id}${signatureText(type)} ${body})`);
    return { kind: "func", ...type } as const;
  };

  const canAddMemory = () => support["multiMemory"] || imports.every(({ kind }) => kind !== "memory");

  for (const { module, name, type } of random.some(4, wish)) {
    if (type.kind === "tag" && !support["tag"]) continue;
    if (type.kind === "memory" && !canAddMemory()) continue;
    const id = `$i${imports.length}`;
    fields.push(`(import ${quote(module)} ${quote(name)} (${type.kind} ${id}${typeText(type)}))`);
    imports.push(type);
  }
  imports.forEach((type, index) => {
    const id = `$i${index}`;
    if (random.oneIn(3)) offer(random.pick(exportNames), type, id);
    offer(`call${index}`, ...useOf(type, id, index));
  });

  function useOf(type: ItemType, id: string, index: number): readonly [ItemType, string] {
    const user = `$use${index}`;
    switch (type.kind) {
      case "func": {
        const { params, results } = type;
        const args = params.map((_, param) => `local.get ${param}`).join(" ");
        return [define(user, { params, results }, `${args} call ${id}`), user];
      }
      case "global": {
        const write =
          type.mutable && type.content === "i32"
            ? `global.get ${id} i32.const 1 i32.add global.set ${id} `
            : "";
        return [define(user, { params: [], results: [type.content] }, `${write}global.get ${id}`), user];
      }
      case "memory":
        return [define(user, { params: ["i32"], results: ["i32"] }, `local.get 0 memory.grow ${id}`), user];
      case "table":
        return [
          define(user, { params: ["i32"], results: [type.element] }, `local.get 0 table.get ${id}`),
          user,
        ];
      case "tag": {
        const args = type.params.map((param) => zeros[param]).join(" ");
        return [define(user, { params: [], results: [] }, `${args} throw ${id}`), user];
      }
    }
  }

  if (random.oneIn(3) && canAddMemory()) {
    const type = { kind: "memory", minimum: 1, maximum: random.oneIn(2) ? null : 3 } as const;
    fields.push(`(memory $m ${limitsText(type)})`);
    offerSomehow(type, "$m");
    const offset = random.oneIn(6) ? 65_530 : 8;
    fields.push(`(data (memory $m) (i32.const ${offset}) "some data")`);
  }
  if (random.oneIn(3)) {
    const type = {
      kind: "table",
      element: "funcref",
      minimum: 2,
      maximum: random.oneIn(2) ? null : 4,
    } as const;
    fields.push(`(table $t ${limitsText(type)} funcref)`);
    offerSomehow(type, "$t");
    define("$element", { params: [], results: ["i32"] }, "i32.const 11");
    fields.push(`(elem (table $t) (i32.const ${random.oneIn(6) ? 2 : 1}) func $element)`);
    const indirect = define(
      "$indirect",
      { params: ["i32"], results: ["i32"] },
      "local.get 0 call_indirect $t (result i32)",
    );
    offer("indirect", indirect, "$indirect");
  }
  if (random.oneIn(2)) {
    const type = { kind: "global", content: "i32", mutable: random.oneIn(2) } as const;
    fields.push(`(global $v${typeText(type)} (i32.const ${random.below(100)}))`);
    offerSomehow(type, "$v");
  }
  if (support["tag"] && random.oneIn(6)) {
    const type = { kind: "tag", params: ["i32"] } as const;
    fields.push("(tag $e (param i32))");
    offerSomehow(type, "$e");
    offer("throw", define("$throw", { params: [], results: [] }, "i32.const 5 throw $e"), "$throw");
  }
  for (let index = random.below(3); index > 0; index--) {
    const results = random.pick<readonly TypeName[]>([[], ["i32"], ["i64", "f32"], ["f64"], ["externref"]]);
    const body = random.oneIn(4) ? random.pick(traps) : "nop";
    const id = `$own${index}`;
    const type = define(
      id,
      { params: [], results },
      `${body} ${results.map((type) => zeros[type]).join(" ")}`,
    );
    offer(random.pick([...exportNames, "_start", "_initialize"]), type, id);
  }
  if (random.oneIn(8)) {
    const id = `$entry${fields.length}`;
    const params: readonly TypeName[] = random.oneIn(4) ? ["i32"] : [];
    const type = define(id, { params, results: [] }, random.oneIn(3) ? random.pick(traps) : "nop");
    offer(random.pick(["_start", "_initialize"]), type, id);
  }
  if (random.oneIn(5)) {
    const callable = imports.findIndex(
      (type) => type.kind === "func" && type.params.length === 0 && type.results.length === 0,
    );
    const body = callable >= 0 ? `call $i${callable}` : random.oneIn(2) ? random.pick(traps) : "nop";
    define("$start", { params: [], results: [] }, body);
    fields.push("(start $start)");
  }
  const imported = fields.filter((field) => field.startsWith("(import"));
  const rest = fields.filter((field) => !field.startsWith("(import"));
  const name = random.oneIn(2) ? ` $${random.pick(["one", "two"])}` : "";
  return { wat: `(module${name}\n  ${[...imported, ...rest].join("\n  ")})`, imports, exports };
}
