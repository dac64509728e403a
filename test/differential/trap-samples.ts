/** Code that traps: every kind of trap, by each instruction that can raise it. */
export interface TrapSample {
  /** Instructions, in a function without parameters and results. */
  readonly code: string;
  /** What else the module needs. */
  readonly fields?: string;
  /** What the JavaScript engine must support. */
  readonly needs?: readonly string[];
}

const memory = `(memory 1 1) (data $data "abcd")`;
const table = `(table $t 2 2 funcref) (type $v (func)) (type $i (func (result i32)))
  (func $callee (type $v)) (elem (table $t) (i32.const 1) func $callee) (elem $elem func $callee)`;

const arithmetic: TrapSample[] = [
  ...["i32", "i64"].flatMap((type) => [
    ...["div_s", "div_u", "rem_s", "rem_u"].map((op) => `${type}.const 1 ${type}.const 0 ${type}.${op} drop`),
    `${type}.const ${type === "i32" ? "0x80000000" : "0x8000000000000000"} ${type}.const -1 ${type}.div_s drop`,
  ]),
  ...["i32", "i64"].flatMap((to) =>
    ["f32", "f64"].flatMap((from) =>
      ["s", "u"].flatMap((sign) =>
        ["1e30", "-1e30", "inf", "nan"].map(
          (value) => `${from}.const ${value} ${to}.trunc_${from}_${sign} drop`,
        ),
      ),
    ),
  ),
].map((code) => ({ code }));

const memories: TrapSample[] = [
  "i32.const 65536 i32.load8_u drop",
  "i32.const 65533 i32.load drop",
  "i32.const -1 i64.load offset=8 drop",
  "i32.const 0 f64.load offset=65529 drop",
  "i32.const 65536 i32.const 1 i32.store8",
  "i32.const 70000 i64.const 1 i64.store",
].map((code) => ({ code, fields: memory }));

const bulk: TrapSample[] = [
  ...[
    "i32.const 65530 i32.const 1 i32.const 7 memory.fill",
    "i32.const 0 i32.const 65530 i32.const 7 memory.copy",
    "i32.const 0 i32.const 2 i32.const 3 memory.init $data",
    "i32.const 65535 i32.const 0 i32.const 3 memory.init $data",
    "data.drop $data i32.const 0 i32.const 0 i32.const 1 memory.init $data",
  ].map((code) => ({ code, fields: memory })),
  ...[
    "i32.const 2 table.get $t drop",
    "i32.const 2 ref.null func table.set $t",
    "i32.const 1 ref.null func i32.const 2 table.fill $t",
    "i32.const 0 i32.const 1 i32.const 2 table.copy $t $t",
    "i32.const 0 i32.const 0 i32.const 2 table.init $t $elem",
    "elem.drop $elem i32.const 0 i32.const 0 i32.const 1 table.init $t $elem",
  ].map((code) => ({ code, fields: table })),
];

const calls: TrapSample[] = [
  "i32.const 2 call_indirect $t (type $v)",
  "i32.const 0 call_indirect $t (type $v)",
  "i32.const 1 call_indirect $t (type $i) drop",
].map((code) => ({ code, fields: table }));

const atomics: TrapSample[] = [
  "i32.const 1 i32.atomic.load drop",
  "i32.const 4 i64.const 1 i64.atomic.rmw.add drop",
  "i32.const 65536 i32.atomic.load drop",
  "i32.const 0 i32.const 0 i64.const 0 memory.atomic.wait32 drop",
].map((code) => ({ code, fields: memory, needs: ["threads"] }));

const references: TrapSample[] = [
  ["ref.null $v call_ref $v", ["functionReferences"]],
  ["ref.null $v ref.as_non_null drop", ["functionReferences"]],
  ["ref.null $s struct.get $s 0 drop", ["gc"]],
  ["ref.null $s i32.const 1 struct.set $s 0", ["gc"]],
  ["ref.null $a array.len drop", ["gc"]],
  ["ref.null $a i32.const 0 array.get_u $a drop", ["gc"]],
  ["ref.null i31 i31.get_s drop", ["gc"]],
  ["ref.null exn throw_ref", ["exceptions"]],
  ["i32.const 1 array.new_default $a i32.const 1 array.get_u $a drop", ["gc"]],
  ["i32.const 1 array.new_default $a i32.const 1 i32.const 5 array.set $a", ["gc"]],
  ["i32.const 1 array.new_default $a i32.const 0 i32.const 5 i32.const 2 array.fill $a", ["gc"]],
  ["i32.const 0 i32.const 9 array.new_data $a $data drop", ["gc"]],
  ["i32.const 0 i32.const 9 array.new_elem $f $elem drop", ["gc"]],
  ["i32.const -1 array.new_default $w drop", ["gc"]],
  ["i32.const 1 ref.i31 ref.cast (ref struct) drop", ["gc"]],
  ["ref.null any ref.cast (ref any) drop", ["gc"]],
].map(([code, needs]) => ({
  code: code as string,
  needs: needs as string[],
  fields: (needs as string[]).includes("gc")
    ? `(type $s (struct (field (mut i32)))) (type $a (array (mut i8))) (type $w (array (mut i64)))
       (type $f (array (mut funcref))) (data $data "abcd") (elem $elem func)`
    : "(type $v (func))",
}));

export const trapSamples: readonly TrapSample[] = [
  { code: "unreachable" },
  ...arithmetic,
  ...memories,
  ...bulk,
  ...calls,
  ...atomics,
  ...references,
];
