import { expect, test } from "vitest";
import { decodeModule } from "../../src/binary/decode.ts";
import { Names } from "../../src/binary/names.ts";
import { operate, type SurgeryPlan } from "../../src/rewrite/surgery.ts";
import {
  assemble,
  type Bytes,
  body,
  exportFunc,
  externref,
  func,
  funcref,
  i32,
  importFunc,
  instantiate,
  leb,
  nameSection,
  sized,
  str,
  vec,
} from "../host/assemble.ts";

const { Memory, Table } = (globalThis as any).WebAssembly;

/** Custom sections by name, as the engine sees them. */
function customSections(bytes: Uint8Array<ArrayBuffer>, name: string): Uint8Array[] {
  const { Module } = (globalThis as any).WebAssembly;
  return Module.customSections(new Module(bytes), name).map((buffer: ArrayBuffer) => new Uint8Array(buffer));
}

const everything: SurgeryPlan = {
  uniqueImportNames: true,
  deferStart: true,
  importMemory: () => true,
  importTable: () => true,
};

/**
 * Imports `env.n` thrice: as `() -> i32` (a), as a memory, as `() -> i32` (b). Exports `sum` = a() * 10 + b(), traps in
 * its start function, names itself "guest".
 */
const clashing = assemble(
  [1, vec([func([], [i32]), func([], [])])],
  [2, vec([importFunc("env", "n", 0), [str("env"), str("n"), 2, 0, 1], importFunc("env", "n", 0)])],
  [3, vec([[0], [1]])],
  [7, vec([exportFunc("sum", 2)])],
  [8, leb(3)],
  [10, vec([body(0x10, 0, 0x41, 10, 0x6c, 0x10, 1, 0x6a), body(0x00)])],
  [0, nameSection("guest", { 2: "sum" })],
);

/** Defines two memories or tables of one kind and exports the second as "second". */
function withTwo(section: number, exportKind: number, entries: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  return assemble([section, vec(entries)], [7, vec([[str("second"), exportKind, 1]])]);
}

test("a module without anything to do comes back as the same object", () => {
  const bytes = assemble([1, vec([func([], [])])], [3, vec([[0]])], [10, vec([body()])]);
  expect(operate(decodeModule(bytes), everything).bytes).toBe(bytes);
  expect(operate(decodeModule(clashing), {}).bytes).toBe(clashing);
});

test("imports that share module and name get keys of their own", () => {
  const info = decodeModule(clashing);
  const { bytes, importKeys } = operate(info, { uniqueImportNames: true, deferStart: true });
  expect(importKeys[0]).toEqual({ module: "env", name: "n" });
  expect(new Set(importKeys.map(({ name }) => name)).size).toBe(3);

  const items = [() => 4, new Memory({ initial: 1 }), () => 2];
  const env = Object.fromEntries(importKeys.map(({ name }, index) => [name, items[index]]));
  expect(instantiate(bytes, { env }).sum()).toBe(42);
});

test("a new import name clashes with no other import", () => {
  const names = ["n", "n#1", "n", "n#2"];
  const bytes = assemble([1, vec([func([], [])])], [2, vec(names.map((name) => importFunc("env", name, 0)))]);
  const { importKeys } = operate(decodeModule(bytes), { uniqueImportNames: true });
  expect(importKeys.map(({ name }) => name)).toEqual(["n", "n#1", "n#3", "n#2"]);
});

test("the start function is left to the caller", () => {
  const operated = operate(decodeModule(clashing), { uniqueImportNames: true, deferStart: true });
  const items = [() => 4, new Memory({ initial: 1 }), () => 2];
  const env = Object.fromEntries(operated.importKeys.map(({ name }, index) => [name, items[index]]));
  const exports = instantiate(operated.bytes, { env });
  expect(() => exports[operated.startExport!]()).toThrow("unreachable");
});

test("hidden exports have names of their own", () => {
  const bytes = assemble(
    [1, vec([func([], [])])],
    [3, vec([[0]])],
    [7, vec([exportFunc("wasmlink:start", 0)])],
    [8, leb(0)],
    [10, vec([body()])],
  );
  const operated = operate(decodeModule(bytes), {
    deferStart: true,
    exports: [
      { kind: "func", index: 0 },
      { kind: "func", index: 0 },
    ],
  });
  const names = ["wasmlink:start", ...operated.exportNames, operated.startExport];
  expect(new Set(names).size).toBe(4);
  expect(Object.keys(instantiate(operated.bytes))).toEqual(names);
});

test("the module's name is stamped and the other names stay", () => {
  const { bytes } = operate(decodeModule(clashing), { moduleName: "m7" });
  const [content] = customSections(bytes, "name");
  const functionNames = [1, ...sizedArray(vec([[2, str("sum")]]))];
  expect([...content!]).toEqual([0, ...sizedArray(str("m7")), ...functionNames]);
});

test("functions are named by their indices for engines that show nothing else", () => {
  const info = decodeModule(clashing);
  const { bytes } = operate(info, { moduleName: "m7", nameByIndex: true });
  const { module, functions } = new Names(decodeModule(bytes));
  expect(module).toBe("m7");
  expect([...functions]).toEqual(Array.from(info.functions, (_, index) => [index, String(index)]));
});

