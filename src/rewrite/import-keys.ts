/**
 * Names for imports and exports that clash with no other.
 *
 * @packageDocumentation
 */
import type { ImportInfo, ModuleInfo } from "../binary/module-info.ts";

/** The two names an engine finds an import by. */
export interface ImportKey {
  readonly module: string;
  readonly name: string;
}

/**
 * Gives every import a key of its own, which engines need and the format does not demand: of imports that share one,
 * the first keeps it.
 */
export function distinctKeys(imports: readonly ImportKey[]): readonly ImportKey[] {
  const taken = new Map<string, Set<string>>();
  const clashing: number[] = [];
  const keys = imports.map(({ module, name }, index) => {
    const names = taken.get(module) ?? new Set();
    taken.set(module, names);
    if (names.has(name)) clashing.push(index);
    names.add(name);
    return { module, name };
  });
  let suffix = 1;
  for (const index of clashing) {
    const { module, name } = keys[index]!;
    const names = taken.get(module)!;
    let fresh = `${name}#${suffix++}`;
    while (names.has(fresh)) fresh = `${name}#${suffix++}`;
    names.add(fresh);
    keys[index] = { module, name: fresh };
  }
  return keys;
}

/** A module name that no import of the module has. */
export function freshModuleName(imports: readonly ImportInfo[], wish: string): string {
  const taken = new Set(imports.map(({ module }) => module));
  let name = wish;
  while (taken.has(name)) name += "'";
  return name;
}

/** A prefix that no export of the module starts with. */
export function freshExportPrefix(info: ModuleInfo, wish: string): string {
  const clashing = info.exports.filter(({ name }) => name.startsWith(wish));
  if (clashing.length === 0) return wish;
  // Each export rules out one number at most, however long its name is.
  const taken = new Set(clashing.map(({ name }) => name.slice(wish.length, name.indexOf(":", wish.length))));
  let number = 1;
  while (taken.has(String(number))) number++;
  return `${wish}${number}:`;
}
