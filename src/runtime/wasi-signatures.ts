/**
 * The 46 functions of `wasi_snapshot_preview1`, by name and type, and those of its predecessor. The code behind them comes with the store's context,
 * so a linker can define them all without pulling the implementation into a bundle.
 *
 * Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#modules
 *
 * @packageDocumentation
 */
import type { FuncType, NumType } from "../binary/types.ts";

const i32 = "i32";
const i64 = "i64";

function returnsErrno(...params: NumType[]): FuncType {
  return { kind: "func", params, results: [i32] };
}

/** Types of the functions, in the order of the specification. */
export const wasiSignatures = {
  args_get: returnsErrno(i32, i32),
  args_sizes_get: returnsErrno(i32, i32),
  environ_get: returnsErrno(i32, i32),
  environ_sizes_get: returnsErrno(i32, i32),
  clock_res_get: returnsErrno(i32, i32),
  clock_time_get: returnsErrno(i32, i64, i32),
  fd_advise: returnsErrno(i32, i64, i64, i32),
  fd_allocate: returnsErrno(i32, i64, i64),
  fd_close: returnsErrno(i32),
  fd_datasync: returnsErrno(i32),
  fd_fdstat_get: returnsErrno(i32, i32),
  fd_fdstat_set_flags: returnsErrno(i32, i32),
  fd_fdstat_set_rights: returnsErrno(i32, i64, i64),
  fd_filestat_get: returnsErrno(i32, i32),
  fd_filestat_set_size: returnsErrno(i32, i64),
  fd_filestat_set_times: returnsErrno(i32, i64, i64, i32),
  fd_pread: returnsErrno(i32, i32, i32, i64, i32),
  fd_prestat_get: returnsErrno(i32, i32),
  fd_prestat_dir_name: returnsErrno(i32, i32, i32),
  fd_pwrite: returnsErrno(i32, i32, i32, i64, i32),
  fd_read: returnsErrno(i32, i32, i32, i32),
  fd_readdir: returnsErrno(i32, i32, i32, i64, i32),
  fd_renumber: returnsErrno(i32, i32),
  fd_seek: returnsErrno(i32, i64, i32, i32),
  fd_sync: returnsErrno(i32),
  fd_tell: returnsErrno(i32, i32),
  fd_write: returnsErrno(i32, i32, i32, i32),
  path_create_directory: returnsErrno(i32, i32, i32),
  path_filestat_get: returnsErrno(i32, i32, i32, i32, i32),
  path_filestat_set_times: returnsErrno(i32, i32, i32, i32, i64, i64, i32),
  path_link: returnsErrno(i32, i32, i32, i32, i32, i32, i32),
  path_open: returnsErrno(i32, i32, i32, i32, i32, i64, i64, i32, i32),
  path_readlink: returnsErrno(i32, i32, i32, i32, i32, i32),
  path_remove_directory: returnsErrno(i32, i32, i32),
  path_rename: returnsErrno(i32, i32, i32, i32, i32, i32),
  path_symlink: returnsErrno(i32, i32, i32, i32, i32),
  path_unlink_file: returnsErrno(i32, i32, i32),
  poll_oneoff: returnsErrno(i32, i32, i32, i32),
  proc_exit: { kind: "func", params: [i32], results: [] },
  proc_raise: returnsErrno(i32),
  sched_yield: returnsErrno(),
  random_get: returnsErrno(i32, i32),
  sock_accept: returnsErrno(i32, i32, i32),
  sock_recv: returnsErrno(i32, i32, i32, i32, i32, i32),
  sock_send: returnsErrno(i32, i32, i32, i32, i32),
  sock_shutdown: returnsErrno(i32, i32),
} as const satisfies Record<string, FuncType>;

/** Names of the functions. */
export type WasiFunctionName = keyof typeof wasiSignatures;

/** Modules that hold WASI's functions: preview 1, and `wasi_unstable` before it, which has other layouts. */
export type WasiModule = "wasi_snapshot_preview1" | "wasi_unstable";

const names = Object.keys(wasiSignatures) as readonly WasiFunctionName[];

/** Names of the functions in each of the modules. The types are the same. */
export const wasiFunctionNames: Readonly<Record<WasiModule, readonly WasiFunctionName[]>> = {
  wasi_snapshot_preview1: names,
  wasi_unstable: names.filter((name) => name !== "sock_accept"),
};
