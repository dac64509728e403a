import type { Binding, Preview1Functions } from "./binding.ts";
import { writeSizes, writeStrings } from "./strings.ts";

/** Environment variables. Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#environ_get */
export const environ = {
  environ_get({ context, memory }: Binding, environ: number, buffer: number) {
    writeStrings(memory, context.settings.env, environ, buffer);
  },

  environ_sizes_get({ context, memory }: Binding, count: number, byteLength: number) {
    writeSizes(memory, context.settings.env, count, byteLength);
  },
} satisfies Preview1Functions;
