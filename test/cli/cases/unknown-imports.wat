;; RUN: unknown-imports.wat
;; RUN: -W unknown-imports-default --invoke call unknown-imports.wat
;; RUN: -W unknown-imports-trap unknown-imports.wat
(module
  (import "nowhere" "f" (func $f (result i32)))
  (import "nowhere" "g" (global i32))
  (func (export "call") (result i32) call $f))