test("a name section is made where there is none", () => {
  const { bytes } = operate(decodeModule(assemble()), { moduleName: "m7" });
  expect(customSections(bytes, "name").map((content) => [...content])).toEqual([
    [0, ...sizedArray(str("m7"))],
  ]);
});

test("a damaged name section is stamped all the same", () => {
  const damaged = assemble([0, [str("name"), 0, leb(1000), 1, 2]]);
  const { bytes } = operate(decodeModule(damaged), { moduleName: "m7" });
  expect(customSections(bytes, "name").map((content) => [...content])).toEqual([
    [0, ...sizedArray(str("m7"))],
  ]);
});

test("the stamped name is in the URL of stack traces", () => {
  const bytes = assemble(
    [1, vec([func([], [])])],
    [3, vec([[0]])],
    [7, vec([exportFunc("f", 0)])],
    [10, vec([body(0x00)])],
  );
  const { f } = instantiate(operate(decodeModule(bytes), { moduleName: "stamp-7" }).bytes);
  try {
    f();
    expect.unreachable();
  } catch (error) {
    expect((error as Error).stack).toMatch(/wasm:\/\/wasm\/stamp-7-[0-9a-f]+/);
  }
});

test("defined memories become imports of the host", () => {
  const bytes = assemble(
    [5, vec([[0, 1]])],
    [7, vec([[str("memory"), 2, 0]])],
    [11, vec([[0, 0x41, 3, 0x0b, sized([7])]])],
  );
  const { bytes: operated, memoryKeys } = operate(decodeModule(bytes), everything);
  expect(memoryKeys).toEqual([{ module: "wasmlink", name: "memory0" }]);
  const memory = new Memory({ initial: 1, maximum: 2 });
  const exports = instantiate(operated, { wasmlink: { memory0: memory } });
  expect(exports.memory).toBe(memory);
  expect(new Uint8Array(memory.buffer)[3]).toBe(7);
});

test("a key of the host clashes with no import", () => {
  const bytes = assemble(
    [1, vec([func([], [])])],
    [2, vec([importFunc("wasmlink", "memory0", 0)])],
    [5, vec([[0, 1]])],
  );
  expect(operate(decodeModule(bytes), everything).memoryKeys).toEqual([
    { module: "wasmlink'", name: "memory0" },
  ]);
});

test("defined tables become imports and keep their indices", () => {
  const bytes = withTwo(4, 1, [
    [funcref, 0, 1],
    [externref, 0, 2],
  ]);
  const { bytes: operated, tableKeys } = operate(decodeModule(bytes), everything);
  expect(tableKeys.map(({ name }) => name)).toEqual(["table0", "table1"]);
  const second = new Table({ element: "externref", initial: 2 });
  const exports = instantiate(operated, {
    wasmlink: { table0: new Table({ element: "anyfunc", initial: 1 }), table1: second },
  });
  expect(exports.second).toBe(second);
});

test("a table that cannot become an import keeps those behind it", () => {
  const bytes = withTwo(4, 1, [
    [funcref, 0, 1],
    [externref, 0, 2],
  ]);
  const plan: SurgeryPlan = { importTable: ({ element }) => element === "funcref" };
  const { bytes: operated, tableKeys } = operate(decodeModule(bytes), plan);
  expect(tableKeys.length).toBe(1);
  const exports = instantiate(operated, {
    wasmlink: { table0: new Table({ element: "anyfunc", initial: 1 }) },
  });
  expect(exports.second.length).toBe(2);
  const none = operate(decodeModule(bytes), { importTable: ({ element }) => element === "externref" });
  expect(none.tableKeys).toEqual([]);
  expect(none.bytes).toBe(bytes);
});

test("a table with an initialiser stays as it is", () => {
  const withInit: Bytes = [0x40, 0, funcref, 0, 1, 0xd0, 0x70, 0x0b];
  const bytes = withTwo(4, 1, [[funcref, 0, 1], withInit]);
  const info = decodeModule(bytes);
  const { bytes: operated, tableKeys } = operate(info, everything);
  expect(tableKeys.length).toBe(1);
  const again = decodeModule(operated);
  expect(again.tables).toEqual(info.tables);
  expect(again.definedTables.map(({ init }) => init && [...operated.subarray(init.start, init.end)])).toEqual(
    [[0xd0, 0x70, 0x0b]],
  );
});

test("offsets in the code section move by the delta that is reported", () => {
  const info = decodeModule(clashing);
  const operated = operate(info, everything);
  const [before, after] = [info, decodeModule(operated.bytes)].map(
    ({ sections }) => sections.find(({ id }) => id === 10)!,
  );
  expect(after!.payload - before!.payload).toBe(operated.codeOffsetDelta);
  expect(operated.bytes.subarray(after!.payload, after!.end)).toEqual(
    clashing.subarray(before!.payload, before!.end),
  );
});

test("sections nobody asked to change are copied byte for byte", () => {
  const odd = assemble([0, [str("x"), 1, 2, 3]], [5, vec([[0, 1]])], [0, [str("y")]], [0, [str("x"), 4]]);
  const { bytes } = operate(decodeModule(odd), { moduleName: "m" });
  expect(bytes.subarray(0, odd.length)).toEqual(odd);
});

function sizedArray(bytes: Bytes): number[] {
  return (sized(bytes) as any).flat(Number.POSITIVE_INFINITY);
}
