import { afterEach, describe, expect, it } from "vitest";
import { recordFrames, wasmFrames } from "../../src/host/stack.ts";
import { uncatchable } from "../../src/host/uncatchable.ts";
import {
  assemble,
  type Bytes,
  body,
  exportFunc,
  func,
  i32,
  importFunc,
  instantiate,
  nameSection,
  vec,
} from "./assemble.ts";

const onV8 = process.versions.bun === undefined;
/** Function index in a trace that is parsed from text: Deno's has none. */
const parsedIndex = (index: number) => ("Deno" in globalThis ? undefined : index);

/** Function 0 is imported; 1 traps, 2 calls 1, 3 calls 0. The offsets are those of the instructions. */
const offsets = { unreachable: 0x31, callTrap: 0x35, callImport: 0x3b };
function module(names?: Bytes): Uint8Array<ArrayBuffer> {
  const sections: [number, Bytes][] = [
    [1, vec([func([], [])])],
    [2, vec([importFunc("a", "h", 0)])],
    [3, vec([[0], [0], [0]])],
    [7, vec([exportFunc("u", 1), exportFunc("c", 2), exportFunc("k", 3)])],
    [10, vec([body(0x00), body(0x10, 1), body(0x01, 0x10, 0)])],
  ];
  return assemble(...sections, ...(names === undefined ? [] : [[0, names] as const]));
}

function errorOf(call: () => unknown): Error {
  try {
    call();
  } catch (thrown) {
    return thrown as Error;
  }
  return expect.unreachable("nothing was thrown");
}

const throws = (error: unknown) => () => {
  throw error;
};

