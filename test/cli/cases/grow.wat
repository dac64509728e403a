;; RUN: --invoke memory grow.wat
;; RUN: -W max-memory-size=100000 --invoke memory grow.wat
;; RUN: -W max-memory-size=100000,trap-on-grow-failure --invoke memory grow.wat
;; RUN: -W max-table-elements=3 --invoke table grow.wat
;; RUN: -W max-table-elements=3 -W trap-on-grow-failure --invoke table grow.wat
;; RUN: -W max-memory-size=1 grow.wat
;; RUN: -W max-memories=0 grow.wat
;; RUN: -W max-tables=0 grow.wat
;; RUN: -W max-instances=0 grow.wat
(module
  (memory 1)
  (table 1 funcref)
  (func $memory (export "memory") (result i32) (memory.grow (i32.const 1)))
  (func $table (export "table") (result i32) (table.grow (ref.null func) (i32.const 9))))
