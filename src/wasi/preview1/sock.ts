import { Errno, fail } from "../errno.ts";
import type { Binding, Preview1Functions } from "./binding.ts";

/** Sockets: no descriptor is one. Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#sock_accept */
export const sock = {
  sock_accept: failForSocket,
  sock_recv: failForSocket,
  sock_send: failForSocket,
  sock_shutdown: failForSocket,
} satisfies Preview1Functions;

function failForSocket({ context }: Binding, fd: number): never {
  context.descriptors.get(fd);
  return fail(Errno.notsock);
}
