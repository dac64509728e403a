/**
 * What the JavaScript engine supports, found out by validating a module for each proposal.
 *
 * @packageDocumentation
 */
import type { Feature } from "../binary/opcodes.ts";
import { SectionId } from "../binary/sections.ts";
import { limitsFlag, typeCode } from "../binary/type-codes.ts";
import type { FuncSignature, ValType } from "../binary/types.ts";
import { ByteWriter } from "../binary/writer.ts";
import { noTypes, writeTypes } from "./func-types.ts";
import { writeBody, writeOperator } from "./own-modules.ts";
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

type Probe = (writer: ByteWriter) => void;

function types(...signatures: readonly FuncSignature[]): Probe {
  return (writer) => writeTypes(writer, noTypes, signatures);
}

const takes = (type: ValType): FuncSignature => ({ params: [type], results: [] });

function section(id: number, ...bytes: readonly number[]): Probe {
  return (writer) => writer.section(id, () => writer.bytes(Uint8Array.from(bytes)));
}

/** A function of these operators, each with its immediates. */
function code(...operators: readonly (readonly [name: string, ...immediates: number[]])[]): Probe {
  return (writer) => {
    types({ params: [], results: [] })(writer);
    section(SectionId.function, 1, 0)(writer);
    section(SectionId.memory, 1, 0, 1)(writer);
    writer.section(SectionId.code, () => {
      writer.u32(1);
      writeBody(writer, [], () => {
        for (const operator of operators) writeOperator(writer, ...operator);
      });
    });
  };
}

const zero = ["i32.const", 0] as const;
const wideZero = ["i64.const", 0] as const;
const vectorZero = ["v128.const", ...Array.from({ length: 16 }, () => 0)] as const;
const drop = ["drop"] as const;
const i32 = 0x7f;
const funcref = 0x70;

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
  table64: section(SectionId.table, 1, funcref, limitsFlag.address64, 0),
  extendedConst: section(SectionId.global, 1, i32, 0, 0x41, 0, 0x41, 0, 0x6a, 0x0b), // i32.add of constants
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

function supports(probe: Probe): boolean {
  const writer = new ByteWriter(64);
  writer.preamble();
  probe(writer);
  return webAssembly().validate(writer.finish());
}

function probeAll(): Readonly<Record<EngineFeature, boolean>> {
  const { Tag, Exception, Suspending, promising } = webAssembly();
  const found = Object.entries(proposals).map(([feature, probe]) => [feature, supports(probe)]);
  return Object.freeze({
    ...(Object.fromEntries(found) as Record<keyof typeof proposals, boolean>),
    tag: Tag !== undefined && Exception !== undefined,
    jspi: Suspending !== undefined && promising !== undefined,
    sharedArrayBuffer: typeof SharedArrayBuffer === "function",
  });
}

let features: Readonly<Record<EngineFeature, boolean>> | undefined;

/** What the engine supports; probed at the first call, which takes a few milliseconds. */
export function engineFeatures(): Readonly<Record<EngineFeature, boolean>> {
  features ??= probeAll();
  return features;
}
