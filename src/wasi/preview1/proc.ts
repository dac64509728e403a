import { WasmlinkError } from "../../errors.ts";
import { Errno, fail } from "../errno.ts";
import type { Binding, Preview1Functions } from "./binding.ts";

const exitCodes = 126;

/** The process. Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#proc_exit */
export const proc = {
  proc_exit({ guest }: Binding, code: number) {
    const status = code >>> 0;
    if (status >= exitCodes) {
      throw new WasmlinkError("exit with invalid exit status outside of [0..126)", { code: "ERR_WASI_EXIT" });
    }
    guest.exit(status);
  },

  proc_raise() {
    fail(Errno.notsup);
  },
} satisfies Preview1Functions;
