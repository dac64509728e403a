;; RUN: inspect inspect.wat
;; RUN: inspect --json inspect.wat
(module $everything
  (import "env" "memory" (memory 1 2))
  (import "a b" "\n" (global (mut i64)))
  (func (export "func") (param i32 f64) (result i64 funcref) unreachable)
  (table (export "table") 0 externref)
  (tag (export "tag") (param f32)))
