import { describe, expect, it } from "vitest";
import { WatSyntaxError } from "../../src/errors.ts";
import { wasm2wat } from "../../src/text/wasm2wat.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";
import { type SuiteModule, suiteMissing, suiteModules } from "./suite.ts";

function assembled({ assemble }: SuiteModule): Uint8Array<ArrayBuffer> | WatSyntaxError {
  try {
    return assemble();
  } catch (error) {
    if (error instanceof WatSyntaxError) return error;
    throw error;
  }
}

describe.skipIf(suiteMissing)(
  `the text modules of the test suite${suiteMissing && ` (${suiteMissing})`}`,
  () => {
    const modules = suiteMissing ? [] : suiteModules().filter(({ kind }) => kind !== "binary");

    it("are all translated where they are well-formed", () => {
      const wellFormed = modules.filter(({ expectation }) => expectation !== "malformed");
      const refused = wellFormed.flatMap((module) => {
        const result = assembled(module);
        return result instanceof WatSyntaxError ? [`${module.file}: ${result.message}`] : [];
      });
      expect(refused).toEqual([]);
      expect(wellFormed.length).toBeGreaterThan(5000);
    });

    it("are refused where they are malformed", () => {
      const malformed = modules.filter(({ expectation }) => expectation === "malformed");
      const accepted = malformed.filter((module) => !(assembled(module) instanceof WatSyntaxError));
      // Copies from before 64-bit memories: their sizes are well-formed by now, if invalid.
      expect(accepted.map(({ file, text }) => `${file} ${text}`)).toEqual([
        'proposals/threads/memory.wast (module quote "(memory 0x1_0000_0000)")',
        'proposals/threads/memory.wast (module quote "(memory 0x1_0000_0000 0x1_0000_0000)")',
        'proposals/threads/memory.wast (module quote "(memory 0 0x1_0000_0000)")',
      ]);
      expect(malformed.length).toBeGreaterThan(1200);
    });

    it("print as text that makes the same bytes", () => {
      const different = modules.flatMap((module) => {
        const bytes = module.expectation === "valid" ? assembled(module) : undefined;
        if (!(bytes instanceof Uint8Array)) return [];
        return Buffer.compare(wat2wasm(wasm2wat(bytes)), bytes) === 0
          ? []
          : [`${module.file}: ${module.text}`];
      });
      expect(different).toEqual([]);
    });
  },
);

describe.skipIf(suiteMissing)(
  `the binary modules of the test suite${suiteMissing && ` (${suiteMissing})`}`,
  () => {
    it("have one text", () => {
      const modules = suiteModules().filter(
        ({ kind, expectation }) => kind === "binary" && expectation === "valid",
      );
      const different = modules.filter(({ assemble }) => {
        const text = wasm2wat(assemble());
        return wasm2wat(wat2wasm(text)) !== text;
      });
      // Empty sections have no text, and custom sections between them no place.
      expect(different.map(({ file }) => file)).toEqual(["custom.wast"]);
      expect(modules.length).toBeGreaterThan(100);
    });
  },
);
