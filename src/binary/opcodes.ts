/**
 * The one instruction table: every reader, writer, printer, parser, rewriter and feature scan is driven by it.
 *
 * A row names consecutive opcodes of one prefix that share a feature and a shape of immediates; `_` leaves a
 * number unassigned. Spec: binary format, "Instructions" (https://webassembly.github.io/spec/core/binary/instructions.html).
 *
 * @packageDocumentation
 */

/** What follows an opcode in the binary format, in order. */
export type Immediates =
  | "none"
  | "blockType"
  | "label"
  | "labelTable"
  | "func"
  | "type"
  | "callIndirect" // type, table
  | "valTypes"
  | "local"
  | "global"
  | "table"
  | "memory"
  | "tag"
  | "data"
  | "elem"
  | "i32"
  | "i64"
  | "f32"
  | "f64"
  | "v128"
  | "shuffle" // 16 lane bytes
  | "lane"
  | "memArg"
  | "memArgLane"
  | "fence" // one zero byte
  | "heapType"
  | "refTest" // heap type; the opcode itself says whether null passes
  | "branchCast" // flags, label, heap type, heap type
  | "tryTable" // block type, catch clauses
  | "typeField"
  | "typeCount" // type, u32
  | "typeData"
  | "typeElem"
  | "typeType"
  | "memoryData" // binary order: data, memory
  | "memoryMemory" // destination, source
  | "tableElem" // binary order: elem, table
  | "tableTable"; // destination, source

/** The proposal an instruction, type or section field came with; `mvp` is WebAssembly 1.0. */
export type Feature =
  | "mvp"
  | "signExtension"
  | "saturatingFloatToInt"
  | "bulkMemory"
  | "multiValue"
  | "referenceTypes"
  | "simd"
  | "relaxedSimd"
  | "threads"
  | "tailCall"
  | "multiMemory"
  | "memory64"
  | "extendedConst"
  | "exceptions"
  | "legacyExceptions"
  | "functionReferences"
  | "gc"
  | "wideArithmetic"
  | "customPageSizes"
  | "customDescriptors";

/** One instruction. `prefix` is 0 for single-byte opcodes, else 0xfb, 0xfc, 0xfd or 0xfe. */
export interface Operator {
  readonly name: string;
  readonly prefix: number;
  readonly code: number;
  readonly immediates: Immediates;
  readonly feature: Feature;
  /** log2 of the access width in bytes, for `memArg` and `memArgLane`; 0 otherwise. */
  readonly naturalAlignment: number;
}

type Row = readonly [prefix: number, first: number, feature: Feature, immediates: Immediates, names: string];

const atomicReadModifyWrites = ["add", "sub", "and", "or", "xor", "xchg", "cmpxchg"]
  .map(
    (op) =>
      `i32.atomic.rmw.${op} i64.atomic.rmw.${op} i32.atomic.rmw8.${op}_u i32.atomic.rmw16.${op}_u ` +
      `i64.atomic.rmw8.${op}_u i64.atomic.rmw16.${op}_u i64.atomic.rmw32.${op}_u`,
  )
  .join(" ");

