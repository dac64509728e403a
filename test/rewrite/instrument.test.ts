import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeModule } from "../../src/binary/decode.ts";
import { operatorNamed } from "../../src/binary/opcodes.ts";
import { ByteReader } from "../../src/binary/reader.ts";
import { functionBodies } from "../../src/binary/segments.ts";
import { UnsupportedError } from "../../src/errors.ts";
import { webAssembly } from "../../src/host/webassembly.ts";
import { type InstrumentationPlan, instrument } from "../../src/rewrite/instrument.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";
import { assemble, type Bytes, func, i32, importFunc, isValid, leb, sized, vec } from "../host/assemble.ts";
import { Random } from "../support/random.ts";
import { suiteMissing, suiteModules } from "../text/suite.ts";
import { type Guest, type Hooks, instantiate, outcomeOf } from "./guest.ts";
import { programFrom } from "./random-program.ts";

const hasMultiMemory = isValid(wat2wasm("(module (memory 1) (memory 1))"));

/** Every way to instrument, with hooks that let the guest go on. */
const flavours: Record<string, { readonly plan: InstrumentationPlan; readonly hooks?: Hooks }> = {
  fuel: { plan: { metering: "fuel" } },
  "fuel in everything": {
    plan: {
      metering: "fuel",
      guardGrowth: true,
      uniqueImportNames: true,
      importMemory: () => true,
      importTable: ({ element }) => element === "funcref",
      moduleName: "m",
    },
  },
  ...(hasMultiMemory ? { "epoch flag": { plan: { metering: "epochFlag" } } } : {}),
  "epoch countdown": {
    plan: { metering: "epochCountdown", guardGrowth: true },
    hooks: { interrupt: () => 3 },
  },
  "guarded growth": { plan: { guardGrowth: true } },
  "fuel, with imported hooks": {
    plan: { metering: "fuel", guardGrowth: true, hooks: "imports", moduleName: "m", nameByIndex: true },
  },
  "epoch countdown, with imported hooks": {
    plan: { metering: "epochCountdown", hooks: "imports", uniqueImportNames: true },
    hooks: { interrupt: () => 3 },
  },
};

const cases = Object.entries(flavours);

function fill(guest: Guest, amount: bigint): void {
  if (guest.fuel !== undefined) guest.fuel.value = amount;
}

/** The modules of the specification that this engine takes. */
function validModules(): Uint8Array<ArrayBuffer>[] {
  return suiteModules()
    .filter(({ expectation }) => expectation === "valid")
    .map(({ assemble }) => assemble())
    .filter(isValid);
}

test.skipIf(suiteMissing)(
  `the specification's modules stay valid${suiteMissing && ` (${suiteMissing})`}`,
  () => {
    const modules = validModules().map(decodeModule);
    expect(modules.length).toBeGreaterThan(1000);
    for (const [name, { plan }] of cases) {
      const broken = modules.filter((info) => !isValid(instrument(info, plan).bytes));
      expect({ [name]: broken.length }).toEqual({ [name]: 0 });
    }
  },
  120_000,
);

test("what is valid after some damage stays valid", () => {
  const random = new Random(3);
  let valid = 0;
  for (let left = 60; left > 0; left--) {
    const original = wat2wasm(programFrom(Array.from({ length: 150 }, () => random.below(1001))));
    const code = decodeModule(original).sections.find(({ id }) => id === 10)!;
    for (let damage = 0; damage < 40; damage++) {
      const bytes = original.slice();
      bytes[code.payload + random.below(code.end - code.payload)] = random.below(256);
      if (!isValid(bytes)) continue;
      valid++;
      for (const [, { plan }] of cases) {
        expect(isValid(instrument(decodeModule(bytes), plan).bytes)).toBe(true);
      }
    }
  }
  expect(valid).toBeGreaterThan(200);
});

test.each(cases)("random programs do the same with %s", (_name, { plan, hooks = {} }) => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { maxLength: 400 }), fc.nat(50), (choices, argument) => {
      const bytes = wat2wasm(programFrom(choices));
      const { Instance, Module } = webAssembly();
      const raw = new Instance(new Module(bytes)).exports;
      const guest = instantiate(bytes, plan, { hooks });
      fill(guest, 1n << 40n);
      expect(observe(guest.exports, argument)).toEqual(observe(raw, argument));
    }),
  );
});

