import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeModule } from "../../src/binary/decode.ts";
import { webAssembly } from "../../src/host/webassembly.ts";
import { type InstrumentationPlan, instrument } from "../../src/rewrite/instrument.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";
import { isValid } from "../host/assemble.ts";
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
  "the specification's modules stay valid",
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
            outOfFuel: () => {
              const short = BigInt(refill) - poor.fuel!.value;
              given += short;
              poor.fuel!.value += short;
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
