;; RUN: unreachable.wat
;; RUN: -S cli=n unreachable.wat
;; RUN: -D max-backtrace=1 unreachable.wat
;; RUN: -D max-backtrace=0 unreachable.wat
(module $traps
  (func $start (export "_start") call $deeper)
  (func $deeper unreachable))
