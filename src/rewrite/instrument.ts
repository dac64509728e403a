/**
 * Instruments a module: its code counts fuel or looks out for epochs, and asks before memories and tables grow.
 *
 * The contract with the host, beyond surgery's:
 *
 * - The module has to be valid. What is added has indices behind the module's own, and only validation keeps the
 *   module from using them.
 * - Imports: with `"fuel"` a mutable i64 global at `fuelKey`, what is left in the store: one global for all its
 *   instances. With `"epochFlag"` a shared memory of one page at `flagKey`, whose first word is one of the states of
 *   {@link Flag}.
 * - Exports: with `"epochCountdown"` a mutable i32 global `budgetExport`. When the host sets it to −1, it is asked at the
 *   next check.
 * - Hooks: functions {@link InstrumentedModule.hooks}, imported or in the table exported as `hookTable`, put there before
 *   anything runs in the instance. Never into reach of the guest.
 * - The start function is always deferred. The host charges the cost of `startup` first and then calls it.
 *
 * @packageDocumentation
 */
import type { ModuleInfo } from "../binary/module-info.ts";
import { ByteReader } from "../binary/reader.ts";
import { findSection, SectionId } from "../binary/sections.ts";
import { readSegments } from "../binary/segments.ts";
import { writeGlobalType } from "../binary/type-writer.ts";
import type { FuncSignature, MemoryType } from "../binary/types.ts";
import { Additions, type HookAccess } from "./additions.ts";
import type { Instrumentation } from "./body-rewriter.ts";
import { branchHintSection } from "./branch-hints.ts";
import { rewriteCode } from "./code-rewriter.ts";
import { CountdownMeter, FlagMeter } from "./epoch-meters.ts";
import { CachedFuelMeter, DeferringFuelMeter } from "./fuel-meter.ts";
import { GrowthGuards } from "./growth.ts";
import { type HookName, hookTypes } from "./hooks.ts";
import type { ImportKey } from "./import-keys.ts";
import { type IndexShifts, isMoving, type Shift, shiftInitialisers } from "./index-shift.ts";
import { Meter } from "./meter.ts";
import { op } from "./mnemonics.ts";
import { encode, SectionEditor } from "./section-editor.ts";
import { missingSmallFunctions } from "./size-mix.ts";
import { type StartupCost, startupCost } from "./startup.ts";
import { type Extras, editSections, type OperatedModule, type SurgeryPlan } from "./surgery.ts";

/** What is metered. Fuel and epochs together are fuel that is handed out in slices. */
export type Metering = "fuel" | "epochFlag" | "epochCountdown";

/** What to do with a module. */
export interface InstrumentationPlan extends Omit<SurgeryPlan, "deferStart"> {
  readonly metering?: Metering;
  /** Calls the host before every growth of a memory or table by the guest. */
  readonly guardGrowth?: boolean;
  /** Where the code finds its hooks; in a table when nothing is said. Imports need nothing to be compiled besides. */
  readonly hooks?: HookAccess;
}

/** A function of the host that code calls. */
export interface Hook {
  readonly name: HookName;
  readonly type: FuncSignature;
  /** Undefined in a table. */
  readonly key: ImportKey | undefined;
}

/** An instrumented module, with what its host has to know. */
export interface InstrumentedModule extends OperatedModule {
  readonly fuelKey: ImportKey | undefined;
  readonly flagKey: ImportKey | undefined;
  readonly budgetExport: string | undefined;
  /** What instantiation costs before anything of the guest's runs; undefined when nothing does. */
  readonly startup: StartupCost | undefined;
  /** How the indices of functions have moved. */
  readonly functionShift: Shift;
  /** Offset of an instruction of the original, from one in {@link bytes}; -1 in functions that were added. */
  readonly originalOffset: (offset: number) => number;
  /** Name of the exported table for the hooks; undefined when there are none. */
  readonly hookTable: string | undefined;
  /** What belongs into the table, by index, or what is imported. */
  readonly hooks: readonly Hook[];
  /** Name of an exported function that traps, where hooks are imported. */
  readonly trapExport: string | undefined;
}

/** Type of the memory with the flag. */
export const flagMemory: MemoryType = {
  kind: "memory",
  minimum: 1,
  maximum: 1,
  shared: true,
  address: "i32",
  pageSize: 65_536,
};

/**
 * Instruments a module.
 *
 * @param info - a valid module, as the binary reader found it
 * @throws {UnsupportedError} a function becomes larger than engines allow; the message names it
 */
