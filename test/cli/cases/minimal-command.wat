;; RUN: minimal-command.wat
;; RUN: --invoke _start minimal-command.wat
(module (func (export "_start")))
