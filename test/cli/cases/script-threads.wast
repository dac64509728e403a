;; RUN: wast script-threads.wast
(module $Memory (memory (export "memory") 1 1 shared))
(thread $Waiter (shared (module $Memory))
  (register "shared" $Memory)
  (module
    (import "shared" "memory" (memory 1 1 shared))
    (func (export "wait") (result i32)
      (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 60_000_000_000))))
  (assert_return (invoke "wait") (i32.const 0)))
(thread $Waker (shared (module $Memory))
  (register "shared" $Memory)
  (module
    (import "shared" "memory" (memory 1 1 shared))
    (func (export "wake")
      (loop (br_if 0 (i32.eqz (memory.atomic.notify (i32.const 0) (i32.const 1)))))
      (i32.atomic.store (i32.const 4) (i32.const 42))))
  (invoke "wake")
  (assert_return (invoke "nothing")))
(wait $Waiter)
(wait $Waker)
(module
  (import "Memory" "memory" (memory 1 1 shared))
  (func (export "read") (result i32) (i32.atomic.load (i32.const 4))))
(assert_return (invoke "read") (i32.const 42))