export function instrument(info: ModuleInfo, plan: InstrumentationPlan): InstrumentedModule {
  const additions = new Additions(info, plan.hooks ?? "table");
  const how = instrumentation(info, plan, additions);
  const code = rewriteCode(info, how);

  const segments = readSegments(info);
  const editor = new SectionEditor(info);
  const extras = extrasOf(info, plan, additions, how.shifts);
  const surgery: SurgeryPlan = { ...plan, deferStart: true };
  const { hostModule, exportPrefix, ...edited } = editSections(
    editor,
    plan.metering === "epochFlag" ? { ...surgery, importMemory: () => true } : surgery,
    extras,
  );
  if (isMoving(how.shifts)) shiftInitialisers(editor, segments, how.shifts);
  const isEpoch = plan.metering === "epochFlag" || plan.metering === "epochCountdown";
  if (isEpoch)
    editor.append(SectionId.global, 1, budgetGlobal(plan.metering === "epochFlag" ? 0 : unhookedBudget));
  dropCodeMetadata(editor);
  if (code.hints.length > 0) editor.insertCustom(SectionId.code, branchHintSection, code.hints);
  editor.replace(SectionId.code, code.sizesBefore.count, [code.entries]);
  const sizesAfter = additions.sizes(code.sizesAfter);
  additions.apply(editor, missingSmallFunctions(code.sizesBefore, sizesAfter, plan.metering !== undefined));
  const { bytes, codePayload } = editor.finish();
  const codeStart = codeEntries(bytes, codePayload);
  const { offsets } = code;
  const keyOf = (name: string) =>
    extras.imports.some((entry) => entry.name === name) ? { module: hostModule, name } : undefined;
  return {
    ...edited,
    bytes,
    codeOffsetDelta: (codePayload ?? 0) - (findSection(info, SectionId.code)?.payload ?? 0),
    startup: startupCost(info, segments),
    functionShift: additions.functionShift,
    originalOffset: (offset) => (offset < codeStart ? -1 : offsets.sourceOf(offset - codeStart)),
    fuelKey: keyOf("fuel"),
    flagKey: keyOf("flag"),
    budgetExport: plan.metering === "epochCountdown" ? `${exportPrefix}budget` : undefined,
    hookTable: additions.hasTable ? `${exportPrefix}hooks` : undefined,
    hooks: additions.hooks.map((name) => ({ name, type: hookTypes[name], key: keyOf(name) })),
    trapExport: plan.hooks === "imports" ? `${exportPrefix}trap` : undefined,
  };
}

function instrumentation(
  info: ModuleInfo,
  { metering, guardGrowth }: InstrumentationPlan,
  additions: Additions,
): Instrumentation {
  const [meter, handlerMeter] = metersFor(info, metering, additions);
  return {
    meter,
    handlerMeter,
    guards: guardGrowth ? new GrowthGuards(info, additions) : undefined,
    shifts: {
      functions: additions.functionShift,
      globals: { from: info.imported.global, by: metering === "fuel" ? 1 : 0 },
    },
    resultsType: (typeIndex) => {
      const composite = info.types[typeIndex]!.composite;
      return additions.typeIndex({ params: [], results: composite.kind === "func" ? composite.results : [] });
    },
  };
}

/** The meter of most functions, and that of those that handle exceptions. */
function metersFor(
  info: ModuleInfo,
  metering: Metering | undefined,
  additions: Additions,
): readonly [Meter, Meter] {
  const budget = info.globals.length;
  let meter: Meter;
  switch (metering) {
    case "fuel": {
      const global = info.imported.global;
      return [new CachedFuelMeter(global, additions), new DeferringFuelMeter(global, additions)];
    }
    case "epochFlag":
      meter = new FlagMeter(info.memories.length, budget, additions);
      break;
    case "epochCountdown":
      meter = new CountdownMeter(budget, additions);
      break;
    case undefined:
      meter = new Meter();
  }
  return [meter, meter];
}

function extrasOf(
  info: ModuleInfo,
  { metering, hooks }: InstrumentationPlan,
  additions: Additions,
  shifts: IndexShifts,
): Extras {
  const imports: Extras["imports"][number][] = [];
  if (metering === "fuel") {
    imports.push({ name: "fuel", desc: { kind: "global", content: "i64", mutable: true } });
  }
  if (metering === "epochFlag") imports.push({ name: "flag", desc: flagMemory });
  const exports: Extras["exports"][number][] = [];
  if (additions.hasTable) exports.push({ name: "hooks", kind: "table", index: additions.tableIndex });
  if (hooks === "imports") {
    for (const name of additions.hooks) {
      imports.push({ name, desc: { kind: "func", typeIndex: additions.typeIndex(hookTypes[name]) } });
    }
    const index = additions.addFunction({ params: [], results: [] }, [], (writer) =>
      writer.u8(op.unreachable),
    );
    exports.push({ name: "trap", kind: "func", index });
  }
  if (metering === "epochCountdown") {
    exports.push({ name: "budget", kind: "global", index: info.globals.length });
  }
  return { imports, exports, shifts };
}

/** What functions may count that live on in tables after an instantiation that failed: nobody gives them hooks. */
const unhookedBudget = 65_536;

function budgetGlobal(units: number): Uint8Array {
  return encode((writer) => {
    writeGlobalType(writer, { kind: "global", content: "i32", mutable: true });
    writer.u8(op.i32Const);
    writer.s32(units);
    writer.u8(op.end);
  });
}

/** Where the bodies start, behind their number. */
function codeEntries(bytes: Uint8Array, codePayload: number | undefined): number {
  if (codePayload === undefined) return bytes.length;
  const reader = new ByteReader(bytes, codePayload);
  reader.u32();
  return reader.offset;
}

/** Sections about places in the code mean other places now. */
function dropCodeMetadata(editor: SectionEditor): void {
  for (const section of editor.info.sections) {
    if (section.custom?.name.startsWith("metadata.code.")) editor.remove(section);
  }
}
