/**
 * Modules of the runtime itself, loaded when they are needed: those that few programs use take time to start.
 *
 * @packageDocumentation
 */
import { createRequire } from "node:module";

interface Builtins {
  readonly "node:tty": typeof import("node:tty");
  readonly "node:worker_threads": typeof import("node:worker_threads");
}

// `process.getBuiltinModule` would do, but Node 22.0 to 22.2 lack it.
const require = createRequire(import.meta.url);

export function builtin<N extends keyof Builtins>(name: N): Builtins[N] {
  return require(name);
}
