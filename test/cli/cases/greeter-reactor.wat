;; RUN: greeter-reactor.wat
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (global $count (mut i32) (i32.const 48))
  (func (export "_initialize")
    (global.set $count (i32.const 65)))
  ;; Prints A, B, C, ... from call to call once it is initialised.
  (func (export "greet")
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 2))
    (i32.store8 (i32.const 16) (global.get $count))
    (i32.store8 (i32.const 17) (i32.const 10))
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))))
