import { describe, expect, it } from "vitest";
import { engineFeatures } from "../../src/host/features.ts";

const lacking = () =>
  Object.entries(engineFeatures())
    .filter(([, supported]) => !supported)
    .map(([feature]) => feature)
    .sort();

const versions: NodeJS.ProcessVersions = process.versions;
const nodeMajor =
  versions.bun === undefined && versions.deno === undefined ? Number.parseInt(versions.node, 10) : 0;

describe("engineFeatures", () => {
  it("finds what every engine has", () => {
    expect(engineFeatures()).toMatchObject({
      signExtension: true,
      saturatingFloatToInt: true,
      bulkMemory: true,
      multiValue: true,
      referenceTypes: true,
      simd: true,
      threads: true,
      tailCall: true,
      legacyExceptions: true,
      tag: true,
      sharedArrayBuffer: true,
    });
  });

  it.skipIf(nodeMajor !== 20)("finds what Node.js 20 lacks", () => {
    expect(lacking()).toEqual([
      "customDescriptors",
      "customPageSizes",
      "exceptions",
      "extendedConst",
      "functionReferences",
      "gc",
      "jspi",
      "memory64",
      "multiMemory",
      "relaxedSimd",
      "table64",
      "wideArithmetic",
    ]);
  });

  it.skipIf(nodeMajor !== 26)("finds what Node.js 26 lacks", () => {
    expect(lacking()).toEqual(["customDescriptors", "customPageSizes", "wideArithmetic"]);
  });

  it.skipIf(versions.bun === undefined)("finds what Bun lacks", () => {
    expect(lacking()).toEqual(["customDescriptors", "customPageSizes", "memory64", "table64"]);
  });

  it("is probed once and cannot be changed", () => {
    expect(engineFeatures()).toBe(engineFeatures());
    expect(Object.isFrozen(engineFeatures())).toBe(true);
  });
});
