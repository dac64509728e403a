/**
 * Uses of exports, with their results as bits.
 *
 * @packageDocumentation
 */
import { isRefType, type ValType } from "../binary/types.ts";
import { WasmlinkError } from "../errors.ts";
import { exactCall, exactValue } from "../runtime/exact.ts";
import { Func } from "../runtime/func.ts";
import { Global } from "../runtime/global.ts";
import type { Instance } from "../runtime/instance.ts";
import type { Pattern } from "./patterns.ts";
import type { References } from "./references.ts";
import type { Action } from "./script.ts";

/** Values as `runtime/exact.ts` has them, with their types. */
export interface Results {
  readonly types: readonly ValType[];
  readonly values: readonly unknown[];
}

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
  const args = action.args.map((pattern, index) => argument(pattern, params[index]!, references));
  return { types: results, values: exactCall(item, args) };
}

function argument(pattern: Pattern, type: ValType, references: References): unknown {
  switch (pattern.kind) {
    case "number":
      if (pattern.type === type) return pattern.bits;
      break;
    case "vector":
      if (type === "v128") return pattern.bytes;
      break;
    case "reference":
      if (!isRefType(type)) break;
      if (pattern.to === "null") return null;
      if (pattern.to === "extern" || pattern.to === "host") return references.hostObject(pattern.number ?? 0);
  }
  throw new WasmlinkError(`${show(pattern)} is no value of type ${JSON.stringify(type)}`);
}

function show(pattern: Pattern): string {
  return JSON.stringify(pattern, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}
