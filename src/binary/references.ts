/**
 * Which functions of a module can turn up as references.
 *
 * @packageDocumentation
 */
import { InstructionCursor, operatorKey } from "./instructions.ts";
import type { ExprRange, ModuleInfo } from "./module-info.ts";
import { operatorNamed } from "./opcodes.ts";
import { ByteReader } from "./reader.ts";
import { readElementSegments } from "./segments.ts";

const refFunc = operatorKey(operatorNamed("ref.func")!);

/**
 * Indices of the functions that `ref.func` may name in a body: those in exports, element segments and constant
 * expressions. No other function of the module can become a reference.
 *
 * Spec: https://webassembly.github.io/spec/core/valid/modules.html, `refs` of the context
 *
 * @throws CompileError when element segments are damaged
 */
export function declaredFunctions(info: ModuleInfo): Set<number> {
  const declared = new Set<number>();
  const addExpression = ({ start, end }: ExprRange) => {
    const cursor = new InstructionCursor(info.bytes, start, end);
    while (cursor.advance()) {
      if (cursor.key === refFunc) declared.add(new ByteReader(info.bytes, cursor.immediates, end).u32());
    }
  };
  for (const { kind, index } of info.exports) if (kind === "func") declared.add(index);
  for (const { init } of info.definedTables) if (init !== undefined) addExpression(init);
  for (const { init } of info.definedGlobals) addExpression(init);
  for (const { items } of readElementSegments(info)) {
    if (items.kind === "functions") for (const index of items.indices) declared.add(index);
    else items.expressions.forEach(addExpression);
  }
  return declared;
}

/** Indices of the imported functions that can turn up as references. @throws CompileError for damage */
export function escapingImports(info: ModuleInfo): number[] {
  if (info.imported.func === 0) return [];
  return [...declaredFunctions(info)].filter((index) => index < info.imported.func);
}
