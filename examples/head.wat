;; A program: copies the first ten bytes of the file in.txt, in the first directory it is given, to standard output.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "in.txt")
  (data (i32.const 16) "\40\00\00\00\0a\00\00\00") ;; a buffer: ten bytes at 64
  (func $check (param $errno i32)
    (if (local.get $errno) (then unreachable)))
  (func (export "_start")
    (call $check (call $path_open (i32.const 3) (i32.const 0) ;; relative to descriptor 3
      (i32.const 0) (i32.const 6) (i32.const 0)               ;; the path, to be opened as it is
      (i64.const 2) (i64.const 0) (i32.const 0)               ;; for reading
      (i32.const 32)))                                        ;; the new descriptor goes here
    (call $check (call $fd_read (i32.load (i32.const 32)) (i32.const 16) (i32.const 1) (i32.const 36)))
    (call $check (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 36)))))
