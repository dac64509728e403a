import { WasmlinkError } from "../../errors.ts";
import type { Binding, Preview1Functions } from "./binding.ts";

const maxBytes = 64 << 20;

/** Random bytes. Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#random_get */
export const random = {
  random_get({ context, memory }: Binding, buffer: number, byteLength: number) {
    const length = byteLength >>> 0;
    if (length > maxBytes) {
      throw new WasmlinkError("failed to call `get-random-bytes`", {
        code: "ERR_WASI_LIMIT",
        cause: `requested len ${length} exceeds limit ${maxBytes}`,
      });
    }
    memory.region(buffer, length);
    context.settings.random.fill(memory, buffer, length);
  },
} satisfies Preview1Functions;
