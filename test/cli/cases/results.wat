;; RUN: --invoke many results.wat
;; RUN: --invoke references results.wat
;; RUN: --invoke v128 results.wat
(module
  (func $f (export "many") (result i32 i64 f32 f64)
    i32.const -1 i64.const -2 f32.const 0.5 f64.const nan)
  (func (export "references") (result funcref funcref externref)
    ref.null func ref.func $f ref.null extern)
  (func (export "v128") (result v128) v128.const i64x2 3 1))
