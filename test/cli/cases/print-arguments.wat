;; RUN: print-arguments.wat --invoke x
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; Prints each of the strings, which lie one after the other with zero bytes in between.
  (func (export "_start")
    (local $byte i32) (local $end i32)
    (drop (call $sizes (i32.const 0) (i32.const 4)))
    (drop (call $get (i32.const 256) (i32.const 1024)))
    (local.set $byte (i32.const 1024))
    (local.set $end (i32.add (local.get $byte) (i32.load (i32.const 4))))
    loop $next
      (if (i32.lt_u (local.get $byte) (local.get $end))
        (then
          (if (i32.eqz (i32.load8_u (local.get $byte)))
            (then (i32.store8 (local.get $byte) (i32.const 10))))
          (local.set $byte (i32.add (local.get $byte) (i32.const 1)))
          (br $next)))
    end
    (i32.store (i32.const 8) (i32.const 1024))
    (i32.store (i32.const 12) (i32.load (i32.const 4)))
    (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))))
