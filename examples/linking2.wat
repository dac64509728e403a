;; Doubles numbers, and prints text from its memory through WASI.
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (global (export "offset") i32 (i32.const 65536))
  (func (export "double") (param $number i32) (result i32)
    (i32.mul (local.get $number) (i32.const 2)))
  (func (export "log") (param $start i32) (param $length i32)
    ;; fd_write takes a list of buffers; a list of one lies at address 4.
    (i32.store (i32.const 4) (local.get $start))
    (i32.store (i32.const 8) (local.get $length))
    (drop (call $fd_write (i32.const 1) (i32.const 4) (i32.const 1) (i32.const 0)))))
