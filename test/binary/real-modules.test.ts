import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { customSections } from "../../src/binary/custom-sections.ts";
import { decodeModule } from "../../src/binary/decode.ts";
import { endKey, InstructionCursor } from "../../src/binary/instructions.ts";
import { Names } from "../../src/binary/names.ts";
import {
  functionBodies,
  readDataSegments,
  readElementSegments,
  readLocals,
} from "../../src/binary/segments.ts";

declare const WebAssembly: any;

/** A folder with further modules to read, large ones above all. */
const { WASMLINK_MODULES: folder } = process.env;

const paths = [
  "node_modules/web-tree-sitter/web-tree-sitter.wasm",
  "node_modules/web-tree-sitter/debug/web-tree-sitter.wasm",
  "node_modules/tree-sitter-javascript/tree-sitter-javascript.wasm",
  ...(folder === undefined
    ? []
    : readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".wasm"))
        .map((path) => join(folder, path))),
];

describe.each(paths.map((path) => [basename(path), path]))("%s", (_, path) => {
  const bytes = new Uint8Array(readFileSync(path));
  const info = decodeModule(bytes);

  test("has the imports, exports and custom sections the engine sees", () => {
    const native = new WebAssembly.Module(bytes);
    const kindOf = (kind: string) => (kind === "func" ? "function" : kind);
    expect(info.imports.map(({ module, name, desc }) => ({ module, name, kind: kindOf(desc.kind) }))).toEqual(
      WebAssembly.Module.imports(native),
    );
    expect(info.exports.map(({ name, kind }) => ({ name, kind: kindOf(kind) }))).toEqual(
      WebAssembly.Module.exports(native),
    );
    for (const name of new Set(info.sections.flatMap(({ custom }) => custom?.name ?? []))) {
      const contents = WebAssembly.Module.customSections(native, name);
      expect(customSections(info, name)).toEqual(
        contents.map((buffer: ArrayBuffer) => new Uint8Array(buffer)),
      );
    }
  });

  test("is walked to the end of every body", () => {
    const bodies = functionBodies(info);
    expect(bodies.length).toBe(info.functions.length - info.imported.func);
    const cursor = new InstructionCursor(bytes, 0, 0);
    for (const body of bodies) {
      cursor.reset(readLocals(bytes, body).code, body.end);
      while (cursor.advance());
      if (cursor.next !== body.end || cursor.key !== endKey)
        throw new Error(`lost the way at ${cursor.start}`);
    }
  });

  test("has segments and names that fit it", () => {
    expect(readElementSegments(info).length).toBe(info.elementCount);
    expect(readDataSegments(info).length).toBe(info.dataCount);
    const indices = [...new Names(info).functions.keys()];
    expect(indices.every((index) => index < info.functions.length)).toBe(true);
  });
});
