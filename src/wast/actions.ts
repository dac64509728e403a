/**
 * Uses of exports, with their results as bits.
 *
 * @packageDocumentation
 */
import { isRefType, type NumType, type ValType } from "../binary/types.ts";
import { WasmlinkError } from "../errors.ts";
import { exactCall, exactValue } from "../runtime/exact.ts";
import { Func } from "../runtime/func.ts";
import { Global } from "../runtime/global.ts";
import type { Instance } from "../runtime/instance.ts";
import type { ScriptValue } from "../text/script-values.ts";
import { showValue } from "./display.ts";
import type { Results } from "./matching.ts";
import type { References } from "./references.ts";
import type { Action } from "./script.ts";
import { bytesOfVector, vectorOf } from "./vectors.ts";

/** Calls a function or reads a global of an instance. */
export function runAction(action: Action, instance: Instance, references: References): Results {
  const item = instance.getExport(action.name);
  if (action.kind === "get") {
    if (!(item instanceof Global)) throw new WasmlinkError(`there is no global \`${action.name}\``);
    return { types: [item.type.content], values: [exactValue(item)] };
  }
  if (!(item instanceof Func)) throw new WasmlinkError(`there is no function \`${action.name}\``);
  const { params, results } = item.type;
  if (action.args.length !== params.length)
    throw new WasmlinkError(
      `function \`${action.name}\` takes ${params.length} arguments, not ${action.args.length}`,
    );
  const args = action.args.map((given, index) => argument(given, params[index]!, references));
  return { types: results, values: exactCall(item, args) };
}

function argument(given: ScriptValue, type: ValType, references: References): unknown {
  if (given.kind === "number" && given.type === type && typeof given.value === "bigint") {
    return numberOf(given.type, given.value);
  }
  if (given.kind === "vector" && type === "v128" && given.lanes.every((lane) => typeof lane === "bigint")) {
    return bytesOfVector(vectorOf(given.lanes));
  }
  if (given.kind === "reference" && isRefType(type)) {
    if (given.what === "null") return null;
    if (given.what === "extern" || given.what === "host") return references.hostObject(given.value ?? 0);
  }
  throw new WasmlinkError(
    `\`${showValue(given)}\` is no value of the parameter's type ${JSON.stringify(type)}`,
  );
}

/** A number by its bits as `runtime/exact.ts` has it. */
function numberOf(type: NumType, bits: bigint): number | bigint {
  switch (type) {
    case "i32":
      return Number(BigInt.asIntN(32, bits));
    case "i64":
      return BigInt.asIntN(64, bits);
    case "f32":
      return Number(bits);
    case "f64":
      return bits;
  }
}
