import { WasmlinkError } from "../../errors.ts";
import type { WasiFunctions, WasiGuest } from "../../runtime/wasi-host.ts";
import { type WasiFunctionName, type WasiModule, wasiFunctionNames } from "../../runtime/wasi-signatures.ts";
import type { WasiContext } from "../context.ts";
import { CallbackException, Errno, errnoOf } from "../errno.ts";
import { GuestMemory } from "../guest-memory.ts";
import { args } from "./args.ts";
import type { Binding, Preview1Function } from "./binding.ts";
import { clock } from "./clock.ts";
import { environ } from "./environ.ts";
import { fd } from "./fd.ts";
import { fdIo } from "./fd-io.ts";
import { path } from "./path.ts";
import { pathOpen } from "./path-open.ts";
import { poll } from "./poll.ts";
import { proc } from "./proc.ts";
import { random } from "./random.ts";
import { readdir } from "./readdir.ts";
import { sched } from "./sched.ts";
import { sock } from "./sock.ts";
import { unstable } from "./unstable.ts";

const preview1: Readonly<Record<WasiFunctionName, Preview1Function>> = {
  ...args,
  ...environ,
  ...clock,
  ...fd,
  ...fdIo,
  ...readdir,
  ...path,
  ...pathOpen,
  ...poll,
  ...proc,
  ...sched,
  ...random,
  ...sock,
};

const functions: Readonly<Record<WasiModule, Readonly<Record<WasiFunctionName, Preview1Function>>>> = {
  wasi_snapshot_preview1: preview1,
  wasi_unstable: { ...preview1, ...unstable },
};

/** Makes the functions of a module for one instance. */
export function bindFunctions(context: WasiContext, guest: WasiGuest, module: WasiModule): WasiFunctions {
  const binding = { context, guest, memory: new GuestMemory(guest, context.settings.hostcallFuel) };
  return Object.fromEntries(
    wasiFunctionNames[module].map((name) => [name, bind(binding, functions[module][name])]),
  ) as WasiFunctions;
}

/**
 * One closure a call. It passes on as many arguments as any function takes, since missing ones cost less than
 * gathering them into an array would.
 */
function bind(binding: Binding, run: Preview1Function): (...args: any[]) => number {
  const { memory } = binding;
  return (a, b, c, d, e, f, g, h, i) => {
    try {
      memory.enter();
      run(binding, a, b, c, d, e, f, g, h, i);
      return Errno.success;
    } catch (error) {
      return errnoFor(binding, error);
    }
  };
}

/** Errno of a failure of the call. Everything else ends the guest. */
function errnoFor({ guest }: Binding, error: unknown): number {
  if (error instanceof CallbackException) return guest.raise(error.thrown);
  if (error instanceof WasmlinkError) return guest.abort(error);
  return errnoOf(error) ?? guest.raise(error);
}
