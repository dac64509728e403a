/**
 * What the JavaScript engine supports, found out by validating a module for each proposal.
 *
 * @packageDocumentation
 */
import type { Feature } from "../binary/opcodes.ts";
import { SectionId } from "../binary/sections.ts";
import { heapTypeCode, limitsFlag, typeCode, valTypeCode } from "../binary/type-codes.ts";
import type { FuncSignature, ValType } from "../binary/types.ts";
import { noTypes, writeTypes } from "./func-types.ts";
import { functionModule, type Instruction, ownModule } from "./own-modules.ts";
import { webAssembly } from "./webassembly.ts";

/** A proposal, or a part of the JavaScript API. */
export type EngineFeature =
  | Exclude<Feature, "mvp">
  /** 64-bit tables, which engines had later than 64-bit memories. */
  | "table64"
  /** `WebAssembly.Tag` and `WebAssembly.Exception`. */
  | "tag"
  /** JavaScript Promise Integration. */
  | "jspi"
  /** `SharedArrayBuffer`, which pages have only when they are isolated. */
  | "sharedArrayBuffer";

/** Makes a module that only an engine with the feature takes. */
type Probe = () => Uint8Array<ArrayBuffer>;

function types(...signatures: readonly FuncSignature[]): Probe {
  return () => ownModule("probe", (writer) => writeTypes(writer, noTypes, signatures));
}

const takes = (type: ValType): FuncSignature => ({ params: [type], results: [] });

function section(id: number, ...bytes: readonly number[]): Probe {
  return () => ownModule("probe", (writer) => writer.section(id, () => writer.bytes(Uint8Array.from(bytes))));
}

/** A function in a module with a memory. */
function code(...instructions: readonly Instruction[]): Probe {
  return () =>
    functionModule("probe", instructions, (writer) => {
      writer.section(SectionId.memory, () => writer.bytes(Uint8Array.of(1, 0, 1)));
    });
}

const zero = ["i32.const", 0] as const;
const wideZero = ["i64.const", 0] as const;
const vectorZero = ["v128.const", ...Array.from({ length: 16 }, () => 0)] as const;
const drop = ["drop"] as const;

const proposals: { readonly [F in Exclude<Feature, "mvp"> | "table64"]: Probe } = {
  signExtension: code(zero, ["i32.extend8_s"], drop),
  saturatingFloatToInt: code(["f32.const", 0, 0, 0, 0], ["i32.trunc_sat_f32_s"], drop),
  bulkMemory: code(zero, zero, zero, ["memory.fill", 0]),
  multiValue: types({ params: [], results: ["i32", "i32"] }),
  referenceTypes: types(takes("externref")),
  simd: types(takes("v128")),
  relaxedSimd: code(vectorZero, vectorZero, ["i8x16.relaxed_swizzle"], drop),
  threads: section(SectionId.memory, 1, limitsFlag.shared | limitsFlag.maximum, 1, 1),
  tailCall: code(["return_call", 0]),
  multiMemory: section(SectionId.memory, 2, 0, 0, 0, 0),
  memory64: section(SectionId.memory, 1, limitsFlag.address64, 0),
  table64: section(SectionId.table, 1, heapTypeCode.func, limitsFlag.address64, 0),
  extendedConst: section(SectionId.global, 1, valTypeCode.i32, 0, 0x41, 0, 0x41, 0, 0x6a, 0x0b), // i32.add of constants
  exceptions: types(takes("exnref")),
  legacyExceptions: code(["try", typeCode.empty], ["catch_all"], ["end"]),
  functionReferences: types({ params: [], results: [] }, takes({ ref: { typeIndex: 0 }, nullable: false })),
  gc: section(SectionId.type, 1, typeCode.struct, 0),
  wideArithmetic: code(wideZero, wideZero, wideZero, wideZero, ["i64.add128"], drop, drop),
  customPageSizes: section(SectionId.memory, 1, limitsFlag.pageSize, 0, 0),
  // A struct described by another: `(rec (type (descriptor 1) (struct)) (type (describes 0) (struct)))`
  customDescriptors: section(
    SectionId.type,
    ...[1, typeCode.rec, 2],
    ...[typeCode.descriptor, 1, typeCode.struct, 0],
    ...[typeCode.describes, 0, typeCode.struct, 0],
  ),
};

function probeAll(): Readonly<Record<EngineFeature, boolean>> {
  const engine = webAssembly();
  const found = Object.entries(proposals).map(([feature, probe]) => [feature, engine.validate(probe())]);
  return Object.freeze({
    ...(Object.fromEntries(found) as Record<keyof typeof proposals, boolean>),
    tag: engine.Tag !== undefined && engine.Exception !== undefined,
    jspi: engine.Suspending !== undefined && engine.promising !== undefined,
    sharedArrayBuffer: typeof SharedArrayBuffer === "function",
  });
}

let features: Readonly<Record<EngineFeature, boolean>> | undefined;

/** What the engine supports; probed at the first call, which takes a few milliseconds. */
export function engineFeatures(): Readonly<Record<EngineFeature, boolean>> {
  features ??= probeAll();
  return features;
}
