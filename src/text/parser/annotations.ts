/**
 * Annotations with a name: `(@name "…")`. Spec: https://webassembly.github.io/spec/core/appendix/custom.html
 *
 * @packageDocumentation
 */
import type { Cursor } from "../syntax/cursor.ts";

/** The name of the `(@name "…")` that comes next, where one does. */
export function nameAnnotation(cursor: Cursor): string | undefined {
  if (!cursor.isAnnotation("name")) return undefined;
  cursor.position += 2;
  const name = cursor.name();
  cursor.close();
  return name;
}
