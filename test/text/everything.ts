/** Modules that together have everything the text format knows. They need not be valid. */
export const everything: readonly string[] = [
  `(module $everything
    (type $sig (func (param i32 f64) (result i64)))
    (rec
      (type $node (sub (struct (field $next (ref null $leaf)) (field $packed (mut i8)))))
      (type $leaf (sub final $node (struct (field (ref null $leaf)) (field (mut i8)) (field i16)))))
    (type $array (array (mut (ref null any))))
    (import "m" "f" (func $imported (param i32) (result i32)))
    (import "m" "t" (table $it 1 2 externref))
    (import "m" "m" (memory $im i64 1 2 shared))
    (import "m" "g" (global $ig (mut i32)))
    (import "m" "e" (tag $ie (param i32)))
    (func $f (export "f") (type $sig) (param $a i32) (param f64) (result i64)
      (local $x i32) (local i64 i64) (local $y (ref null $node))
      block $b (result i32)
        loop
          i32.const -1
          br_table 0 1 $b 0
        end
        local.get $a
        if (result i32) i32.const 1 else i32.const 2 end
      end
      drop
      (i64.extend_i32_u (i32.load8_s offset=3 (i32.wrap_i64 (i64.const -9223372036854775808)))))
    (func $start)
    (table $t 3 funcref)
    (table i64 1 (ref null $sig) (ref.null $sig))
    (memory $mem 1)
    (tag $tag (param i64 f32))
    (global $g (mut f32) (f32.const nan:0x200000))
    (global i32 (i32.add (i32.const 1) (i32.const 2)))
    (export "mem" (memory $mem))
    (start $start)
    (elem $e (i32.const 0) func $f $start)
    (elem (table $t) (i32.const 1) funcref (ref.func $f) (item ref.null func))
    (elem $passive externref (ref.null extern))
    (elem declare func $f)
    (data $d (i64.const 8) "text\\00\\ff\\"\\\\")
    (data (memory $mem) (offset i32.const 1 i32.const 2 i32.sub) "")
    (data $p "passive"))`,
  `(module
    (memory 1) (table 1 funcref) (data "d") (elem func)
    (type $s (struct (field i32))) (type $a (array i8))
    (func (param anyref i32) (result i32)
      f32.const -0 f64.const 1e-300 f32.const inf v128.const i32x4 1 2 3 4
      i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
      i16x8.extract_lane_u 7 v128.load32_lane offset=1 align=1 3 v128.load64_zero
      memory.size memory.grow memory.fill memory.copy memory.init 0 data.drop 0
      table.get table.set table.size table.grow table.fill table.copy table.init 0 elem.drop 0
      i32.atomic.rmw.cmpxchg memory.atomic.wait64 offset=8 atomic.fence
      i64.add128 i64.mul_wide_u i32.trunc_sat_f64_u i64.extend16_s
      i32x4.relaxed_trunc_f32x4_s f64x2.relaxed_madd
      struct.new $s struct.get $s 0 array.new_fixed $a 3 array.new_data $a 0 array.new_elem $a 0
      array.copy $a $a array.init_data $a 0 array.init_elem $a 0 array.len
      ref.null none ref.is_null ref.func 0 ref.eq ref.as_non_null ref.i31 i31.get_s
      ref.test (ref $s) ref.test (ref null $s) ref.cast i31ref
      any.convert_extern extern.convert_any
      select select (result i32) return unreachable nop drop)
    (func (param anyref)
      (block $l (result (ref i31))
        (br_on_cast $l anyref (ref i31) (local.get 0)) br_on_cast_fail 0 anyref (ref null any)
        br_on_null 0 br_on_non_null 0))
    (func return_call 0 return_call_indirect (param i32) return_call_ref $s call_ref $s call_indirect))`,
  `(module
    (tag $e (param i32)) (tag)
    (func (result i32)
      block $h (result i32)
        try_table $t (result i32) (catch $e $h) (catch_ref 1 0) (catch_all 0) (catch_all_ref 1) throw $e throw_ref end
      end)
    (func
      try $t (result i32) i32.const 1 catch $e rethrow 0 catch_all i32.const 2 end
      try try delegate $t delegate 0))`.replace(
    "try try delegate $t delegate 0",
    "try $u try delegate $u delegate 0",
  ),
  `(module
    (rec (type $a (descriptor $b) (struct)) (type $b (describes $a) (struct)))
    (type $f (func))
    (import "m" "exact" (func (exact (type $f))))
    (func (param (ref null (exact $a)))
      struct.new_desc $a struct.new_default_desc $a ref.get_desc $a
      ref.cast_desc_eq (ref $a) ref.cast_desc_eq (ref null (exact $a))
      block (result (ref $a)) br_on_cast_desc_eq 0 anyref (ref $a) br_on_cast_desc_eq_fail 0 anyref (ref $a) end))`,
  `(module (@name "n") (memory 1 (pagesize 1)) (memory (data "x")) (memory i64 0x1_0000_0000_0000)
    (table 0xffff_ffff funcref) (table i64 0xffff_ffff_ffff_ffff funcref)
    (func $"quoted é\\n" (param $"p q" i32) (block $"l m" (br $"l m")))
    (func (i32.load 1 offset=5 (i32.const 0)) (drop) (i64.load offset=0xffff_ffff_ffff_ffff (i64.const 0)) (drop))
    (func (@metadata.code.branch_hint "\\01") (if (i32.const 1) (then)))
    (@custom "c" (after code) "\\00") (@producers (language "wat" "1")))`,
  "(module)",
];
