/**
 * The JavaScript engine's `WebAssembly`, in types of our own.
 *
 * Neither `lib.dom` nor `@types/node` can be relied upon in a consumer's project, so published declarations name these
 * structural types instead. Objects of `lib.dom`'s types are assignable to them.
 *
 * Spec: https://webassembly.github.io/spec/js-api/
 *
 * @packageDocumentation
 */
import { UnsupportedError } from "../errors.ts";

/** Tells the opaque objects apart for the type checker; no such property exists. */
declare const kind: unique symbol;

/** A compiled module of the engine: `WebAssembly.Module`. */
export interface NativeModule {
  readonly [kind]?: "module";
}

/** A tag of the engine: `WebAssembly.Tag`. */
export interface NativeTag {
  readonly [kind]?: "tag";
}

/** An exception of a guest, or one a guest may catch: `WebAssembly.Exception`. */
export interface NativeException {
  is(tag: NativeTag): boolean;
  getArg(tag: NativeTag, index: number): any;
}

/** An exported function, or a JavaScript function given as an import. */
export type NativeFunction = (...args: any[]) => any;

/** A memory of the engine: `WebAssembly.Memory`. Sizes of 64-bit memories are bigints, in pages. */
export interface NativeMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(delta: number | bigint): number | bigint;
}

/** A table of the engine: `WebAssembly.Table`. Sizes and indices of 64-bit tables are bigints. */
export interface NativeTable {
  readonly length: number | bigint;
  get(index: number | bigint): any;
  set(index: number | bigint, value?: any): void;
  grow(delta: number | bigint, value?: any): number | bigint;
}

/** A global of the engine: `WebAssembly.Global`. Reading or writing one of type v128 throws a `TypeError`. */
export interface NativeGlobal {
  value: any;
  valueOf(): any;
}

/** Anything that can be imported and exported. A number or bigint is an immutable global's value. */
export type NativeExtern =
  | NativeFunction
  | NativeGlobal
  | NativeTable
  | NativeMemory
  | NativeTag
  | number
  | bigint;

/** Imports by module and field name: `WebAssembly.Imports`. */
export type NativeImports = Record<string, Record<string, any>>;

/** An instance of the engine: `WebAssembly.Instance`. */
export interface NativeInstance {
  readonly exports: Readonly<Record<string, any>>;
}

/** What the `WebAssembly` global offers, as far as this library uses it. */
export interface NativeWebAssembly {
  readonly Module: new (bytes: Uint8Array | ArrayBuffer) => NativeModule;
  readonly Instance: new (module: NativeModule, imports?: NativeImports) => NativeInstance;
  readonly Memory: new (type: NativeMemoryType) => NativeMemory;
  readonly Table: new (type: NativeTableType, init?: any) => NativeTable;
  readonly Global: new (type: { value: string; mutable?: boolean }, init?: any) => NativeGlobal;
  /** Absent where the engine has no exceptions. */
  readonly Tag?: new (type: {
    parameters: readonly string[];
  }) => NativeTag;
  readonly Exception?: new (
    tag: NativeTag,
    payload: readonly any[],
    options?: { traceStack?: boolean },
  ) => NativeException;
  /** The tag of JavaScript exceptions; absent where the engine has no `exnref`. */
  readonly JSTag?: NativeTag;
  /** JavaScript Promise Integration; absent where the engine lacks it. */
  readonly Suspending?: new (
    fn: NativeFunction,
  ) => object;
  readonly promising?: (fn: NativeFunction) => NativeFunction;
  readonly CompileError: ErrorConstructor;
  readonly LinkError: ErrorConstructor;
  readonly RuntimeError: ErrorConstructor;
  validate(bytes: Uint8Array | ArrayBuffer): boolean;
  compile(bytes: Uint8Array | ArrayBuffer): Promise<NativeModule>;
}

/** Descriptor of a memory. `initial` and `maximum` in pages; bigints where `address` is `"i64"`. */
export interface NativeMemoryType {
  initial: number | bigint;
  maximum?: number | bigint;
  shared?: boolean;
  address?: "i32" | "i64";
}

/** Descriptor of a table. `initial` and `maximum` in elements; bigints where `address` is `"i64"`. */
export interface NativeTableType {
  element: string;
  initial: number | bigint;
  maximum?: number | bigint;
  address?: "i32" | "i64";
}

let namespace: NativeWebAssembly | undefined;

/**
 * The engine's `WebAssembly`, as it was when first asked for: replacing the global later changes nothing.
 *
 * @throws {@link UnsupportedError} where there is none
 */
export function webAssembly(): NativeWebAssembly {
  namespace ??= (globalThis as { WebAssembly?: NativeWebAssembly }).WebAssembly;
  if (namespace === undefined) {
    throw new UnsupportedError("webAssembly", "host", "this JavaScript environment has no WebAssembly");
  }
  return namespace;
}
