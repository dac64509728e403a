/**
 * Functions whose values JavaScript cannot carry.
 *
 * One generated module per function type and direction. It uses the adapted function's own type, so that linking
 * compares what it would compare without an adapter. Values go through the scratch memory (`scratch.ts`) in slots that
 * are counted in the order of the values that travel there; all others cross as they are.
 *
 * @packageDocumentation
 */
import { writeExport, writeImport } from "../binary/extern-writer.ts";
import { SectionId } from "../binary/sections.ts";
import type { FuncSignature } from "../binary/types.ts";
import { type NativeFuncType, writeTypes } from "./func-types.ts";
import { ownModule, writeBody, writeOperator } from "./own-modules.ts";
import { type Carry, readSlot, scratchMemory, travelsInScratch, writeSlot } from "./scratch.ts";
import { crossing, type Lane, lanesOf, writeReceive, writeScratchImport, writeSend } from "./scratch-code.ts";
import { type NativeFunction, type NativeModule, webAssembly } from "./webassembly.ts";

export type { Carry } from "./scratch.ts";

/** Whether calls of a function of this signature need an adapter. */
export function needsAdapter({ params, results }: FuncSignature, carry: Carry = "values"): boolean {
  return [...params, ...results].some((type) => travelsInScratch(type, carry));
}

/** Which side of the adapter has the adapted function's type: what it calls, or what it defines. */
type Direction = "callee" | "definition";

/**
 * Imports the memory `"" "m"` and a function `"" "f"`, exports a function `""` that calls it. One has the given type, the
 * other the same type without what travels in slots.
 */
function adapterBytes(type: NativeFuncType, carry: Carry, direction: Direction): Uint8Array<ArrayBuffer> {
  const params = lanesOf(type.params, carry);
  const results = lanesOf(type.results, carry);
  const carried = { params: crossing(params), results: crossing(results) };
  const [calledType, definedType] =
    direction === "callee" ? [type.typeIndex, type.typeCount] : [type.typeCount, type.typeIndex];
  const firstLocal = direction === "callee" ? carried.params.length : params.length;
  const locals = direction === "callee" ? type.results : carried.results;
  return ownModule("adapter", (writer) => {
    writeTypes(writer, type, [carried]);
    writer.section(SectionId.import, () => {
      writer.u32(2);
      writeScratchImport(writer);
      writeImport(writer, { module: "", name: "f", desc: { kind: "func", typeIndex: calledType } });
    });
    writer.section(SectionId.function, () => writer.vec([definedType], (index) => writer.u32(index)));
    writer.section(SectionId.export, () => {
      writer.vec([1], (index) => writeExport(writer, { name: "", kind: "func", index }));
    });
    writer.section(SectionId.code, () => {
      writer.u32(1);
      writeBody(writer, locals, () => {
        if (direction === "callee") writeReceive(writer, params, 0);
        else writeSend(writer, params, 0);
        writeOperator(writer, "call", 0);
        for (let index = locals.length - 1; index >= 0; index--) {
          writeOperator(writer, "local.set", firstLocal + index);
        }
        if (direction === "callee") writeSend(writer, results, firstLocal);
        else writeReceive(writer, results, firstLocal);
      });
    });
  });
}

const modules = new WeakMap<NativeFuncType, Partial<Record<`${Carry} ${Direction}`, NativeModule>>>();

function instantiate(
  type: NativeFuncType,
  carry: Carry,
  direction: Direction,
  f: NativeFunction,
): NativeFunction {
  const { Module, Instance } = webAssembly();
  const compiled = modules.get(type) ?? {};
  modules.set(type, compiled);
  const key = `${carry} ${direction}` as const;
  compiled[key] ??= new Module(adapterBytes(type, carry, direction));
  return new Instance(compiled[key], { "": { m: scratchMemory(), f } }).exports[""];
}

/** Writes the values that travel in slots; returns the others. */
function send(lanes: readonly Lane[], values: readonly unknown[]): unknown[] {
  const others: unknown[] = [];
  lanes.forEach(({ type, slot }, index) => {
    if (slot < 0) others.push(values[index]);
    else writeSlot(slot, type, values[index]);
  });
  return others;
}

/** All values in order: those that travelled in slots, and the others. */
function receive(lanes: readonly Lane[], others: readonly unknown[]): unknown[] {
  let next = 0;
  return lanes.map(({ type, slot }) => (slot < 0 ? others[next++] : readSlot(slot, type)));
}

/** The values of a result as JavaScript has it: none, one, or several in something iterable. */
function listed(count: number, result: any): readonly unknown[] {
  if (count === 0) return [];
  return count === 1 ? [result] : Array.from(result);
}

const unlisted = (values: readonly unknown[]) => (values.length > 1 ? values : values[0]);

/**
 * A JavaScript function that calls an exported one whose values JavaScript cannot carry.
 *
 * Arguments that cross as they are must be primitives or references, for converting an object would run its code while
 * the others wait in their slots.
 *
 * @param type - exactly the type of `fn`
 */
export function adaptExportedFunction(
  type: NativeFuncType,
  fn: NativeFunction,
  carry: Carry = "values",
): NativeFunction {
  const params = lanesOf(type.params, carry);
  const results = lanesOf(type.results, carry);
  const crossed = crossing(results).length;
  const call = instantiate(type, carry, "callee", fn);
  return (...args) => {
    const result = call(...send(params, args));
    return unlisted(receive(results, listed(crossed, result)));
  };
}

/**
 * An exported function that calls a JavaScript one, whatever its type.
 *
 * Results that cross as they are must be primitives or references, as in {@link adaptExportedFunction}.
 *
 * @param fn - gets the arguments as `carry` says, and returns nothing, one value, or an array of several
 */
export function adaptHostFunction(
  type: NativeFuncType,
  fn: NativeFunction,
  carry: Carry = "values",
): NativeFunction {
  const params = lanesOf(type.params, carry);
  const results = lanesOf(type.results, carry);
  return instantiate(type, carry, "definition", (...others) => {
    const result = fn(...receive(params, others));
    return unlisted(send(results, listed(results.length, result)));
  });
}
