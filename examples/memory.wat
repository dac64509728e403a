;; A memory of 2 to 3 pages with four bytes in it, and functions that look at it from inside.
(module
  (memory (export "memory") 2 3)
  (data (i32.const 0x1000) "\01\02\03\04")
  (func (export "size") (result i32)
    memory.size)
  (func (export "load") (param $address i32) (result i32)
    (i32.load8_u (local.get $address)))
  (func (export "store") (param $address i32) (param $value i32)
    (i32.store8 (local.get $address) (local.get $value))))
