/**
 * Parameters and results in text.
 *
 * Spec: https://webassembly.github.io/spec/core/text/types.html#function-types
 *
 * @packageDocumentation
 */
import type { FuncSignature, ValType } from "../../binary/types.ts";
import type { Cursor } from "../syntax/cursor.ts";
import type { IndexSpace } from "./index-space.ts";
import type { Locals } from "./locals.ts";
import { valType } from "./value-types.ts";

/**
 * The signature that comes next; none at all is the empty one.
 *
 * @param locals - where the names of parameters go; without it they are not allowed
 */
export function signature(cursor: Cursor, types: IndexSpace, locals?: Locals): FuncSignature {
  const params: ValType[] = [];
  const results: ValType[] = [];
  for (;;) {
    const isParam = cursor.takeForm("param");
    if (!isParam && !cursor.takeForm("result")) return { params, results };
    if (isParam && results.length > 0) {
      const message = "result before parameter (or unexpected token): cannot list params after results";
      cursor.fail(message, cursor.position - 1);
    }
    if (isParam && locals !== undefined) locals.parse(cursor, types, params);
    else while (!cursor.atClose) (isParam ? params : results).push(valType(cursor, types));
    cursor.close();
  }
}