const rows: readonly Row[] = [
  [0, 0x00, "mvp", "none", "unreachable nop"],
  [0, 0x02, "mvp", "blockType", "block loop if"],
  [0, 0x05, "mvp", "none", "else"],
  [0, 0x06, "legacyExceptions", "blockType", "try"],
  [0, 0x07, "legacyExceptions", "tag", "catch"],
  [0, 0x08, "exceptions", "tag", "throw"],
  [0, 0x09, "legacyExceptions", "label", "rethrow"],
  [0, 0x0a, "exceptions", "none", "throw_ref"],
  [0, 0x0b, "mvp", "none", "end"],
  [0, 0x0c, "mvp", "label", "br br_if"],
  [0, 0x0e, "mvp", "labelTable", "br_table"],
  [0, 0x0f, "mvp", "none", "return"],
  [0, 0x10, "mvp", "func", "call"],
  [0, 0x11, "mvp", "callIndirect", "call_indirect"],
  [0, 0x12, "tailCall", "func", "return_call"],
  [0, 0x13, "tailCall", "callIndirect", "return_call_indirect"],
  [0, 0x14, "functionReferences", "type", "call_ref"],
  [0, 0x15, "functionReferences", "type", "return_call_ref"],
  [0, 0x18, "legacyExceptions", "label", "delegate"],
  [0, 0x19, "legacyExceptions", "none", "catch_all"],
  [0, 0x1a, "mvp", "none", "drop select"],
  [0, 0x1c, "referenceTypes", "valTypes", "select"],
  [0, 0x1f, "exceptions", "tryTable", "try_table"],
  [0, 0x20, "mvp", "local", "local.get local.set local.tee"],
  [0, 0x23, "mvp", "global", "global.get global.set"],
  [0, 0x25, "referenceTypes", "table", "table.get table.set"],
  [
    0,
    0x28,
    "mvp",
    "memArg",
    "i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u i64.load8_s i64.load8_u " +
      "i64.load16_s i64.load16_u i64.load32_s i64.load32_u i32.store i64.store f32.store f64.store i32.store8 " +
      "i32.store16 i64.store8 i64.store16 i64.store32",
  ],
  [0, 0x3f, "mvp", "memory", "memory.size memory.grow"],
  [0, 0x41, "mvp", "i32", "i32.const"],
  [0, 0x42, "mvp", "i64", "i64.const"],
  [0, 0x43, "mvp", "f32", "f32.const"],
  [0, 0x44, "mvp", "f64", "f64.const"],
  [
    0,
    0x45,
    "mvp",
    "none",
    "i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u " +
      "i64.eqz i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u " +
      "f32.eq f32.ne f32.lt f32.gt f32.le f32.ge f64.eq f64.ne f64.lt f64.gt f64.le f64.ge " +
      "i32.clz i32.ctz i32.popcnt i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u i32.and i32.or " +
      "i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr " +
      "i64.clz i64.ctz i64.popcnt i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u i64.and i64.or " +
      "i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr " +
      "f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt f32.add f32.sub f32.mul f32.div f32.min " +
      "f32.max f32.copysign " +
      "f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt f64.add f64.sub f64.mul f64.div f64.min " +
      "f64.max f64.copysign " +
      "i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u i64.extend_i32_s i64.extend_i32_u " +
      "i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u f32.convert_i32_s f32.convert_i32_u " +
      "f32.convert_i64_s f32.convert_i64_u f32.demote_f64 f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s " +
      "f64.convert_i64_u f64.promote_f32 i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64",
  ],
  [
    0,
    0xc0,
    "signExtension",
    "none",
    "i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s",
  ],
  [0, 0xd0, "referenceTypes", "heapType", "ref.null"],
  [0, 0xd1, "referenceTypes", "none", "ref.is_null"],
  [0, 0xd2, "referenceTypes", "func", "ref.func"],
  [0, 0xd3, "gc", "none", "ref.eq"],
  [0, 0xd4, "functionReferences", "none", "ref.as_non_null"],
  [0, 0xd5, "functionReferences", "label", "br_on_null br_on_non_null"],

  [0xfb, 0, "gc", "type", "struct.new struct.new_default"],
  [0xfb, 2, "gc", "typeField", "struct.get struct.get_s struct.get_u struct.set"],
  [0xfb, 6, "gc", "type", "array.new array.new_default"],
  [0xfb, 8, "gc", "typeCount", "array.new_fixed"],
  [0xfb, 9, "gc", "typeData", "array.new_data"],
  [0xfb, 10, "gc", "typeElem", "array.new_elem"],
  [0xfb, 11, "gc", "type", "array.get array.get_s array.get_u array.set"],
  [0xfb, 15, "gc", "none", "array.len"],
  [0xfb, 16, "gc", "type", "array.fill"],
  [0xfb, 17, "gc", "typeType", "array.copy"],
  [0xfb, 18, "gc", "typeData", "array.init_data"],
  [0xfb, 19, "gc", "typeElem", "array.init_elem"],
  [0xfb, 20, "gc", "refTest", "ref.test ref.test_null ref.cast ref.cast_null"],
  [0xfb, 24, "gc", "branchCast", "br_on_cast br_on_cast_fail"],
  [0xfb, 26, "gc", "none", "any.convert_extern extern.convert_any ref.i31 i31.get_s i31.get_u"],
  [0xfb, 32, "customDescriptors", "type", "struct.new_desc struct.new_default_desc ref.get_desc"],
  [0xfb, 35, "customDescriptors", "refTest", "ref.cast_desc_eq ref.cast_desc_eq_null"],
  [0xfb, 37, "customDescriptors", "branchCast", "br_on_cast_desc_eq br_on_cast_desc_eq_fail"],

  [
    0xfc,
    0,
    "saturatingFloatToInt",
    "none",
    "i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u " +
      "i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u",
  ],
  [0xfc, 8, "bulkMemory", "memoryData", "memory.init"],
  [0xfc, 9, "bulkMemory", "data", "data.drop"],
  [0xfc, 10, "bulkMemory", "memoryMemory", "memory.copy"],
  [0xfc, 11, "bulkMemory", "memory", "memory.fill"],
  [0xfc, 12, "bulkMemory", "tableElem", "table.init"],
  [0xfc, 13, "bulkMemory", "elem", "elem.drop"],
  [0xfc, 14, "bulkMemory", "tableTable", "table.copy"],
  [0xfc, 15, "referenceTypes", "table", "table.grow table.size table.fill"],
  [0xfc, 19, "wideArithmetic", "none", "i64.add128 i64.sub128 i64.mul_wide_s i64.mul_wide_u"],

  [
    0xfd,
    0,
    "simd",
    "memArg",
    "v128.load v128.load8x8_s v128.load8x8_u v128.load16x4_s v128.load16x4_u v128.load32x2_s v128.load32x2_u " +
      "v128.load8_splat v128.load16_splat v128.load32_splat v128.load64_splat v128.store",
  ],
  [0xfd, 12, "simd", "v128", "v128.const"],
  [0xfd, 13, "simd", "shuffle", "i8x16.shuffle"],
  [
    0xfd,
    14,
    "simd",
    "none",
    "i8x16.swizzle i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat",
  ],
  [
    0xfd,
    21,
    "simd",
    "lane",
    "i8x16.extract_lane_s i8x16.extract_lane_u i8x16.replace_lane i16x8.extract_lane_s i16x8.extract_lane_u " +
      "i16x8.replace_lane i32x4.extract_lane i32x4.replace_lane i64x2.extract_lane i64x2.replace_lane " +
      "f32x4.extract_lane f32x4.replace_lane f64x2.extract_lane f64x2.replace_lane",
  ],
  [
    0xfd,
    35,
    "simd",
    "none",
    "i8x16.eq i8x16.ne i8x16.lt_s i8x16.lt_u i8x16.gt_s i8x16.gt_u i8x16.le_s i8x16.le_u i8x16.ge_s i8x16.ge_u " +
      "i16x8.eq i16x8.ne i16x8.lt_s i16x8.lt_u i16x8.gt_s i16x8.gt_u i16x8.le_s i16x8.le_u i16x8.ge_s i16x8.ge_u " +
      "i32x4.eq i32x4.ne i32x4.lt_s i32x4.lt_u i32x4.gt_s i32x4.gt_u i32x4.le_s i32x4.le_u i32x4.ge_s i32x4.ge_u " +
      "f32x4.eq f32x4.ne f32x4.lt f32x4.gt f32x4.le f32x4.ge f64x2.eq f64x2.ne f64x2.lt f64x2.gt f64x2.le f64x2.ge " +
      "v128.not v128.and v128.andnot v128.or v128.xor v128.bitselect v128.any_true",
  ],
  [
    0xfd,
    84,
    "simd",
    "memArgLane",
    "v128.load8_lane v128.load16_lane v128.load32_lane v128.load64_lane " +
      "v128.store8_lane v128.store16_lane v128.store32_lane v128.store64_lane",
  ],
  [0xfd, 92, "simd", "memArg", "v128.load32_zero v128.load64_zero"],
  [
    0xfd,
    94,
    "simd",
    "none",
    "f32x4.demote_f64x2_zero f64x2.promote_low_f32x4 " +
      "i8x16.abs i8x16.neg i8x16.popcnt i8x16.all_true i8x16.bitmask i8x16.narrow_i16x8_s i8x16.narrow_i16x8_u " +
      "f32x4.ceil f32x4.floor f32x4.trunc f32x4.nearest " +
      "i8x16.shl i8x16.shr_s i8x16.shr_u i8x16.add i8x16.add_sat_s i8x16.add_sat_u i8x16.sub i8x16.sub_sat_s " +
      "i8x16.sub_sat_u f64x2.ceil f64x2.floor i8x16.min_s i8x16.min_u i8x16.max_s i8x16.max_u f64x2.trunc i8x16.avgr_u " +
      "i16x8.extadd_pairwise_i8x16_s i16x8.extadd_pairwise_i8x16_u i32x4.extadd_pairwise_i16x8_s " +
      "i32x4.extadd_pairwise_i16x8_u " +
      "i16x8.abs i16x8.neg i16x8.q15mulr_sat_s i16x8.all_true i16x8.bitmask i16x8.narrow_i32x4_s i16x8.narrow_i32x4_u " +
      "i16x8.extend_low_i8x16_s i16x8.extend_high_i8x16_s i16x8.extend_low_i8x16_u i16x8.extend_high_i8x16_u " +
      "i16x8.shl i16x8.shr_s i16x8.shr_u i16x8.add i16x8.add_sat_s i16x8.add_sat_u i16x8.sub i16x8.sub_sat_s " +
      "i16x8.sub_sat_u f64x2.nearest i16x8.mul i16x8.min_s i16x8.min_u i16x8.max_s i16x8.max_u _ i16x8.avgr_u " +
      "i16x8.extmul_low_i8x16_s i16x8.extmul_high_i8x16_s i16x8.extmul_low_i8x16_u i16x8.extmul_high_i8x16_u " +
      "i32x4.abs i32x4.neg _ i32x4.all_true i32x4.bitmask _ _ i32x4.extend_low_i16x8_s i32x4.extend_high_i16x8_s " +
      "i32x4.extend_low_i16x8_u i32x4.extend_high_i16x8_u i32x4.shl i32x4.shr_s i32x4.shr_u i32x4.add _ _ i32x4.sub " +
      "_ _ _ i32x4.mul i32x4.min_s i32x4.min_u i32x4.max_s i32x4.max_u i32x4.dot_i16x8_s _ " +
      "i32x4.extmul_low_i16x8_s i32x4.extmul_high_i16x8_s i32x4.extmul_low_i16x8_u i32x4.extmul_high_i16x8_u " +
      "i64x2.abs i64x2.neg _ i64x2.all_true i64x2.bitmask _ _ i64x2.extend_low_i32x4_s i64x2.extend_high_i32x4_s " +
      "i64x2.extend_low_i32x4_u i64x2.extend_high_i32x4_u i64x2.shl i64x2.shr_s i64x2.shr_u i64x2.add _ _ i64x2.sub " +
      "_ _ _ i64x2.mul i64x2.eq i64x2.ne i64x2.lt_s i64x2.gt_s i64x2.le_s i64x2.ge_s " +
      "i64x2.extmul_low_i32x4_s i64x2.extmul_high_i32x4_s i64x2.extmul_low_i32x4_u i64x2.extmul_high_i32x4_u " +
      "f32x4.abs f32x4.neg _ f32x4.sqrt f32x4.add f32x4.sub f32x4.mul f32x4.div f32x4.min f32x4.max f32x4.pmin " +
      "f32x4.pmax f64x2.abs f64x2.neg _ f64x2.sqrt f64x2.add f64x2.sub f64x2.mul f64x2.div f64x2.min f64x2.max " +
      "f64x2.pmin f64x2.pmax " +
      "i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u " +
      "i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u",
  ],
  [
    0xfd,
    0x100,
    "relaxedSimd",
    "none",
    "i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u i32x4.relaxed_trunc_f64x2_s_zero " +
      "i32x4.relaxed_trunc_f64x2_u_zero f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd " +
      "i8x16.relaxed_laneselect i16x8.relaxed_laneselect i32x4.relaxed_laneselect i64x2.relaxed_laneselect " +
      "f32x4.relaxed_min f32x4.relaxed_max f64x2.relaxed_min f64x2.relaxed_max i16x8.relaxed_q15mulr_s " +
      "i16x8.relaxed_dot_i8x16_i7x16_s i32x4.relaxed_dot_i8x16_i7x16_add_s",
  ],

  [0xfe, 0, "threads", "memArg", "memory.atomic.notify memory.atomic.wait32 memory.atomic.wait64"],
  [0xfe, 3, "threads", "fence", "atomic.fence"],
  [
    0xfe,
    0x10,
    "threads",
    "memArg",
    "i32.atomic.load i64.atomic.load i32.atomic.load8_u i32.atomic.load16_u i64.atomic.load8_u i64.atomic.load16_u " +
      "i64.atomic.load32_u i32.atomic.store i64.atomic.store i32.atomic.store8 i32.atomic.store16 i64.atomic.store8 " +
      "i64.atomic.store16 i64.atomic.store32",
  ],
  [0xfe, 0x1e, "threads", "memArg", atomicReadModifyWrites],
];

