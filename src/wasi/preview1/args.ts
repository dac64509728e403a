import type { Binding, Preview1Functions } from "./binding.ts";
import { writeSizes, writeStrings } from "./strings.ts";

/** Command-line arguments. Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#args_get */
export const args = {
  args_get({ context, memory }: Binding, argv: number, buffer: number) {
    writeStrings(memory, context.settings.args, argv, buffer);
  },

  args_sizes_get({ context, memory }: Binding, count: number, byteLength: number) {
    writeSizes(memory, context.settings.args, count, byteLength);
  },
} satisfies Preview1Functions;