describe("wasmFrames", () => {
  const outer = module(nameSection("outer", { 1: "one", 2: "t.w(o", 3: "three" }));
  const inner = module(nameSection("in:n er", { 2: "a\n    at b" }));

  function nested(): Error {
    const { c } = instantiate(inner, { a: { h() {} } });
    const { k } = instantiate(outer, {
      a: {
        h() {
          c(); // not in tail position, where JSC drops the frame
        },
      },
    });
    return errorOf(k);
  }

  it("tells runs of wasm frames apart, innermost first", () => {
    const frames = wasmFrames(nested());
    expect(frames.map(({ moduleName, run }) => [moduleName, run])).toEqual([
      ["in:n er", 0],
      ["in:n er", 0],
      ["outer", 1],
    ]);
  });

  it.skipIf(!onV8)("has index, name and offset of every frame (V8)", () => {
    const error = nested();
    expect(wasmFrames(error)).toEqual([
      {
        moduleName: "in:n er",
        funcIndex: 1,
        funcName: undefined,
        offset: offsets.unreachable,
        run: 0,
        isEntry: false,
      },
      {
        moduleName: "in:n er",
        funcIndex: 2,
        funcName: "a\n    at b",
        offset: offsets.callTrap,
        run: 0,
        isEntry: true,
      },
      {
        moduleName: "outer",
        funcIndex: 3,
        funcName: "three",
        offset: offsets.callImport,
        run: 1,
        isEntry: true,
      },
    ]);
  });

  it.skipIf(onV8)("has the names (JSC)", () => {
    expect(wasmFrames(nested()).map(({ funcName }) => funcName)).toEqual([undefined, "a\n    at b", "three"]);
  });

  it("has the index where the module has no name section", () => {
    const { c } = instantiate(module(), { a: { h() {} } });
    expect(
      wasmFrames(errorOf(c)).map(({ moduleName, funcIndex, funcName }) => [moduleName, funcIndex, funcName]),
    ).toEqual([
      [undefined, 1, undefined],
      [undefined, 2, undefined],
    ]);
  });

  it.skipIf(!onV8)("leaves error.stack and Error.prepareStackTrace as they would have been (V8)", () => {
    const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
    const { c } = instantiate(outer, { a: { h() {} } });
    const [read, parsed] = [0, 1].map(() => errorOf(c));
    wasmFrames(parsed!);
    expect(parsed!.stack).toBe(read!.stack);
    expect(Object.getOwnPropertyDescriptor(Error, "prepareStackTrace")).toEqual(before);
  });

  it("lets somebody else's Error.prepareStackTrace have its way", () => {
    const api = Error as { prepareStackTrace?: unknown };
    const before = api.prepareStackTrace;
    api.prepareStackTrace = (error: Error, sites: unknown[]) => `${error.message}: ${sites.length > 0}`;
    try {
      const error = nested();
      expect(wasmFrames(error)).toHaveLength(3);
      expect(error.stack).toMatch(/: true$/);
    } finally {
      api.prepareStackTrace = before;
    }
  });

  it.skipIf(!onV8)("parses the text when error.stack has been read before (V8)", () => {
    const text = errorOf(instantiate(outer, { a: { h() {} } }).c);
    void text.stack;
    expect(wasmFrames(text)).toEqual([
      {
        moduleName: "outer",
        funcIndex: parsedIndex(1),
        funcName: "one",
        offset: offsets.unreachable,
        run: 0,
        isEntry: false,
      },
      {
        moduleName: "outer",
        funcIndex: parsedIndex(2),
        funcName: "t.w(o",
        offset: offsets.callTrap,
        run: 0,
        isEntry: true,
      },
    ]);
  });

  it.each<[string, string, unknown[]]>([
    [
      "SpiderMonkey",
      "f@http://x/y.js line 3 > WebAssembly.Module:wasm-function[1]:0x31\nh@http://x/y.js:8:1\n" +
        "wasm-function[3]@http://x/y.js line 3 > WebAssembly.Module:wasm-function[3]:0x3b\n",
      [
        { moduleName: undefined, funcIndex: parsedIndex(1), funcName: "f", offset: 0x31, run: 0 },
        { moduleName: undefined, funcIndex: parsedIndex(3), funcName: undefined, offset: 0x3b, run: 1 },
      ],
    ],
    [
      "Safari",
      "<?>.wasm-function[7]@[wasm code]\nmod.wasm-function[f]@[wasm code]\nwasm-stub@[wasm code]\nh@http://x/y.js:8:1",
      [
        { moduleName: undefined, funcIndex: 7, funcName: undefined, offset: undefined, run: 0 },
        { moduleName: "mod", funcIndex: undefined, funcName: "f", offset: undefined, run: 0 },
      ],
    ],
    [
      "V8, unnamed",
      "RuntimeError: x\n    at wasm://wasm/5986c84e:wasm-function[1]:0x31\n    at mod (wasm://wasm/mod-202fa5de:wasm-function[2]:0x35)",
      [
        { moduleName: undefined, funcIndex: parsedIndex(1), funcName: undefined, offset: 0x31, run: 0 },
        { moduleName: "mod", funcIndex: parsedIndex(2), funcName: undefined, offset: 0x35, run: 0 },
      ],
    ],
    ["Bun", "RuntimeError: x\n    at unknown\n    at h (/y.js:8:112)", [{ run: 0 }]],
  ])("parses the text of %s", (_engine, stack, frames) => {
    const error = Object.defineProperty(new Error("x"), "stack", { value: stack });
    const found = wasmFrames(error);
    expect("Deno" in globalThis ? found.map((frame) => ({ ...frame })) : found).toMatchObject(
      frames as object[],
    );
  });

  it("has no frames for an error without a trace", () => {
    expect(wasmFrames(Object.defineProperty(new Error("x"), "stack", { value: undefined }))).toEqual([]);
    expect(wasmFrames(new Error("x"))).toEqual([]);
  });

  it("leaves out the frame of the trap behind an uncatchable error", () => {
    const { k } = instantiate(outer, { a: { h: () => throws(uncatchable(new Error("boom")))() } });
    expect(wasmFrames(errorOf(k)).map(({ moduleName, run }) => [moduleName, run])).toEqual([["outer", 0]]);
  });
});

describe("recordFrames", () => {
  const limit = Error.stackTraceLimit;
  afterEach(() => {
    Error.stackTraceLimit = limit;
  });

  /** Counts its parameter down to a trap. */
  const recursion = assemble(
    [1, vec([func([i32], [])])],
    [3, vec([[0]])],
    [7, vec([exportFunc("run", 0)])],
    [10, vec([body(0x20, 0, 0x45, 0x04, 0x40, 0x00, 0x0b, 0x20, 0, 0x41, 1, 0x6b, 0x10, 0)])],
  );

  it("makes room for the wanted number of wasm frames", () => {
    Error.stackTraceLimit = 10;
    recordFrames(20);
    expect(wasmFrames(errorOf(() => instantiate(recursion).run(200))).length).toBeGreaterThanOrEqual(20);
  });

  it("leaves a higher limit alone, and one of 0", () => {
    for (const chosen of [0, 1000, Number.POSITIVE_INFINITY]) {
      Error.stackTraceLimit = chosen;
      recordFrames(20);
      expect(Error.stackTraceLimit).toBe(chosen);
    }
  });
});
