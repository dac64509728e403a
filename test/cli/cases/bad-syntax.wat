;; RUN: bad-syntax.wat
;; RUN: inspect bad-syntax.wat
(module
  (func (oops)))
