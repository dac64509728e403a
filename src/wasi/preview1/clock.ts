import { ClockId } from "../abi.ts";
import { Errno, fail } from "../errno.ts";
import type { Binding, Preview1Functions } from "./binding.ts";

const realtimeResolutionNs = 1000n;
const monotonicResolutionNs = 1n;

/** Clocks. Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#clock_res_get */
export const clock = {
  clock_res_get({ memory }: Binding, id: number, result: number) {
    if (id === ClockId.realtime) memory.setU64(result, realtimeResolutionNs);
    else if (id === ClockId.monotonic) memory.setU64(result, monotonicResolutionNs);
    else failForClock(id);
  },

  clock_time_get({ context, memory }: Binding, id: number, _precision: bigint, result: number) {
    if (id === ClockId.monotonic) memory.setU64(result, context.settings.clock.monotonicNs());
    else if (id === ClockId.realtime) memory.setU64(result, context.settings.clock.realtimeNs());
    else failForClock(id);
  },
} satisfies Preview1Functions;

/** CPU time is nothing a guest should learn, as in wasmtime. */
function failForClock(id: number): never {
  return fail(id === ClockId.processCputime || id === ClockId.threadCputime ? Errno.badf : Errno.inval);
}
