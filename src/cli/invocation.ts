/**
 * Arguments and results of a function called from the command line.
 *
 * @packageDocumentation
 */
import { type Engine, renderType, type ValType } from "../index.ts";
import { parseFloatingPoint, parseInteger, renderF32, renderF64 } from "./numbers.ts";

/** @throws {Error} the text is no value of the type, or the type has no notation */
export function parseValue(text: string, type: ValType, engine: Engine): number | bigint {
  switch (type) {
    case "i32":
      return Number(parseInteger(text, -(2n ** 31n), 2n ** 31n - 1n));
    case "i64":
      return parseInteger(text, -(2n ** 63n), 2n ** 63n - 1n);
    case "f32":
    case "f64":
      return parseFloatingPoint(text);
    default:
      throw new Error(`unsupported argument type ${renderType(type, engine)}`);
  }
}

/** A result the way wasmtime prints it. */
export function renderValue(value: unknown, type: ValType, engine: Engine): string {
  switch (type) {
    case "i32":
    case "i64":
      return String(value);
    case "f32":
      return renderF32(value as number);
    case "f64":
      return renderF64(value as number);
    case "v128":
      return String((value as Uint8Array).reduceRight((number, byte) => number * 256n + BigInt(byte), 0n));
    default: {
      const family = /func|extern|exn/.exec(renderType(type, engine))?.[0] ?? "any";
      return value === null ? `<null ${family}ref>` : `<${family}ref>`;
    }
  }
}
