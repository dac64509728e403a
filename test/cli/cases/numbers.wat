;; RUN: --invoke i32 numbers.wat 42
;; RUN: --invoke i32 numbers.wat 0x2A
;; RUN: --invoke i32 numbers.wat 0X2a
;; RUN: --invoke i32 numbers.wat -2147483648
;; RUN: --invoke i32 numbers.wat 2147483648
;; RUN: --invoke i32 numbers.wat -2147483649
;; RUN: --invoke i32 numbers.wat ff
;; RUN: --invoke i32 numbers.wat ''
;; RUN: --invoke i64 numbers.wat -9223372036854775808
;; RUN: --invoke i64 numbers.wat 0x7fffffffffffffff
;; RUN: --invoke f32 numbers.wat 1.0
;; RUN: --invoke f32 numbers.wat 0.1
;; RUN: --invoke f32 numbers.wat 1e30
;; RUN: --invoke f32 numbers.wat -0
;; RUN: --invoke f64 numbers.wat 1.1
;; RUN: --invoke f64 numbers.wat -0
;; RUN: --invoke f64 numbers.wat 1e-7
;; RUN: --invoke f64 numbers.wat 1.5e300
;; RUN: --invoke f64 numbers.wat -inf
;; RUN: --invoke f64 numbers.wat nan
;; RUN: --invoke f64 numbers.wat 1_000
;; RUN: --invoke funcref numbers.wat 0
(module
  (func (export "i32") (param i32) (result i32) local.get 0)
  (func (export "i64") (param i64) (result i64) local.get 0)
  (func (export "f32") (param f32) (result f32) local.get 0)
  (func (export "f64") (param f64) (result f64) local.get 0)
  (func (export "funcref") (param funcref)))
