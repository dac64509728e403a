import { readdirSync } from "node:fs";

/** Paths of the suite's scripts, in order. */
export function scriptsIn(folder, path = "") {
  const entries = readdirSync(`${folder}/${path}`, { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) return scriptsIn(folder, `${path}${entry.name}/`);
      return entry.name.endsWith(".wast") ? [path + entry.name] : [];
    });
}
