;; RUN: wast script-passes.wast script-passes.wast
;; RUN: wast --json script-passes.wast
;; RUN: wast -W simd=n,relaxed-simd=n script-passes.wast
(module (func (export "zero") (result v128) (v128.const i64x2 0 0)))
(assert_return (invoke "zero") (v128.const i32x4 0 0 0 0))
