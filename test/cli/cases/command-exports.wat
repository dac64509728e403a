;; RUN: --preload command=command-exports.wat simple.wat
;; RUN: -W unknown-exports-allow --preload command=command-exports.wat simple.wat
(module
  (global (export "global") i32 (i32.const 0))
  (func (export "_start")))
