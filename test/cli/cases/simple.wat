;; RUN: simple.wat
;; RUN: run -W=simd simple.wat
;; RUN: run --invoke simple simple.wat 4
;; RUN: run --invoke=simple simple.wat
;; RUN: run --invoke f32 simple.wat
;; RUN: run --invoke f64 simple.wat
;; RUN: run --invoke nothing simple.wat
;; RUN: run -W relaxed-simd,simd simple.wat
;; RUN: run -Wrelaxed-simd=no simple.wat
;; RUN: run -W simd=n simple.wat
(module
  (func (export "simple") (param i32) (result i32) local.get 0)
  (func (export "f32") (result f32) f32.const 100)
  (func (export "f64") (result f64) f64.const 100))