test("functions whose indices move are found by everything that names them", () => {
  // Indices around 128 change their length as well.
  const many = Array.from(
    { length: 140 },
    (_, index) =>
      `(func $f${index} (param i32) (result i32) (local.get 0) (i32.const ${index}) (i32.add)
        ${index % 3 === 0 ? `(return_call $f${index + 1})` : `(call $f${index + 1}) (br_if 0 (i32.const 0))`})`,
  );
  const bytes = wat2wasm(`(module
    (import "" "callback" (func $callback (param i32) (result i32)))
    (type $t (func (param i32) (result i32)))
    ${many.join("\n")}
    (func $f140 (type $t) (call $callback (local.get 0)))
    (table $functions 4 funcref) (elem (table $functions) (i32.const 0) func $callback $f3 $f130)
    (table $expressions 2 2 funcref) (elem (table $expressions) (i32.const 0) funcref (ref.func $f139) (ref.null func))
    (elem $passive func $f0) (elem declare func $f125)
    (global $g (mut funcref) (ref.func $f137)) (export "f0" (func $f0)) (export "callback" (func $callback))
    (func (export "functions") (param i32 i32) (result i32)
      (call_indirect $functions (type $t) (local.get 0) (local.get 1)))
    (func (export "expressions") (param i32) (result i32)
      (call_indirect $expressions (type $t) (local.get 0) (i32.const 0)))
    (func (export "global") (param i32) (result i32)
      (table.set $functions (i32.const 3) (global.get $g))
      (call_indirect $functions (type $t) (local.get 0) (i32.const 3)))
    (func (export "reference") (param i32) (result i32)
      (table.set $functions (i32.const 3) (ref.func $f125))
      (call_indirect $functions (type $t) (local.get 0) (i32.const 3)))
    (func (export "passive") (param i32) (result i32)
      (table.init $functions $passive (i32.const 3) (i32.const 0) (i32.const 1))
      (call_indirect $functions (type $t) (local.get 0) (i32.const 3))))`);
  const { Instance, Module } = webAssembly();
  const imports = { "": { callback: (value: number) => value * 2 } };
  const results = (exports: Record<string, any>) => [
    ...["f0", "callback", "expressions", "global", "reference", "passive"].map((name) => exports[name](7)),
    ...[0, 1, 2].map((index) => exports["functions"](7, index)),
  ];
  const expected = results(new Instance(new Module(bytes), imports).exports);
  const plan = { metering: "fuel", hooks: "imports" } as const;
  const guest = instantiate(bytes, plan, { imports });
  fill(guest, 1_000_000n);
  expect(results(guest.exports)).toEqual(expected);
});

/** All that a program does, told by its exports. */
function observe(exports: Record<string, any>, argument: number): unknown[] {
  return [0, 1, 2, 3].flatMap((index) => {
    exports.purse.value = 300;
    return [
      outcomeOf(() => exports[`f${index}`](argument, 5n)),
      exports.g.value,
      exports.memory.buffer.byteLength,
      new Uint8Array(exports.memory.buffer, 0, 1200).join(),
    ];
  });
}

test("running out in the middle of anything and refilling changes nothing", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1000), { maxLength: 400 }),
      fc.integer({ min: 1, max: 99 }),
      (choices, refill) => {
        const bytes = wat2wasm(programFrom(choices));
        const plan: InstrumentationPlan = { metering: "fuel" };
        const rich = instantiate(bytes, plan);
        fill(rich, 1n << 40n);
        let given = 1n << 40n;
        const poor: Guest = instantiate(bytes, plan, {
          hooks: {
            outOfFuel: (left) => {
              given += BigInt(refill) - left;
              return BigInt(refill);
            },
          },
        });
        fill(poor, 0n);
        given = 0n;
        expect(observe(poor.exports, 1)).toEqual(observe(rich.exports, 1));
        expect(given - poor.fuel!.value).toBe((1n << 40n) - rich.fuel!.value);
      },
    ),
  );
});

test("the guest's own sections about code are dropped, others stay", () => {
  const bytes = wat2wasm(`(module (func (export "f") (loop))
    (@custom "metadata.code.branch_hint" (before code) "\\00") (@custom "other" "abc"))`);
  const names = decodeModule(bytes).sections.flatMap(({ custom }) => custom?.name ?? []);
  expect(names).toEqual(["metadata.code.branch_hint", "other"]);
  const { sections } = decodeModule(instrument(decodeModule(bytes), {}).bytes);
  expect(sections.flatMap(({ custom }) => custom?.name ?? [])).toEqual(["other"]);
});

test("branch hints point at branches", () => {
  const bytes = wat2wasm(programFrom(Array.from({ length: 300 }, (_, index) => (index * 7919) % 1001)));
  const info = decodeModule(instrument(decodeModule(bytes), { metering: "fuel" }).bytes);
  const section = info.sections.find(({ custom }) => custom?.name === "metadata.code.branch_hint")!;
  const bodies = functionBodies(info);
  const reader = new ByteReader(info.bytes, section.custom!.content, section.end);
  const functions = reader.u32();
  expect(functions).toBe(4);
  for (let left = functions; left > 0; left--) {
    const { start } = bodies[reader.u32()]!;
    for (let hints = reader.u32(); hints > 0; hints--) {
      expect(info.bytes[start + reader.u32()]).toBe(operatorNamed("if")!.code);
      expect([reader.u8(), reader.u8()]).toEqual([1, 0]);
    }
  }
  expect(reader.done).toBe(true);
});

describe("a function that becomes more than engines take is refused by its index", () => {
  const refused = (locals: Bytes, code: Bytes) => {
    const bytes = assemble(
      [1, vec([func([], [])])],
      [2, vec([importFunc("", "f", 0)])],
      [3, vec([[0]])],
      [10, vec([sized([locals, code, 0x0b])])],
    );
    expect(isValid(bytes)).toBe(true);
    return () => instrument(decodeModule(bytes), { metering: "fuel" });
  };

  test("for its size", () => {
    const loops = new Array<Bytes>(320_000).fill([0x03, 0x40, 0x0b]);
    expect(refused(leb(0), loops)).toThrow(/^function 1 cannot be instrumented .* more than 7654321 bytes$/);
  });

  test("for its locals", () => {
    const locals = [leb(1), leb(50_000), i32];
    expect(refused(locals, [])).toThrow(UnsupportedError);
    expect(refused(locals, [])).toThrow(/^function 1 .* more than 50000 locals$/);
  });
});
