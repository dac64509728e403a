/**
 * The feature scan: refuses modules that use a proposal which is off.
 *
 * Engines cannot switch proposals off. So this goes over a module that {@link decodeModule} has accepted once more, but
 * only where a proposal that is off could show.
 *
 * @packageDocumentation
 */
import { FeatureGates, typeFeatures } from "./feature-gates.ts";
import { InstructionGates } from "./feature-instructions.ts";
import { checkSections } from "./feature-sections.ts";
import { InstructionCursor } from "./instructions.ts";
import type { ModuleInfo } from "./module-info.ts";
import type { Feature } from "./opcodes.ts";
import { functionBodies, readLocals } from "./segments.ts";

/**
 * The proposals that can show in a body when no section shows them. Two are missing: 64-bit addresses take a memory or
 * table that has them, and the instructions of custom descriptors a type that has one. (What that proposal leaves for
 * a body alone are exact references, which no engine knows without it.)
 */
const bodyFeatures: readonly Feature[] = [
  "signExtension",
  "saturatingFloatToInt",
  "bulkMemory",
  "multiValue",
  "referenceTypes",
  "simd",
  "relaxedSimd",
  "threads",
  "tailCall",
  "multiMemory",
  "exceptions",
  "functionReferences",
  "gc",
  "wideArithmetic",
];

/**
 * Checks that a module keeps to the proposals that are on.
 *
 * Function bodies are read only when a proposal is off that could show there. In a module without tags, legacy
 * exceptions are not looked for: all they can catch there is what passes through.
 *
 * @param enabled - the proposals that are on
 * @throws DisabledFeatureError with the offset of the first use of another one
 */
export function checkFeatures(info: ModuleInfo, enabled: ReadonlySet<Feature>): void {
  const gates = new FeatureGates(enabled);
  const instructions = new InstructionGates(gates);
  checkSections(info, gates, instructions);
  const mayBeLegacy = info.tags.length > 0 && !gates.has("legacyExceptions");
  if (mayBeLegacy || gates.lacksAny(bodyFeatures)) checkBodies(info, gates, instructions);
}

function checkBodies(info: ModuleInfo, gates: FeatureGates, instructions: InstructionGates): void {
  const { bytes } = info;
  const cursor = new InstructionCursor(bytes, 0, 0);
  const checkLocals = gates.lacksAny(typeFeatures);
  for (const body of functionBodies(info)) {
    const { groups, code } = readLocals(bytes, body);
    if (checkLocals) for (const { type, start } of groups) gates.valType(type, start);
    cursor.reset(code, body.end);
    instructions.checkBody(cursor);
  }
}
