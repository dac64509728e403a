;; RUN: -W unknown-imports-trap unknown-function.wat
;; RUN: -W unknown-imports-trap --invoke call unknown-function.wat
(module
  (import "nowhere" "f" (func $f (result i32)))
  (func $call (export "call") (result i32) call $f))
