/**
 * Which proposals are on, and which ones a type needs, in wasmparser's words for the case that one is off.
 *
 * @packageDocumentation
 */
import { CompileError } from "../errors.ts";
import type { Feature } from "./opcodes.ts";
import { type HeapType, heapTypeOf, isNullable, isRefType, type RefType, type ValType } from "./types.ts";

/** The proposals a value type may need. */
export const typeFeatures: readonly Feature[] = [
  "simd",
  "referenceTypes",
  "functionReferences",
  "gc",
  "exceptions",
  "customDescriptors",
];

/** A module uses a proposal that is off. */
export class DisabledFeatureError extends CompileError {
  readonly feature: Feature;

  constructor(feature: Feature, complaint: string, offset: number) {
    super(`${complaint} (at offset 0x${offset.toString(16)})`, offset);
    this.feature = feature;
  }
}

/** Compares what a module uses with the proposals that are on. */
export class FeatureGates {
  readonly #enabled: ReadonlySet<Feature>;

  constructor(enabled: ReadonlySet<Feature>) {
    this.#enabled = enabled;
  }

  has(feature: Feature): boolean {
    return this.#enabled.has(feature);
  }

  /** Whether one of the features is off. */
  lacksAny(features: readonly Feature[]): boolean {
    return features.some((feature) => !this.#enabled.has(feature));
  }

  /** Throws the complaint when the feature is off. */
  require(feature: Feature, complaint: string, offset: number): void {
    if (!this.#enabled.has(feature)) throw new DisabledFeatureError(feature, complaint, offset);
  }

  valType(type: ValType, offset: number): void {
    if (isRefType(type)) this.refType(type, offset);
    else if (type === "v128") this.require("simd", "SIMD support is not enabled", offset);
  }

  refType(type: RefType, offset: number): void {
    this.require("referenceTypes", "reference types support is not enabled", offset);
    const heap = heapTypeOf(type);
    if (typeof heap === "object") this.#indexedType(heap, offset);
    else this.#abstractType(heap, isNullable(type), offset);
  }

  #indexedType(heap: HeapType & object, offset: number): void {
    if (heap.exact) {
      this.require("customDescriptors", "custom descriptors required for exact reference types", offset);
    } else if (!this.has("gc")) {
      this.require("functionReferences", "function references required for index reference types", offset);
    }
  }

  #abstractType(heap: HeapType & string, nullable: boolean, offset: number): void {
    switch (heap) {
      case "func":
      case "extern":
        if (nullable) break;
        this.require("functionReferences", "function references required for non-nullable types", offset);
        break;
      case "exn":
      case "noexn":
        this.require(
          "exceptions",
          "exception refs not supported without the exception handling feature",
          offset,
        );
        break;
      default:
        this.require("gc", "heap types not supported without the gc feature", offset);
    }
  }
}
