;; RUN: run --preload reactor=greeter-reactor.wat greeter.wat
;; RUN: run --preload reactor=greeter-command.wat greeter.wat
;; RUN: run --preload reactor=missing.wat greeter.wat
;; RUN: run --preload reactor=simple.wat greeter.wat
;; RUN: run --preload reactor greeter.wat
;; RUN: greeter.wat
(module
  (import "reactor" "greet" (func $greet))
  (func (export "_start") call $greet call $greet))
