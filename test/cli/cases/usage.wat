;; RUN: --help
;; RUN: run --help
;; RUN: inspect -h
;; RUN: instrument --help
;; RUN: instrument -W help
;; RUN: instrument
;; RUN: instrument usage.wat
;; RUN: instrument usage.wat usage.wat -o x.wasm
;; RUN: instrument -W fuel=many usage.wat -o x.wasm
;; RUN: --version
;; RUN: -W help
;; RUN: run --debug=help
;; RUN: run
;; RUN: inspect
;; RUN: inspect usage.wat usage.wat
;; RUN: inspect --jsno usage.wat
;; RUN: inspect --json=yes usage.wat
;; RUN: --invok f usage.wat
;; RUN: -x usage.wat
;; RUN: --invoke
;; RUN: --invoke --preload
;; RUN: --invoke f --invoke g usage.wat
;; RUN: -W simd=maybe usage.wat
;; RUN: -W smid usage.wat
;; RUN: -D max-backtrace=-1 usage.wat
;; RUN: -D max-backtrace usage.wat
;; RUN: invalid-subcommand
;; RUN: inspcet usage.wat
(module)