function naturalAlignment(name: string): number {
  if (name === "memory.atomic.wait64") return 3;
  if (name.startsWith("memory.atomic.")) return 2;
  if (name === "v128.load" || name === "v128.store") return 4;
  if (/^v128\.load\d+x\d/.test(name)) return 3;
  const bits = /(?:load|store|rmw)(\d+)/.exec(name)?.[1] ?? name.slice(1, 3);
  return 31 - Math.clz32(Number(bits) >> 3);
}

const byName = new Map<string, Operator>();
const byCode = new Map<number, Operator[]>();

for (const [prefix, first, feature, immediates, names] of rows) {
  const list = byCode.get(prefix) ?? [];
  byCode.set(prefix, list);
  names.split(" ").forEach((name, offset) => {
    if (name === "_") return;
    const accessesMemory = immediates === "memArg" || immediates === "memArgLane";
    const operator: Operator = {
      name,
      prefix,
      code: first + offset,
      immediates,
      feature,
      naturalAlignment: accessesMemory ? naturalAlignment(name) : 0,
    };
    list[operator.code] = operator;
    // "select" stands twice: the name finds the untyped form, whose code is the lower one.
    if (!byName.has(name)) byName.set(name, operator);
  });
}

/** All operators of a prefix, indexed by code (sparse). `prefix` 0 holds the single-byte opcodes. */
export function operatorsOf(prefix: number): readonly (Operator | undefined)[] {
  return byCode.get(prefix) ?? [];
}

/** The operator with this opcode, or undefined where the number is unassigned. */
export function operatorAt(prefix: number, code: number): Operator | undefined {
  return byCode.get(prefix)?.[code];
}

/**
 * The operator of this name in the text format. `ref.test_null`, `ref.cast_null` and `ref.cast_desc_eq_null` are
 * this table's names for the nullable encodings; text has one spelling for both.
 */
export function operatorNamed(name: string): Operator | undefined {
  return byName.get(name);
}
