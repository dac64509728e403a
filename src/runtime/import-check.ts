/**
 * The check of everything that is linked against what the module imports, before the engine's own.
 *
 * @packageDocumentation
 */
import { CrossEngineError, IncompatibleImportError, LinkError } from "../errors.ts";
import { type Definition, engineOf, typeForMatching } from "./definition.ts";
import { externTypeOf, kindMismatch, mismatch } from "./matching.ts";
import type { Module } from "./module.ts";

/**
 * Checks engine and type of each definition, in the order of the imports.
 *
 * @throws {CrossEngineError} an item belongs to another engine
 * @throws {IncompatibleImportError} a type does not fit
 * @throws {LinkError} a value of foreign glue code is of another kind
 */
export function checkImports(
  module: Module,
  definitions: readonly Definition[],
  sizes: "defined" | "current",
): void {
  const { engine, importTypes } = module;
  for (let index = 0; index < definitions.length; index++) {
    const definition = definitions[index]!;
    if (engineOf(definition) !== engine) throw foreignEngine(module, index);
    const expected = importTypes[index]!;
    if (definition.kind === "foreign") {
      const detail = kindMismatch(expected.kind, definition.externKind);
      if (detail !== undefined) throw incompatibleForeign(module, index, detail);
      continue;
    }
    const actual = typeForMatching(definition, sizes);
    // The common case, without a call.
    if (actual.kind === "func" && expected.kind === "func" && actual.typeIndex === expected.typeIndex)
      continue;
    const detail = mismatch(expected, actual, engine.types);
    if (detail !== undefined)
      throw new IncompatibleImportError(module.imports[index]!, externTypeOf(actual, engine.types), detail);
  }
}

function foreignEngine(module: Module, index: number): CrossEngineError {
  const wanted = module.info.imports[index]!;
  return new CrossEngineError(
    `cross-\`Engine\` instantiation is not currently supported: the item provided for \`${wanted.module}::${wanted.name}\` ` +
      "belongs to a different engine than the module being instantiated",
  );
}

function incompatibleForeign(module: Module, index: number, detail: string): LinkError {
  const wanted = module.info.imports[index]!;
  return new LinkError(`incompatible import type for \`${wanted.module}::${wanted.name}\``, {
    cause: detail,
  });
}
