;; Uses functions, a memory and a global of another module.
(module
  (import "linking2" "double" (func $double (param i32) (result i32)))
  (import "linking2" "log" (func $log (param i32 i32)))
  (import "linking2" "memory" (memory 1))
  (import "linking2" "offset" (global $offset i32))
  (data (global.get $offset) "Hello, twice!\n")
  (func (export "run")
    ;; Half the length of the text, doubled by the other module.
    (call $log (global.get $offset) (call $double (i32.const 7)))))
