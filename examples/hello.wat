;; Calls the one function it imports.
(module
  (import "host" "hello" (func $hello))
  (func (export "run")
    call $hello))
