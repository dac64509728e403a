;; RUN: -W timeout=500ms endless-start.wat
(module
  (start $forever)
  (func $forever loop br 0 end))
