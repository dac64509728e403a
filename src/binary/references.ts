/**
 * Which functions of a module can turn up as references.
 *
 * @packageDocumentation
 */
import { InstructionCursor, operatorKey } from "./instructions.ts";
import type { ExprRange, ModuleInfo } from "./module-info.ts";
import { operatorNamed } from "./opcodes.ts";
import { ByteReader } from "./reader.ts";
import { findSection, SectionId } from "./sections.ts";
import { functionBodies, readElementSegments, readLocals } from "./segments.ts";

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

/**
 * Offset of the first `ref.func` in a body that names a function which is not declared for it: the module is invalid.
 *
 * Bodies are only read where their bytes may hold such an instruction, which a search for its bytes tells.
 *
 * @throws CompileError when element segments or bodies are damaged
 */
export function undeclaredReference(info: ModuleInfo, funcIndex: number): number | undefined {
  if (!mayRefer(info, funcIndex) || declaredFunctions(info).has(funcIndex)) return undefined;
  for (const body of functionBodies(info)) {
    const cursor = new InstructionCursor(info.bytes, readLocals(info.bytes, body).code, body.end);
    while (cursor.advance()) {
      if (cursor.key === refFunc && isLeb(info.bytes, cursor.immediates, funcIndex)) return cursor.start;
    }
  }
  return undefined;
}

function mayRefer(info: ModuleInfo, funcIndex: number): boolean {
  const { bytes } = info;
  const section = findSection(info, SectionId.code);
  if (section === undefined) return false;
  for (let at = section.payload; ; at++) {
    at = bytes.indexOf(refFunc, at);
    if (at < 0 || at >= section.end) return false;
    if (isLeb(bytes, at + 1, funcIndex)) return true;
  }
}

/** Whether the unsigned LEB128 at an offset, however long, is this number. */
function isLeb(bytes: Uint8Array, offset: number, value: number): boolean {
  let rest = value;
  for (let at = offset; at < offset + 5; at++) {
    const byte = bytes[at]!;
    if ((byte & 0x7f) !== (rest & 0x7f)) return false;
    rest >>>= 7;
    if (byte < 0x80) return rest === 0;
  }
  return false;
}
