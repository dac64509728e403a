;; RUN: default-function.wat 7
;; RUN: default-function.wat
(module
  (global $ready (mut i32) (i32.const 0))
  (func (export "_initialize") (global.set $ready (i32.const 100)))
  (func (export "_start") unreachable)
  (func (export "") (param i32) (result i32)
    (i32.add (global.get $ready) (local.get 0))))
