/**
 * Opcodes of the instructions that instrumentation consists of, by name.
 *
 * @packageDocumentation
 */
import { operatorNamed } from "../binary/opcodes.ts";

function code(name: string): number {
  return operatorNamed(name)!.code;
}

/** Single-byte opcodes. */
export const op = {
  unreachable: code("unreachable"),
  nop: code("nop"),
  block: code("block"),
  loop: code("loop"),
  if: code("if"),
  drop: code("drop"),
  select: code("select"),
  else: code("else"),
  end: code("end"),
  br: code("br"),
  brIf: code("br_if"),
  return: code("return"),
  call: code("call"),
  callIndirect: code("call_indirect"),
  refFunc: code("ref.func"),
  localGet: code("local.get"),
  localSet: code("local.set"),
  localTee: code("local.tee"),
  globalGet: code("global.get"),
  globalSet: code("global.set"),
  i32Load: code("i32.load"),
  memorySize: code("memory.size"),
  memoryGrow: code("memory.grow"),
  i32Const: code("i32.const"),
  i64Const: code("i64.const"),
  i32Eqz: code("i32.eqz"),
  i32Eq: code("i32.eq"),
  i32Ne: code("i32.ne"),
  i32LtS: code("i32.lt_s"),
  i32GtS: code("i32.gt_s"),
  i32GtU: code("i32.gt_u"),
  i64Eq: code("i64.eq"),
  i64Ne: code("i64.ne"),
  i64LtS: code("i64.lt_s"),
  i32Add: code("i32.add"),
  i32Sub: code("i32.sub"),
  i32And: code("i32.and"),
  i32Mul: code("i32.mul"),
  i32Shl: code("i32.shl"),
  i32ShrS: code("i32.shr_s"),
  i32ShrU: code("i32.shr_u"),
  i64Add: code("i64.add"),
  i64Sub: code("i64.sub"),
  i64ShrU: code("i64.shr_u"),
  i32WrapI64: code("i32.wrap_i64"),
  i64ExtendI32U: code("i64.extend_i32_u"),
  f64ConvertI32U: code("f64.convert_i32_u"),
  f64ConvertI64U: code("f64.convert_i64_u"),
} as const;
