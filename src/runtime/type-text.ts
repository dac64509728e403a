import type { ExternType, ValType } from "../binary/types.ts";
import { assertEngine, type Engine } from "./engine.ts";
import { renderExternType, renderValType } from "./types.ts";

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
