import type { Preview1Functions } from "./binding.ts";

/** Scheduling. Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#sched_yield */
export const sched = {
  sched_yield() {
    // A store's instances run on one thread: there is nobody to yield to.
  },
} satisfies Preview1Functions;
