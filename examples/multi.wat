;; Functions with several results.
(module
  (import "host" "swap" (func $swap (param i32 i64) (result i64 i32)))
  (func (export "swap") (param i32 i64) (result i64 i32)
    (call $swap (local.get 0) (local.get 1)))
  (func (export "reverse") (param i64 i64 i64 i64) (result i64 i64 i64 i64)
    (local.get 3) (local.get 2) (local.get 1) (local.get 0)))
