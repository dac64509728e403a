/**
 * Types in wasmtime's words, for messages.
 *
 * @packageDocumentation
 */
import {
  type ExternType,
  type FuncSignature,
  type HeapType,
  heapTypeOf,
  isNullable,
  isRefType,
  type ValType,
} from "../binary/types.ts";
import { assertEngine, type Engine } from "./engine.ts";
import type { TypeRegistry } from "./type-registry.ts";

/**
 * A type in wasmtime's words, as messages show it: `(func (param i32) (result f64))`, `(ref null i31)`.
 *
 * Mirrors the `Display` of wasmtime's types.
 *
 * @param type - a value type, or the type of an import or export
 * @param engine - the engine of the module it comes from
 *
 * @example
 * ```ts
 * const module = new Module(new Engine(), '(module (memory (export "memory") 1 2))');
 * console.log(renderType(module.getExport("memory")!, module.engine)); // "(memory 1 2)"
 * ```
 */
export function renderType(type: ValType | ExternType, engine: Engine): string {
  assertEngine(engine);
  return typeof type === "object" && "kind" in type
    ? renderExternType(type, engine.types)
    : renderValType(type, engine.types);
}

/** A heap type in wasmtime's words: `any`, `func (engine 3)`. */
export function renderHeapType(heap: HeapType, registry: TypeRegistry | undefined): string {
  if (typeof heap === "string") return heap;
  return `${registry!.at(heap.typeIndex).composite.kind} (engine ${heap.typeIndex})`;
}

/**
 * A value type in wasmtime's words: only `funcref` and `externref` have a short form.
 * The registry may be left out where no defined type is mentioned.
 */
export function renderValType(type: ValType, registry: TypeRegistry | undefined): string {
  if (!isRefType(type) || type === "funcref" || type === "externref") return type as string;
  const heap = heapTypeOf(type);

  return `(ref ${isNullable(type) ? "null " : ""}${renderHeapType(heap, registry)})`;
}

/** A function type in wasmtime's words: `(func (param i32 i64) (result f32))`. */
function renderSignature({ params, results }: FuncSignature, registry: TypeRegistry): string {
  const list = (word: string, types: readonly ValType[]) =>
    types.length === 0 ? "" : ` (${word} ${types.map((type) => renderValType(type, registry)).join(" ")})`;
  return `(func${list("param", params)}${list("result", results)})`;
}

/** A defined function type in wasmtime's words: `(sub (engine 0) (func))` where it is not plain. */
export function renderFuncType(index: number, registry: TypeRegistry): string {
  const { final, supertypes } = registry.at(index);
  const signature = renderSignature(registry.signatureAt(index), registry);
  if (final && supertypes.length === 0) return signature;
  const parents = supertypes.map((parent) => ` (engine ${parent})`).join("");
  return `(sub${final ? " final" : ""}${parents} ${signature})`;
}

/** Any extern type on one line, for messages of our own and for people. */
export function renderExternType(type: ExternType, registry: TypeRegistry): string {
  const range = (limits: { minimum: number | bigint; maximum?: number | bigint }) =>
    `${limits.minimum}${limits.maximum === undefined ? "" : ` ${limits.maximum}`}`;
  switch (type.kind) {
    case "func":
      return renderSignature(type, registry);
    case "global": {
      const content = renderValType(type.content, registry);
      return `(global ${type.mutable ? `(mut ${content})` : content})`;
    }
    case "table":
      return `(table ${type.address === "i64" ? "i64 " : ""}${range(type)} ${renderValType(type.element, registry)})`;
    case "memory":
      return (
        `(memory ${type.address === "i64" ? "i64 " : ""}${range(type)}${type.shared ? " shared" : ""}` +
        `${type.pageSize === 65536 ? "" : ` (pagesize ${type.pageSize})`})`
      );
    case "tag":
      return `(tag${type.params.length === 0 ? "" : ` (param ${type.params.map((p) => renderValType(p, registry)).join(" ")})`})`;
  }
}
