/**
 * Which proposals instructions need, in wasmparser's words for the case that one is off.
 *
 * @packageDocumentation
 */
import { type FeatureGates, typeFeatures } from "./feature-gates.ts";
import { readBlockType } from "./immediates.ts";
import { type InstructionCursor, operatorKey, operatorKeys, operatorWithKey } from "./instructions.ts";
import { type Feature, type Operator, operatorNamed } from "./opcodes.ts";
import { ByteReader, malformed } from "./reader.ts";
import { readHeapType, readValType, readVector } from "./type-reader.ts";
import { refType } from "./types.ts";

/** What wasmparser calls the proposals that came with instructions. */
const nouns: { readonly [F in Feature]?: string } = {
  signExtension: "sign extension operations",
  saturatingFloatToInt: "saturating float to int conversions",
  bulkMemory: "bulk memory",
  referenceTypes: "reference types",
  simd: "SIMD",
  relaxedSimd: "relaxed SIMD",
  threads: "threads",
  tailCall: "tail calls",
  exceptions: "exceptions",
  legacyExceptions: "legacy exceptions",
  functionReferences: "function references",
  gc: "gc",
  wideArithmetic: "wide arithmetic",
  customDescriptors: "custom descriptors operations",
};

function keyNamed(name: string): number {
  return operatorKey(operatorNamed(name)!);
}

function keysOf(feature: Feature, names: string): [number, Feature][] {
  return names.split(" ").map((name) => [keyNamed(name), feature]);
}

/** Instructions that a constant expression may hold only with a proposal. */
const constFeatures = new Map<number, Feature>([
  ...keysOf("extendedConst", "i32.add i32.sub i32.mul i64.add i64.sub i64.mul"),
  ...keysOf(
    "gc",
    "struct.new struct.new_default struct.new_desc struct.new_default_desc array.new array.new_default " +
      "array.new_fixed ref.i31 extern.convert_any any.convert_extern",
  ),
]);
const globalGet = keyNamed("global.get");

/** Goes over instructions; those that need nothing cost a table look-up. */
export class InstructionGates {
  readonly #gates: FeatureGates;
  /** By operator key: 1 where an instruction needs a closer look. */
  readonly #suspects = new Uint8Array(operatorKeys);

  constructor(gates: FeatureGates) {
    this.#gates = gates;
    for (let key = 0; key < operatorKeys; key++) {
      const operator = operatorWithKey(key);
      if (operator !== undefined && this.#isSuspect(operator)) this.#suspects[key] = 1;
    }
  }

  /** Checks the instructions of a function body. */
  checkBody(cursor: InstructionCursor): void {
    while (cursor.advance()) {
      if (this.#suspects[cursor.key] !== 0) this.#check(cursor);
    }
  }

  /** @param importedGlobals - how many globals the module imports: WebAssembly 1.0 lets only those be read */
  checkConstExpr(cursor: InstructionCursor, importedGlobals: number): void {
    const gates = this.#gates;
    while (cursor.advance()) {
      const feature = constFeatures.get(cursor.key);
      if (feature !== undefined) {
        const { name } = cursor.operator;
        gates.require(feature, `constant expression required: non-constant operator: ${name}`, cursor.start);
      } else if (cursor.key === globalGet && immediates(cursor).u32() >= importedGlobals) {
        gates.require(
          "gc",
          "constant expression required: global.get of locally defined global",
          cursor.start,
        );
      }
      if (this.#suspects[cursor.key] !== 0) this.#check(cursor);
    }
  }

  #isOff({ feature }: Operator): boolean {
    return feature !== "mvp" && !this.#gates.has(feature);
  }

  #isSuspect(operator: Operator): boolean {
    if (this.#isOff(operator)) return true;
    switch (operator.immediates) {
      case "blockType":
      case "tryTable":
        return this.#gates.lacksAny([...typeFeatures, "multiValue"]);
      case "valTypes":
      case "heapType":
      case "refTest":
      case "branchCast":
        return this.#gates.lacksAny(typeFeatures);
      case "memArg":
      case "memArgLane":
      case "memory":
        return !this.#gates.has("multiMemory");
      case "callIndirect":
        return !this.#gates.has("referenceTypes");
      default:
        return false;
    }
  }

  #check(cursor: InstructionCursor): void {
    const { operator, start } = cursor;
    this.#checkEncoding(operator, immediates(cursor));
    const gates = this.#gates;
    if (this.#isOff(operator)) gates.require(operator.feature, refusal(operator), start);
    const reader = immediates(cursor);
    switch (operator.immediates) {
      case "blockType":
      case "tryTable": {
        const type = readBlockType(reader);
        if (type.kind === "result") gates.valType(type.type, start);
        if (type.kind !== "type") break;
        const complaint =
          "blocks, loops, and ifs may only produce a resulttype when multi-value is not enabled";
        gates.require("multiValue", complaint, start);
        break;
      }
      case "valTypes":
        for (const type of readVector(reader, 10, "select types", readValType)) gates.valType(type, start);
        break;
      case "heapType":
      case "refTest":
        gates.refType(refType(readHeapType(reader), true), start);
        break;
      case "branchCast":
        reader.u8(); // whether the types are nullable
        reader.u32(); // the label
        gates.refType(refType(readHeapType(reader), true), start);
        gates.refType(refType(readHeapType(reader), true), start);
        break;
    }
  }

  /** WebAssembly 1.0 has a single zero byte where a proposal put an index: nothing else may stand there without it. */
  #checkEncoding(operator: Operator, reader: ByteReader): void {
    const { immediates, feature } = operator;
    if (immediates === "callIndirect" && feature === "mvp" && !this.#gates.has("referenceTypes")) {
      reader.u32();
      zeroByte(reader);
    }
    if (this.#gates.has("multiMemory")) return;
    if (immediates === "memory" && feature === "mvp") zeroByte(reader);
    if (immediates === "memArg" || immediates === "memArgLane") {
      const { offset } = reader;
      if (reader.u32() >= 32) throw malformed("malformed memop alignment: alignment too large", offset);
    }
  }
}

function immediates(cursor: InstructionCursor): ByteReader {
  return new ByteReader(cursor.bytes, cursor.immediates, cursor.next);
}

function zeroByte(reader: ByteReader): void {
  if (reader.peek() !== 0) reader.fail("zero byte expected");
}

function refusal({ name, feature }: Operator): string {
  // wasmparser refuses these three at another place than the rest, with other words.
  if (feature === "legacyExceptions" && (name === "try" || name === "catch" || name === "catch_all")) {
    return `legacy_exceptions feature required for ${name} instruction`;
  }
  return `${nouns[feature]} support is not enabled`;
}
