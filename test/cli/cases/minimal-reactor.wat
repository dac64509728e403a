;; RUN: minimal-reactor.wat
;; RUN: --invoke _initialize minimal-reactor.wat
(module (func (export "_initialize")))
