;; RUN: -W timeout=500ms endless.wat
;; RUN: -W fuel=1000 endless.wat
;; RUN: -W fuel=1_000 --invoke short endless.wat
;; RUN: -W fuel=0 --invoke short endless.wat
;; RUN: -W epoch-interruption --invoke short endless.wat
;; RUN: -W timeout=1minute endless.wat
(module $endless
  (func $forever (export "_start") loop br 0 end)
  (func $short (export "short") (result i32) i32.const 1))
