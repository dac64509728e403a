import { Whence } from "../abi.ts";
import type { Binding, Preview1Functions } from "./binding.ts";
import { fd, filestatOf } from "./fd.ts";
import { filestatAt } from "./path.ts";
import { pollOneoff, type SubscriptionLayout } from "./poll.ts";
import { writeUnstableFilestat } from "./stat.ts";

const whences = [Whence.cur, Whence.end, Whence.set];
const unstableLayout: SubscriptionLayout = { length: 56, clock: 24 };
const noWhence = -1;

/** The functions of `wasi_unstable` whose binary interface preview 1 has changed. */
export const unstable = {
  fd_filestat_get({ context, memory }: Binding, fd: number, result: number) {
    writeUnstableFilestat(memory, result, filestatOf(context.descriptors.get(fd)));
  },

  fd_seek(binding: Binding, descriptor: number, delta: bigint, whence: number, result: number) {
    fd.fd_seek(binding, descriptor, delta, whences[whence] ?? noWhence, result);
  },

  path_filestat_get(
    binding: Binding,
    fd: number,
    flags: number,
    path: number,
    length: number,
    result: number,
  ) {
    writeUnstableFilestat(binding.memory, result, filestatAt(binding, fd, flags, path, length));
  },

  poll_oneoff(binding: Binding, subscriptions: number, events: number, count: number, result: number) {
    pollOneoff(binding, unstableLayout, subscriptions, events, count, result);
  },
} satisfies Preview1Functions;
