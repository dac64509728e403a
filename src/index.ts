/**
 * wasmlink: the embedding API of wasmtime on the JavaScript engine's own WebAssembly.
 *
 * @packageDocumentation
 */
export type {
  AbstractHeapType,
  ExternKind,
  ExternType,
  FuncSignature,
  FuncType,
  GlobalType,
  HeapType,
  MemoryType,
  NumType,
  RefType,
  RefTypeName,
  TableType,
  TagType,
  ValType,
} from "./binary/types.ts";
export {
  ClosedError,
  CompileError,
  CrossEngineError,
  CrossStoreError,
  DuplicateDefinitionError,
  type ExportType,
  type ImportType,
  IncompatibleImportError,
  LimitError,
  LinkError,
  UnknownImportError,
  UnsupportedError,
  WasmlinkError,
  type WasmlinkErrorOptions,
  WatSyntaxError,
} from "./errors.ts";
export type { TrapCode } from "./host/trap-codes.ts";
export type {
  NativeExtern,
  NativeFunction,
  NativeGlobal,
  NativeImports,
  NativeInstance,
  NativeMemory,
  NativeModule,
  NativeTable,
  NativeTag,
} from "./host/webassembly.ts";
export { Caller } from "./runtime/caller.ts";
export type { EpochCallback } from "./runtime/deadlines.ts";
export { Engine, type EngineOptions } from "./runtime/engine.ts";
export { type EpochHandle, incrementEpoch } from "./runtime/epoch.ts";
export type { Extern } from "./runtime/extern.ts";
export { Func } from "./runtime/func.ts";
export { Global } from "./runtime/global.ts";
export type { HostFuncOptions } from "./runtime/host-function.ts";
export { type Exports, Instance } from "./runtime/instance.ts";
export { InstancePre } from "./runtime/instance-pre.ts";
export type { ResourceLimiter, StoreLimits } from "./runtime/limits.ts";
export { Linker, type LinkerOptions, type WasiLinkOptions } from "./runtime/linker.ts";
export { Memory } from "./runtime/memory.ts";
export { Module } from "./runtime/module.ts";
export { SharedMemory } from "./runtime/shared-memory.ts";
export type { BytesSource, ResponseLike } from "./runtime/source.ts";
export { Store, type StoreOptions } from "./runtime/store.ts";
export { Table } from "./runtime/table.ts";
export { Tag } from "./runtime/tag.ts";
export type { EpochTicker } from "./runtime/ticker.ts";
export { ExitTrap, type Frame, type Traced, Trap } from "./runtime/trap.ts";
export { renderType } from "./runtime/type-text.ts";
export type { GlobalTypeInit, MemoryTypeInit, TableTypeInit } from "./runtime/types.ts";
export type { ParamsOf, ResultOf, ReturnOf, ValueFor, ValueOf } from "./runtime/value-types.ts";
export { wasm2wat } from "./text/wasm2wat.ts";
export { wat2wasm } from "./text/wat2wasm.ts";
export { WasiConfig } from "./wasi/config.ts";
export type { WasiDirectory } from "./wasi/fs/directory.ts";
export { hostDirectory } from "./wasi/fs/host-directory.ts";
export {
  MemoryDirectory,
  type MemoryDirectoryEntries,
  type MemoryDirectoryOptions,
} from "./wasi/fs/memory-directory.ts";
export type { Perms, Preopen, WasiClock, WasiOptions } from "./wasi/options.ts";
export type { WasiInput, WasiOutput } from "./wasi/streams.ts";
